// The WASM that runs, and how it ends when it breaks. A panic in Rust is a trap: what it stood in is never left in
// order, so nobody may go in again. Every way in is a function that the module gives, and each is guarded here.

import makeGlue from "glue";
import { KEPT } from "./chat";
import { get } from "./assets";

export interface Wasm {
  mount(place: Element, options: object, report: (name: string, payload: object) => void): void;
  call(command: string, argument?: unknown): unknown;
  /** Breaks with the trap when there is one; is never kept. */
  readonly broken: Promise<never>;
}

export async function instance(module: WebAssembly.Module): Promise<Wasm> {
  const stops = new Set<WeakRef<AbortController>>();
  let isBroken = false;
  let tell: (error: unknown) => void;
  const broken = new Promise<never>((_, reject) => (tell = reject));
  broken.catch(() => {});

  const guard =
    (enter: (...values: unknown[]) => unknown) =>
    (...values: unknown[]) => {
      if (isBroken) {
        return undefined;
      }
      try {
        return enter(...values);
      } catch (error) {
        isBroken = true;
        // Its requests go on without it, and a second poll would be one too many.
        stops.forEach((stop) => stop.deref()?.abort());
        tell(error);
        throw error;
      }
    };
  const guarded = (exports: object) =>
    Object.fromEntries(Object.entries(exports).map(([name, it]) => [name, typeof it === "function" ? guard(it as () => unknown) : it]));

  class Stop extends AbortController {
    constructor() {
      super();
      stops.forEach((stop) => stop.deref() ?? stops.delete(stop));
      stops.add(new WeakRef(this));
    }
  }

  const glue = makeGlue(guarded, Stop, get);
  await glue.default({ module_or_path: module });
  const whole = <Values extends unknown[], T>(enter: (...values: Values) => T) => (...values: Values): T => {
    if (isBroken) {
      throw new Error("The WASM has broken.");
    }
    return enter(...values);
  };
  return { mount: whole(glue.mount), call: whole(glue.call), broken };
}

/** Takes from this page the locks by which it leads the site's tabs: a broken instance would hold them for ever. */
export async function unlock(): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) {
    return;
  }
  // The browser tells by whom each is held; a lock of our own says who we are.
  const own = `pipit.own.${crypto.randomUUID()}`;
  const told = await locks.request(own, () => locks.query()).catch(() => undefined);
  if (!told) {
    return; // Firefox does not tell a frame of another site; there nobody waits for our locks.
  }
  const { held = [] } = told;
  const us = held.find(({ name }) => name === own)?.clientId;
  const ours = held.filter(({ name = "", clientId }) => clientId === us && name.startsWith(KEPT));
  await Promise.all(ours.map(({ name = "" }) => locks.request(name, { steal: true }, () => {})));
}
