// Finds the tag and the address of the running script, `pipit.js`, and collects the options from the tag's attributes and from the
// query of the address. A text that a user has written into the page may contain an element such as `<img name="currentScript">`, which
// then takes the place of `document.currentScript`. `pageDocument` reads the browser's own property, so such an element is never
// taken for the tag.

import { toOptions } from "./attribute";
import { pageDocument } from "./page-document";

/** What the script knows about itself. */
export interface RunningScript {
  /** The script's address. */
  readonly src: string;
  /** The value by which the page's Content-Security-Policy allows the script. Empty or absent if no tag with one is found. */
  readonly nonce?: string | undefined;
  /** The options in the address and in the tag's attributes. Attributes win. Other names in these two places are here, too. */
  readonly options: Record<string, string | undefined>;
}

/**
 * Has to be called while the script first runs, because the browser names the script only then. The script must be a file of its
 * own. If a classic tag in the page's HTML contains the code itself, the tag has no `src`, so `new URL` throws an error. If a module
 * tag contains it, the address found is the page's; `panel.ts` refuses this address.
 */
export function findRunningScript(): RunningScript {
  // The browser names the current script only if it is a classic script outside of shadow roots.
  const current = pageDocument.currentScript as HTMLScriptElement | null;
  // The stack of an error contains the script's address, in WebKit without the query. It is preferred to the tag's `src`: the browser
  // resolves `src` by the page's `<base>`, which may have been added after the script was requested.
  const src = /\w+:\/\/\S+(?=:\d+:\d)/.exec(new Error().stack!)?.[0] ?? current!.src;
  // For a module, the tag has to be searched by its address, of which WebKit gives only the beginning. No tag is found if the tag is
  // in a shadow root, or if `import()` has loaded the script.
  const tag = current ?? [...pageDocument.scripts].find((script) => script.src.startsWith(src));
  return { src, nonce: tag?.nonce, options: { ...toOptions([...new URL(tag?.src ?? src).searchParams]), ...tag?.dataset } };
}
