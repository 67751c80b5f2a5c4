// Starts instances of the panel's WASM. A Rust panic is a trap: an exception that the browser throws. It leaves the instance's
// state inconsistent, so nothing may call that instance again. Every call of an instance is a call of a function that the instance
// exports. This file wraps these functions: after a trap, they do nothing when the browser calls them, and throw an error when
// TypeScript calls them. The *glue* is the script that wasm-bindgen generates. It makes the instance and calls its functions.

import makeGlue, { type PartImports } from "glue";
import { assertOk, fetchFile, withWasmType } from "./assets";
import { PipitError } from "./error";
import { pageDocument } from "./page-document";

/**
 * The files of the parts of the WASM that load later: a list for each part, in the order in which a conversation needs the parts.
 * The build inserts this constant.
 */
declare const PARTS: string[][];

/** The files of parts that were fetched ahead and are not used yet, by their names. */
const fetchedParts = new Map<string, Promise<Response>>();

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
  // The parts load while the first module is compiled and draws the panel. A failure is not reported here: the WASM asks for the part
  // later, and it is fetched again then.
  response.then(fetchPartsAhead).catch(() => {});
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

/** How many of the parts every conversation needs: what sends messages, and what draws them. */
const PARTS_OF_EACH_CONVERSATION = 2;

/** Fetches what every conversation needs, one part after another, so that they do not slow each other down. */
async function fetchPartsAhead(): Promise<void> {
  for (const names of PARTS.slice(0, PARTS_OF_EACH_CONVERSATION)) {
    await Promise.all(
      names.map(async (name) => {
        const file = fetchFile(name);
        fetchedParts.set(name, file);
        return file.catch((error: unknown) => {
          fetchedParts.delete(name);
          throw error;
        });
      }),
    );
  }
}

/** Adds the module in a file to an instance. Fetches the file, unless it was fetched ahead; a second call fetches it again. */
async function addModule(name: string, imports: PartImports): Promise<unknown> {
  const file = fetchedParts.get(name) ?? fetchFile(name);
  fetchedParts.delete(name);
  return WebAssembly.instantiateStreaming(withWasmType(await file), { __wasm_split: imports });
}

/** Creates the function that loads a part into one instance. Each module is added only once, because it initializes its variables. */
function createPartLoader() {
  const modules = new Map<string, Promise<unknown>>();
  return async (part: number, imports: PartImports, callback: number, data: number): Promise<void> => {
    const added = PARTS[part]!.map(async (name) => {
      const module = modules.get(name) ?? addModule(name, imports);
      modules.set(name, module);
      return module.catch((error: unknown) => {
        modules.delete(name);
        throw error;
      });
    });
    let isLoaded = true;
    await Promise.all(added).catch((error: unknown) => {
      console.error(error);
      isLoaded = false;
    });
    imports.__indirect_function_table.get(callback)(data, isLoaded);
  };
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

  const glue = makeGlue(guardAll, TrackedController, createPartLoader(), pageDocument);
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
