// The panel's files, fetched once for a page: JavaScript, WASM and style sheet at the same time.

import type { Loaded } from "./panel";

/** Where the files are; each door says it in its own way. */
export interface Files {
  script(): Promise<typeof import("./panel")>;
  readonly wasm: URL;
  readonly css: URL;
  /** The words of a language. */
  words(name: string): URL;
}

let files: Files;

export function filesAre(these: Files): void {
  files = these;
}

let loaded: Promise<Loaded> | undefined;

/** Fetches the panel, unless that is done. What has failed is tried anew by the next who asks. */
export function fetchPanel(): Promise<Loaded> {
  if (!loaded) {
    loaded = Promise.all([files.script(), fetch(files.wasm), fetch(files.css)]).then(([{ load }, wasm, css]) => load(wasm, css, files.words));
    loaded.catch(() => (loaded = undefined));
  }
  return loaded;
}
