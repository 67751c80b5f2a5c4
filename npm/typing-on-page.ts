// Finds out whether the visitor types on the page. A panel that opens then must not take the focus: what the visitor types next, such
// as the rest of a password, would go into the chat.

import { pageDocument } from "./page-document";

/** Whether the visitor has just clicked or typed. */
const isUserActive = (): boolean => navigator.userActivation?.isActive ?? false;

/**
 * Whether a panel that opens takes the focus. `host` is the chat's element. `isWanted` is true if the visitor has pressed the
 * launcher, or a link of the page that opens the chat. If a script of the page opens the panel by a command, `isWanted` is absent,
 * and the panel takes the focus only if the visitor has just clicked or typed. It never does while the visitor types on the page.
 */
export const takesFocus = (host: HTMLElement, isWanted = isUserActive()): boolean => isWanted && !isTypingOnPage(host);

/** Whether an element outside of `host`, the chat's element, takes the visitor's text. */
export function isTypingOnPage(host: HTMLElement): boolean {
  let focused = pageDocument.activeElement as HTMLElement | null;
  while (focused !== host && focused?.shadowRoot?.activeElement) {
    focused = focused.shadowRoot.activeElement as HTMLElement;
  }
  // Elements that the page has put into <pipit-chat> are part of the panel.
  if (!focused || host.contains(focused)) {
    return false;
  }
  // `:read-write` matches text fields and editable elements. Frames count, because their content is unknown. If the focused element
  // cannot take the focus itself, it has a closed shadow root. What has the focus there is unknown, so this counts, too.
  return focused.matches(":read-write,select,iframe,object,embed") || (focused.tabIndex < 0 && !focused.matches("html,body,[tabindex]"));
}
