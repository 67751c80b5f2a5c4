// Shows the number of unread messages before the page's title, as in `(2) Shop`. The page may change its title at any time; the
// number is then put before the new title. This script is loaded when the number first changes.

import { pageDocument } from "./page-document";

/**
 * The number that this script has put before a title. The space after the number is U+2002 instead of the usual one, so that no
 * number in the page's own title matches.
 */
const UNREAD_PREFIX = /^\(\d+\)\u2002/;

let unreadCount = 0;

/** Calls `updateTitle` when anything in <head> changes: the text of the title, or the title's element, may have changed. */
const observer = new MutationObserver(updateTitle);

/** Shows the number; 0 removes it from the title. */
export function showUnreadCount(unread: number): void {
  unreadCount = unread;
  if (unreadCount > 0) {
    observer.observe(pageDocument.head, { subtree: true, childList: true, characterData: true });
  } else {
    observer.disconnect();
  }
  updateTitle();
}

/** Writes the title only if it has to change, because each change makes the observer call this function again. */
function updateTitle(): void {
  const pageTitle = pageDocument.title.replace(UNREAD_PREFIX, "");
  const title = unreadCount > 0 ? `(${unreadCount})\u2002${pageTitle}` : pageTitle;
  if (pageDocument.title !== title) {
    // The setter is called in this way, because an element with the name `title` would hide `document.title`.
    Reflect.set(Document.prototype, "title", title, document);
  }
}
