// Finds out whether the visitor types on the page. A panel that opens then must not take the focus: what the visitor types next, such
// as the rest of a password, would be in the chat.

import { pageDocument } from "./page-document";

/** Whether the visitor has just clicked or typed. */
const isUserActive = (): boolean => navigator.userActivation?.isActive ?? false;

/**
 * Whether a panel that opens takes the focus. `isWanted` is true if the visitor has pressed the launcher. If the host opens the panel
 * by a command, `isWanted` is absent, and the visitor must just have clicked or typed.
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
  // `:read-write` matches text fields and editable elements. Frames count, because their content is unknown. An element that cannot
  // take the focus itself contains a closed shadow root, in which something has the focus.
  return focused.matches(":read-write,select,iframe,object,embed") || (focused.tabIndex < 0 && !focused.matches("html,body,[tabindex]"));
}
