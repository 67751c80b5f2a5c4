// Finds the tag of the running script, `pipit.js`, and the options that the tag has. Nothing that a user may write into the page
// counts as the tag: neither the names of elements, nor an element that is no script.

import { toOptions } from "./attribute";
import { pageDocument } from "./page-document";

/** What the script knows about itself. */
export interface RunningScript {
  /** The script's address. */
  readonly src: string;
  /** The value by which the page's Content-Security-Policy allows the script; empty or absent if the page has no such policy. */
  readonly nonce?: string | undefined;
  /** The options in the address and in the tag's attributes. Attributes win. Names that are no options are kept, too. */
  readonly options: Record<string, string | undefined>;
}

/** Finds the tag and its options. Has to be called while the script first runs, because the browser names the script only then. */
export function findRunningScript(): RunningScript {
  // The browser names the current script only if it is a classic script outside of shadow roots. The stack of an error contains the
  // address of every kind of script, and then the line and the column. The tag's own address is used last: if the page has got a
  // `<base>` since the script was loaded, a relative address in the tag now means another file.
  const current = pageDocument.currentScript as HTMLScriptElement | null;
  const src = /\w+:\/\/\S+(?=:\d+:\d)/.exec(new Error().stack!)?.[0] ?? current?.src ?? "";
  const tag = current ?? elementsIn(pageDocument).find((element): element is HTMLScriptElement => element instanceof HTMLScriptElement && element.src === src);
  // The query is read from the tag if possible. If a server has redirected the browser, the address in the stack may lack the query.
  const [path = "", query] = (current?.src ?? src).split(/[?#]/);
  // A script inside the page's HTML has the page's address. The query of that address is not read, because anybody can make a link
  // to the page with options in it.
  const parameters = new URLSearchParams(location.href.startsWith(path) ? "" : query);
  return { src, nonce: tag?.nonce, options: { ...toOptions([...parameters]), ...tag?.dataset } };
}

/** Returns the elements in a tree. In place of an element with an open shadow root, returns the elements in that root. */
const elementsIn = (root: ParentNode): Element[] =>
  [...root.querySelectorAll("*")].flatMap((element) => (element.shadowRoot ? elementsIn(element.shadowRoot) : element));
