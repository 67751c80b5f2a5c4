// What wasm-bindgen makes of `src/lib.rs`; the site's build says where it is.
declare module "glue" {
  export default function init(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  export function mount(place: Element, options: object, report: (name: string, payload: object) => void): Promise<void>;
  export function call(command: string, argument: unknown): unknown;
}

// What the package holds besides scripts, written by the site's build.
declare module "package-files" {
  export const FILES: Readonly<Record<string, URL>>;
}
