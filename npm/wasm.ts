// Starts the WASM and guards it. A Rust panic is a trap (an exception of the browser) and leaves the instance's state
// inconsistent, so nothing may call that instance again. Only functions that the module exports lead into it; each is wrapped.

import makeGlue from "glue";
import { fetchFile } from "./assets";

export interface WasmInstance {
  mount(place: Element, options: object, report: (name: string, payload: object) => void): void;
  call(command: string, argument?: unknown): unknown;
  /** Rejects with the trap when the instance has broken. It never resolves. */
  readonly broken: Promise<never>;
}

/** The page's WASM: one compiled module, and the instance that runs. */
export interface WasmRuntime {
  instance: WasmInstance;
  /** Replaces the instance by a fresh one. */
  renew(): Promise<void>;
}

/**
 * Compiles the WASM and starts the first instance. Fails where WebAssembly is not allowed: Chromium refuses to compile it,
 * WebKit to instantiate it.
 */
export async function startWasm(response: Response, onBroken: (error: unknown, runtime: WasmRuntime) => void): Promise<WasmRuntime> {
  // The browser compiles while the file arrives only if the file has its own media type.
  const module = await (response.headers.get("content-type") === "application/wasm"
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer()));
  const start = async () => {
    const instance = await instantiate(module);
    instance.broken.catch((error: unknown) => onBroken(error, runtime));
    return instance;
  };
  const runtime: WasmRuntime = {
    instance: await start(),
    async renew() {
      runtime.instance = await start();
    },
  };
  return runtime;
}

async function instantiate(module: WebAssembly.Module): Promise<WasmInstance> {
  const controllers = new Set<WeakRef<AbortController>>();
  let isBroken = false;
  let reportTrap: (error: unknown) => void;
  const broken = new Promise<never>((_, reject) => (reportTrap = reject));
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
        // The browser would continue the instance's requests. One of them polls for messages, and the next instance polls, too;
        // the server allows one poll per session.
        controllers.forEach((controller) => controller.deref()?.abort());
        reportTrap(error);
        throw error;
      }
    };
  const guardAll = (exports: object) =>
    Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? guard(value as () => unknown) : value]));

  /** Replaces `AbortController` in the instance's requests, so that all of them can be aborted. */
  class TrackedController extends AbortController {
    constructor() {
      super();
      for (const controller of controllers) {
        if (!controller.deref()) {
          controllers.delete(controller);
        }
      }
      controllers.add(new WeakRef(this));
    }
  }

  const glue = makeGlue(guardAll, TrackedController, fetchFile);
  await glue.default({ module_or_path: module });
  const throwIfBroken = <Values extends unknown[], T>(enter: (...values: Values) => T) => (...values: Values): T => {
    if (isBroken) {
      throw new Error("The WASM has broken.");
    }
    return enter(...values);
  };
  return { mount: throwIfBroken(glue.mount), call: throwIfBroken(glue.call), broken };
}
