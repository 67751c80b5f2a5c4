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
  /** The options in the address and in the tag's attributes. Attributes win. Unknown names are options, too. */
  readonly options: Record<string, string | undefined>;
}

/** Has to be called while the script first runs. */
export function findRunningScript(): RunningScript {
  // The browser names the current script only if it is a classic script outside of shadow roots. The stack of an error contains the
  // address of any script, even if the page has got a `<base>` since then, by which the tag's address means another file.
  const current = pageDocument.currentScript as HTMLScriptElement | null;
  const src = /\w+:\/\/\S+(?=:\d+:\d)/.exec(new Error().stack!)?.[0] ?? current?.src ?? "";
  const tag = current ?? elementsIn(pageDocument).find((element): element is HTMLScriptElement => element instanceof HTMLScriptElement && element.src === src);
  // The stack may have the address to which a server has redirected the browser, without the query.
  const [path = "", query] = (current?.src ?? src).split(/[?#]/);
  // A script in the page itself has the page's address. Its query is not read, because anybody can make a link to the page.
  const parameters = new URLSearchParams(location.href.startsWith(path) ? "" : query);
  return { src, nonce: tag?.nonce, options: { ...toOptions([...parameters]), ...tag?.dataset } };
}

/** Returns the elements in a tree. Those in an open shadow root stand in the place of the root's host. */
const elementsIn = (root: ParentNode): Element[] =>
  [...root.querySelectorAll("*")].flatMap((element) => (element.shadowRoot ? elementsIn(element.shadowRoot) : element));
