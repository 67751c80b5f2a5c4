// The panel's files, fetched once for a page: JavaScript and WASM at the same time.

import type { Loaded } from "./panel";

/** The scripts that are loaded when they are used. */
export interface Parts {
  panel: typeof import("./panel");
  availability: typeof import("./availability");
  doctor: typeof import("./doctor");
  "file-transfer": typeof import("./file-transfer");
  sound: typeof import("./sound");
  title: typeof import("./title");
  "fallback-card": typeof import("./fallback-card");
  framed: typeof import("./framed");
}

/** Where the files are; each door says it in its own way. */
export interface Files {
  part<Name extends keyof Parts>(name: Name): Promise<Parts[Name]>;
  /** Any of the others, by its name. */
  get(name: string): Promise<Response>;
  /** What a file must hash to, by its name; the panel adds those that only it needs. */
  hashes: Record<string, string>;
  /** The address of the script tag's file, beside which the frame is. */
  beside?: string;
}

/** Set by the door. A script that is loaded later has no such variable of its own: it is handed over. */
export let files: Files;

let loaded: Promise<Loaded> | undefined;

/** To be said once by each script that is a file of its own. */
export function filesAre(these: Files): void {
  files = these;
}

export const part: Files["part"] = (name) => files.part(name);

export const get: Files["get"] = (name) => files.get(name);

/** Fetches the panel, unless that is done. What has failed is tried anew by the next who asks. */
export function fetchPanel(): Promise<Loaded> {
  if (!loaded) {
    loaded = Promise.all([part("panel"), get("widget_bg.wasm")]).then(([panel, wasm]) => panel.load(wasm, files));
    loaded.catch(() => (loaded = undefined));
  }
  return loaded;
}
