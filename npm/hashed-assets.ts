// The files beside the script tag's. Each has a name that tells what is in it, and is taken only when that is so.

import { PipitError } from "./error";
import type { Files } from "./assets";
import { make } from "./launcher";

/** The files that this script loads, with their SHA-256 in base64. From the site's build. */
declare const HASHES: Record<string, string>;

/** The files beside a script, which the page allows as it allows that. */
export function filesBeside({ src, nonce }: HTMLScriptElement): Files {
  const hashes = HASHES;
  let tagOf: ReturnType<typeof fetching> | undefined;
  const find = (name: string) => {
    const hash = hashes[name]!;
    const { href } = new URL(name.replace(".", `-${hash.replace(/\W/g, "").slice(0, 8)}.`), src);
    return { href, integrity: `sha256-${hash}` };
  };
  return {
    hashes,
    beside: src,
    async get(name) {
      const { href, integrity } = find(name);
      return fetch(href, { integrity });
    },
    // `import()` takes no integrity. But it takes the module that an element has fetched from the same address; WebKit
    // does so only when that is there.
    async part(name) {
      const { href, integrity } = find(`${name}.js`);
      const tag = (tagOf ??= fetching())(href);
      await new Promise((onload, reject) => {
        const onerror = () => reject(new PipitError("E_NOT_LOADED", `${href} did not come.`));
        document.head.append(Object.assign(tag, { integrity, nonce, onload, onerror }));
      }).finally(() => tag.remove());
      return import(href);
    },
  };
}

/** Makes what fetches a module, if it is as `integrity` says. To be called once: a page may allow a policy's name once. */
function fetching(): (href: string) => HTMLElement {
  try {
    const policy = (self as Trusting).trustedTypes?.createPolicy("pipit", { createScriptURL: (url) => url });
    return (href) => make("script", { type: "module", src: policy ? policy.createScriptURL(href) : href });
  } catch {
    // The page's policy lists its Trusted Types, without ours. A link does as well, but WebKit does not look at its
    // integrity.
    return (href) => make("link", { rel: "modulepreload", href });
  }
}

/** What TypeScript does not know of a window yet. */
type Trusting = Window & {
  trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown } };
};
