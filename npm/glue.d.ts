// The types of three modules that the build (`xtask`) generates: the scripts that call the widget's and the headless WASM, and the list of the npm package's
// files.

// The script that wasm-bindgen generates from `src/lib.rs`. `xtask/src/wasm.rs` wraps it in a function, so that a page can have one
// instance of the WASM after another.
declare module "glue" {
  /** What a WASM instance exports, by name: functions, and other values such as its memory. */
  type Exports = Record<string, unknown>;

  /** What a part imports from the main module. */
  export type PartImports = WebAssembly.ModuleImports & { readonly __indirect_function_table: WebAssembly.Table };

  export interface Glue {
    /** Instantiates the WASM. */
    start(module: WebAssembly.Module): Promise<unknown>;
    /** Draws the panel into an element. `report` gets the WASM's events and states. */
    mount(place: Element, options: object, report: (name: string, payload: object) => void): void;
    /** Performs a command of `src/js_api/command.rs`. */
    call(command: string, argument?: unknown): unknown;
  }

  /**
   * Creates the functions of one instance. `guardAll` wraps the exported functions of the WASM, so that nothing runs in an instance
   * that has crashed: these functions are the only ways into the instance. `controller` is used in place of `AbortController`, so
   * that all requests of a crashed instance can be aborted. `loadPart` loads a part of the WASM into the instance, and then calls
   * a function of the instance's table with the data and with whether it has succeeded. `document` is used in place of `window.document`, because
   * elements of the page can hide properties of `window.document`.
   */
  export default function glue(guardAll: (exports: Exports) => Exports, controller: typeof AbortController, loadPart: (part: number, exports: PartImports, callback: number, data: number) => Promise<void>, document: Readonly<Document>): Glue;
}

// The addresses of the npm package's files that are not scripts, by their names. Each function throws in a build whose format has no
// `import.meta.url`.
declare module "package-files" {
  export const FILES: Readonly<Record<string, () => URL>>;
}

// The script that wasm-bindgen generates from `crates/headless`.
declare module "headless-glue" {
  /** A conversation without a view. */
  export class Conversation {
    /** Restores the stored conversation. `emit` gets the events, and `state` when the state has changed. */
    constructor(options: object, emit: (name: string, payload: object) => void);
    /** Performs a command of `src/headless/mod.rs`. */
    call(name: string, argument: unknown): void;
    /** The state, as `npm/headless.ts` declares it. */
    state(): unknown;
  }

  /** Instantiates the WASM. */
  export default function init(source: { module_or_path: Response }): Promise<unknown>;
}
