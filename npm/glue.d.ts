// What wasm-bindgen makes of `src/lib.rs`, as a function that makes an instance; the site's build says where it is.
declare module "glue" {
  type Exports = Record<string, unknown>;

  export interface Glue {
    default(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
    mount(place: Element, options: object, report: (name: string, payload: object) => void): void;
    call(command: string, argument?: unknown): unknown;
  }

  /**
   * `guarded`: what the module gives goes through this; its functions are all the ways in.
   * `controller`: what takes the place of `AbortController` in it.
   * `get`: fetches a part of the module by its name.
   */
  export default function glue(guarded: (exports: Exports) => Exports, controller: typeof AbortController, get: (name: string) => Promise<Response>): Glue;
}

// What the package holds besides scripts, written by the site's build.
declare module "package-files" {
  export const FILES: Readonly<Record<string, URL>>;
}
