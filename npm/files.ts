// The panel's files, fetched once for a page: JavaScript, WASM and style sheet at the same time.

import type { Loaded } from "./panel";

/** Where the files are; each door says it in its own way. */
export interface Files {
  script(): Promise<typeof import("./panel")>;
  away(): Promise<typeof import("./away")>;
  /** Any of the others, by its name. */
  url(name: string): URL;
}

let files: Files;
let loaded: Promise<Loaded> | undefined;

export function filesAre(these: Files): void {
  files = these;
}

/** Fetches the panel, unless that is done. What has failed is tried anew by the next who asks. */
export function fetchPanel(): Promise<Loaded> {
  if (!loaded) {
    const { script, url } = files;
    loaded = Promise.all([script(), fetch(url("widget_bg.wasm")), fetch(url("pipit.css"))]).then(([panel, wasm, css]) =>
      panel.load(wasm, css, url),
    );
    loaded.catch(() => (loaded = undefined));
  }
  return loaded;
}

export const fetchAway = (): Promise<typeof import("./away")> => files.away();
