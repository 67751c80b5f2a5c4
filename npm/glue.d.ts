// The script that wasm-bindgen generates from `src/lib.rs`, wrapped in a function that creates an instance
// (`xtask/src/wasm.rs`). The site's build says where it is.
declare module "glue" {
  type Exports = Record<string, unknown>;

  export interface Glue {
    default(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
    mount(place: Element, options: object, report: (name: string, payload: object) => void): void;
    call(command: string, argument?: unknown): unknown;
  }

  /**
   * `guardAll` wraps the module's exports; its functions are the only ways into the instance. `controller` replaces
   * `AbortController` in the script. `fetchFile` fetches a part of the module by its name.
   */
  export default function glue(guardAll: (exports: Exports) => Exports, controller: typeof AbortController, fetchFile: (name: string) => Promise<Response>): Glue;
}

// The files of the package besides its scripts. The site's build writes this module.
declare module "package-files" {
  export const FILES: Readonly<Record<string, URL>>;
}
