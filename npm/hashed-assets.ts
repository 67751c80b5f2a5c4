// Loads the files that are in the same directory as `pipit.js`. Each file has a hash in its name, and the browser uses it only
// if its content has that hash.

import type { AssetSource } from "./chat-internals";
import { PipitError } from "./error";
import { createElement } from "./launcher";

/** The files that this script loads, with their SHA-256 in base64. The site's build defines it. */
declare const HASHES: Record<string, string>;

/** The source of the files beside a script. Their tags get the script's nonce, so that the page's policy allows them, too. */
export function assetsBeside({ src, nonce }: HTMLScriptElement): AssetSource {
  const hashes = HASHES;
  let createTag: ReturnType<typeof moduleTagFactory> | undefined;
  const locate = (name: string) => {
    const hash = hashes[name]!;
    const { href } = new URL(name.replace(".", `-${hash.replace(/\W/g, "").slice(0, 8)}.`), src);
    return { href, integrity: `sha256-${hash}` };
  };
  return {
    hashes,
    loaderUrl: src,
    async fetchFile(name) {
      const { href, integrity } = locate(name);
      return fetch(href, { integrity });
    },
    // `import()` checks no integrity. Therefore an element fetches the module first, with its integrity, and `import()`
    // then reuses that module; WebKit does so only while the element is in the document.
    async loadScript(name) {
      const { href, integrity } = locate(`${name}.js`);
      createTag ??= moduleTagFactory();
      const tag = createTag(href);
      await new Promise((onload, reject) => {
        const onerror = () => reject(new PipitError("E_NOT_LOADED", `${href} did not come.`));
        document.head.append(Object.assign(tag, { integrity, nonce, onload, onerror }));
      }).finally(() => tag.remove());
      return import(href);
    },
  };
}

/**
 * Returns a function that creates an element that fetches a module. It may be called only once, because a page may allow
 * each name of a Trusted Types policy only once.
 */
function moduleTagFactory(): (href: string) => HTMLElement {
  try {
    const policy = (self as TrustedTypesWindow).trustedTypes?.createPolicy("pipit", { createScriptURL: (url) => url });
    return (href) => createElement("script", { type: "module", src: policy ? policy.createScriptURL(href) : href });
  } catch {
    // The page's policy lists its Trusted Types without ours. A link fetches the module just as well, but WebKit does not
    // check the integrity of links.
    return (href) => createElement("link", { rel: "modulepreload", href });
  }
}

/** A window with Trusted Types, which TypeScript's own types do not have yet. */
type TrustedTypesWindow = Window & {
  trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown } };
};
