// Shows the number of unread messages before the page's title, as in `(2) Shop`, and a warning before both. The page may change its
// title at any time; number and warning are then put before the new title. This script is loaded when one of them first changes.

import { pageDocument } from "./page-document";

/** What this script has put before the title. */
let prefix = "";

/** Calls `updateTitle` when anything in <head> changes: the text of the title, or the title's element, may have changed. */
const observer = new MutationObserver(() => updateTitle(prefix));

/**
 * Shows a warning, unless it is empty, and the number, unless it is 0. The space after each is U+2002 instead of the usual one, so
 * that nothing in the page's own title matches.
 */
export function showInTitle(warning: string, unread: number): void {
  const parts = [warning, unread > 0 ? `(${unread})` : ""].filter(Boolean);
  const next = parts.map((part) => `${part}\u2002`).join("");
  if (next) {
    observer.observe(pageDocument.head, { subtree: true, childList: true, characterData: true });
  } else {
    observer.disconnect();
  }
  updateTitle(next);
}

/** Writes the title only if it has to change, because each change makes the observer call this function again. */
function updateTitle(next: string): void {
  const { title } = pageDocument;
  const pageTitle = title.startsWith(prefix) ? title.slice(prefix.length) : title;
  prefix = next;
  if (title !== next + pageTitle) {
    // The setter is called in this way, because an element with the name `title` would hide `document.title`.
    Reflect.set(Document.prototype, "title", next + pageTitle, document);
  }
}
