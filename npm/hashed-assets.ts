// Loads the widget's files from the directory of the running script, `pipit.js` or `frame.js`. Each file's name contains the
// beginning of the file's hash. The browser uses a file only if its content has the expected hash, with one exception: WebKit does
// not check scripts on a page whose Content-Security-Policy limits Trusted Types and does not list our policy.

import type { AssetSource } from "./chat-internals";
import { PipitError } from "./error";
import { createElement } from "./launcher";
import { pageDocument } from "./page-document";
import type { RunningScript } from "./script-tag";

/** The SHA-256, in base64, of each file that this script loads, by the file's name. The build inserts this constant. */
declare const HASHES: Record<string, string>;

/**
 * Creates the object that loads the files in the directory of a script. The elements that this object adds to the page get the
 * script's nonce, so that the page's Content-Security-Policy allows them.
 */
export function assetsBeside(script: Pick<RunningScript, "src" | "nonce">): AssetSource {
  const hashes = HASHES;
  let policy: TrustedTypePolicy | undefined;
  /** Returns a file's address, such as `…/panel-1a2B3c4D.js` for `panel.js`, and the hash that its content must have. */
  const locate = (name: string) => {
    const hash = hashes[name]!;
    const { href } = new URL(name.replace(".", `-${hash.replace(/\W/g, "").slice(0, 8)}.`), script.src);
    return { href, integrity: `sha256-${hash}` };
  };
  return {
    hashes,
    loaderUrl: script.src,
    async fetchFile(name) {
      const { href, integrity } = locate(name);
      // Without a prototype, nothing in `Object.prototype` counts as a part of the request.
      return fetch(href, { __proto__: null, integrity } as RequestInit);
    },
    // `import()` checks no integrity. Therefore an element fetches the module first, with its integrity, and `import()`
    // then reuses that module. WebKit reuses it only if the element has finished loading it, so `import()` comes after that.
    async loadScript(name) {
      const { href, integrity } = locate(name + ".js");
      let tag: HTMLElement;
      try {
        // Made only once, because a page may forbid to create a second Trusted Types policy with the same name.
        policy ??= (self as TrustedTypesWindow).trustedTypes?.createPolicy?.("pipit", { createScriptURL: (url) => url });
        tag = createElement("script", { type: "module", src: policy?.createScriptURL(href) ?? href });
      } catch {
        // The page's Content-Security-Policy limits Trusted Types and does not list our policy, so a script element may not get an
        // address. A link fetches the module, too, but WebKit does not check the integrity of links.
        tag = createElement("link", { rel: "modulepreload", href });
      }
      await new Promise((onload, reject) => {
        const onerror = () => reject(new PipitError("E_NOT_LOADED", `${href} did not load.`));
        pageDocument.head.append(Object.assign(tag, { integrity, nonce: script.nonce, onload, onerror }));
      }).finally(() => tag.remove());
      return import(href);
    },
  };
}

/** A policy of Trusted Types, which TypeScript's own types do not have yet. */
interface TrustedTypePolicy {
  createScriptURL(url: string): unknown;
}

/** A window with Trusted Types. */
type TrustedTypesWindow = Window & {
  // `trustedTypes` may also be an element of the page with this name, which has no method `createPolicy`.
  trustedTypes?: { createPolicy?(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy };
};
