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
  /** The value by which the page's Content-Security-Policy allows the script; empty or absent if the page has no such policy. */
  readonly nonce?: string | undefined;
  /** The options in the address and in the tag's attributes. Attributes win. Names that are no options are here, too. */
  readonly options: Record<string, string | undefined>;
}

/**
 * Has to be called while the script first runs, because the browser names the script only then. A classic script that is
 * written into the page's HTML has no address; `new URL` then throws an error. A module in the HTML has the page's address; `panel.ts` refuses it.
 */
export function findRunningScript(): RunningScript {
  // The browser names the current script only if it is a classic script outside of shadow roots.
  const current = pageDocument.currentScript as HTMLScriptElement | null;
  // The stack of an error contains the script's address, in WebKit without the query. It is preferred to the tag's `src`: the browser
  // resolves `src` by the page's `<base>`, which may have been added after the script was requested.
  const src = /\w+:\/\/\S+(?=:\d+:\d)/.exec(new Error().stack!)?.[0] ?? current!.src;
  // For a module, the tag has to be searched by its address. There is no such tag if the script is in a shadow root, or if `import()`
  // has loaded it.
  const tag = current ?? [...pageDocument.scripts].find((script) => script.src.startsWith(src));
  return { src, nonce: tag?.nonce, options: { ...toOptions([...new URL(tag?.src ?? src).searchParams]), ...tag?.dataset } };
}
