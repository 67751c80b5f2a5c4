// The files beside the script tag's. Each has a name that tells what is in it, and is taken only when that is so.

import { PipitError } from "./error";
import type { Files } from "./files";

/** The files that this script loads, with their SHA-256 in base64. From the site's build. */
declare const HASHES: Record<string, string>;

export function filesBeside(base: string): Files {
  const hashes = HASHES;
  const find = (name: string) => {
    const hash = hashes[name]!;
    const { href } = new URL(name.replace(".", `-${hash.replace(/\W/g, "").slice(0, 8)}.`), base);
    return { href, integrity: `sha256-${hash}` };
  };
  return {
    hashes,
    async get(name) {
      const { href, integrity } = find(name);
      return fetch(href, { integrity });
    },
    // `import()` takes no integrity. But it takes what the browser knows of that address, and this link is how it
    // gets to know it, or that there is nothing it may run.
    async part(name) {
      const { href, integrity } = find(`${name}.js`);
      const link = document.createElement("link");
      await new Promise((onload, reject) => {
        const onerror = () => reject(new PipitError("E_NOT_LOADED", `${href} did not come, or is not what was built.`));
        document.head.append(Object.assign(link, { rel: "modulepreload", href, integrity, onload, onerror }));
      }).finally(() => link.remove());
      return import(href);
    },
  };
}
