// Finds the address of the running script, `pipit.js`, its tag, and the options that both have. The texts of
// the page's users may contain elements. Such an element is never taken for the tag: it may have the name `currentScript`, but it is
// no script.

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
 * Has to be called while the script first runs, because the browser names the script only then. Throws an error for a classic script
 * that is written into the page's HTML, because it has no address. A module in the HTML has the page's address; `panel.ts` refuses it.
 */
export function findRunningScript(): RunningScript {
  // The browser names the current script only if it is a classic script outside of shadow roots.
  const current = pageDocument.currentScript as HTMLScriptElement | null;
  // The stack of an error contains the script's address, in WebKit without the query. The address of the tag means another file if
  // the page has got a `<base>` since the script was requested.
  const src = /\w+:\/\/\S+(?=:\d+:\d)/.exec(new Error().stack!)?.[0] ?? current!.src;
  // A module has to search its tag. A script in a shadow root, or one that `import()` has loaded, finds none.
  const tag = current ?? [...pageDocument.scripts].find((script) => script.src.startsWith(src));
  return { src, nonce: tag?.nonce, options: { ...toOptions([...new URL(tag?.src ?? src).searchParams]), ...tag?.dataset } };
}
