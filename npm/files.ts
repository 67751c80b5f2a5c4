// The panel's files, fetched once for a page: JavaScript, WASM and style sheet at the same time.

import type { Loaded } from "./panel";

/** What is loaded when it is used. */
export interface Parts {
  panel: typeof import("./panel");
  away: typeof import("./away");
  doctor: typeof import("./doctor");
}

/** Where the files are; each door says it in its own way. */
export interface Files {
  part<Name extends keyof Parts>(name: Name): Promise<Parts[Name]>;
  /** Any of the others, by its name. */
  url(name: string): URL;
}

/** Set by the door. A part that is loaded later has no such variable of its own: it is handed over. */
export let files: Files;

let loaded: Promise<Loaded> | undefined;

export function filesAre(these: Files): void {
  files = these;
}

/** Fetches the panel, unless that is done. What has failed is tried anew by the next who asks. */
export function fetchPanel(): Promise<Loaded> {
  if (!loaded) {
    const { part, url } = files;
    loaded = Promise.all([part("panel"), fetch(url("widget_bg.wasm")), fetch(url("pipit.css"))]).then(([panel, wasm, css]) =>
      panel.load(wasm, css, files),
    );
    loaded.catch(() => (loaded = undefined));
  }
  return loaded;
}
