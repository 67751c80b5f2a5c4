// Repairs the panel after the page has moved the element <pipit-chat>, or has removed it and Pipit has put it back. The browser then
// has closed a modal panel, scrolled the messages to their beginning, and taken the focus away. If the element was in another document
// in the meantime, the browser has also dropped its style sheets.

import type { InternalChat } from "./chat-internals";

/**
 * Calls `showAgain` each time that the element is back on the page, when `element.ts` dispatches the event `reattach`. `takesFocus`
 * says whether the panel has to take the focus.
 */
export function restoreAfterReattachment({ host, launcher }: InternalChat, showAgain: (takesFocus: boolean) => void): void {
  const { container, button } = launcher;
  const root = host!.shadowRoot!;
  const sheets = [...root.adoptedStyleSheets];
  /** The focused element of the panel, or the launcher. Keeps its value while the element <pipit-chat> is not on the page. */
  let focused: EventTarget | null = null;
  /** The scroll position, in px, of the list of messages (its class is `list`). */
  let scrollTop = 0;
  // The listeners capture the events, because the panel stops some of them, and `scroll` does not bubble.
  container.addEventListener("focusin", ({ target }) => (focused = target), true);
  // Some browsers fire `focusout` also when an element is removed. `noteFocus` therefore runs later: by then the removal is over,
  // and a panel that is back on the page has its focus again.
  const noteFocus = () => {
    if (host!.isConnected) {
      focused = root.activeElement;
    }
  };
  container.addEventListener("focusout", () => setTimeout(noteFocus), true);
  const noteScroll = ({ target }: Event) => {
    if ((target as Element).className === "list") {
      ({ scrollTop } = target as Element);
    }
  };
  container.addEventListener("scroll", noteScroll, true);
  container.addEventListener("reattach", () => {
    if (root.adoptedStyleSheets.length === 0) {
      root.adoptedStyleSheets = sheets;
    }
    // If the page has focused another element in the meantime, that element keeps the focus.
    const isFocusFree = [undefined, "body", host!.localName].includes(document.activeElement?.localName);
    showAgain(isFocusFree && !!focused && focused !== button);
    // The panel can scroll only when it is open again, in the next frame. Before that, the browser may report the position 0, which
    // `noteScroll` would store. So the position is kept here.
    const lastTop = scrollTop;
    requestAnimationFrame(() => container.querySelector(".list")?.scrollTo(0, lastTop));
  });
}
