// Starts instances of the panel's WASM. A Rust panic is a trap: an exception that the browser throws. It leaves the instance's
// state inconsistent, so nothing may call that instance again. Every call of an instance is a call of a function that the instance
// exports. This file wraps these functions: after a trap, they do nothing when the browser calls them, and throw an error when
// TypeScript calls them. The *glue* is the script that wasm-bindgen generates. It makes the instance and calls its functions.

import makeGlue from "glue";
import { assertOk, fetchFile, withWasmType } from "./assets";
import { PipitError } from "./error";
import { pageDocument } from "./page-document";

/** One instance of the WASM. `glue.d.ts` describes `mount` and `call`. Here they throw an error after a trap. */
export interface WasmInstance {
  mount(place: Element, options: object, report: (name: string, payload: object) => void): void;
  call(command: string, argument?: unknown): unknown;
  /** Rejects with the trap when the instance breaks. It never resolves. */
  readonly broken: Promise<never>;
}

/** The page's WASM: one compiled module, and the instance that is in use. */
export interface WasmRuntime {
  instance: WasmInstance;
  /** Replaces the instance by a fresh one. */
  renew(): Promise<void>;
}

/**
 * Compiles the WASM and starts the first instance. Calls `onBroken` after a trap of any instance. Fails if the response
 * is no WASM, or if the page does not allow WebAssembly: Chromium then refuses to compile the module, WebKit to instantiate it.
 */
export async function startWasm(response: Promise<Response>, onBroken: (error: unknown, runtime: WasmRuntime) => void): Promise<WasmRuntime> {
  const compile = async () => WebAssembly.compileStreaming(withWasmType(assertOk(await response)));
  const module = await compile().catch((cause: unknown) => {
    // A browser throws a `TypeError` if the file was refused or the connection breaks. Everything that is wrong with the file is another
    // error.
    throw cause instanceof TypeError ? new PipitError("E_NOT_LOADED", "`widget_bg.wasm` did not load.", { cause }) : cause;
  });
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

/** Starts an instance with guarded functions. */
async function instantiate(module: WebAssembly.Module): Promise<WasmInstance> {
  const controllers = new Set<Pick<WeakRef<AbortController>, "deref">>();
  let isBroken = false;
  let reportTrap: (error: unknown) => void;
  const broken = new Promise<never>((_, reject) => (reportTrap = reject));
  // Without this handler, the browser would report a trap during the start of the instance as an unhandled rejection.
  broken.catch(() => {});

  /** Wraps an exported function. After a trap, the wrapper does nothing when the browser calls one of the instance's callbacks. */
  const guard =
    (wasmFunction: (...values: unknown[]) => unknown) =>
    (...values: unknown[]) => {
      if (isBroken) {
        return undefined;
      }
      try {
        return wasmFunction(...values);
      } catch (error) {
        // While the WASM handled an event, a script of the page has sent the widget another event of the same kind. wasm-bindgen
        // refuses it before any Rust code runs, so the instance is intact, and only that event is lost.
        if ((error as Error | undefined)?.message?.startsWith("closure invoked")) {
          return undefined;
        }
        isBroken = true;
        // If the requests of the broken instance were not aborted, the browser would continue them. One of them polls for messages.
        // The next instance polls, too, and the server allows only one poll per session. The tab lock is released by such a controller,
        // too (`src/runtime/tab_lock.rs`), so that this or another tab can lead at once.
        controllers.forEach((controller) => controller.deref()?.abort());
        reportTrap(error);
        throw error;
      }
    };
  const guardAll = (exports: object) =>
    Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? guard(value as () => unknown) : value]));

  /** Replaces `AbortController` in the instance, so that all its requests can be aborted and its lock can be released. */
  class TrackedController extends AbortController {
    constructor() {
      super();
      // References to controllers that no longer exist are removed.
      for (const controller of controllers) {
        if (!controller.deref()) {
          controllers.delete(controller);
        }
      }
      // A page may have removed `WeakRef`. Its controllers then stay in memory.
      controllers.add(self.WeakRef ? new WeakRef(this) : { deref: () => this });
    }
  }

  const glue = makeGlue(guardAll, TrackedController, async (name) => withWasmType(await fetchFile(name)), pageDocument);
  await glue.start(module);
  /** Wraps a function for TypeScript's own calls, which have to fail after a trap instead of doing nothing. */
  const throwIfBroken = <Values extends unknown[], T>(glueFunction: (...values: Values) => T) => (...values: Values): T => {
    if (isBroken) {
      throw new Error("The WASM has broken.");
    }
    return glueFunction(...values);
  };
  return { mount: throwIfBroken(glue.mount), call: throwIfBroken(glue.call), broken };
}
