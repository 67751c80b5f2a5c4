// Lets the page's own links and buttons open the chat: `<a href="/contact.html" data-pipit-open>Chat with us</a>`. If the chat cannot
// be opened, the link or button does what it does without Pipit.

import type { InternalChat } from "./chat-internals";

/** The time, in ms, that the chat may take to open. After that, the link or button does what it does without Pipit. */
const TIMEOUT_MS = 5_000;

/** Opens the chat when the visitor clicks an element with the attribute `data-pipit-open`, until the chat is destroyed. */
export function openByLinks(chat: InternalChat): void {
  /** The click that this function sends to the link again after the chat could not be opened. The browser handles it. */
  let repeatedClick: Event | undefined;
  const onClick = (event: MouseEvent) => {
    const path = event.composedPath() as HTMLElement[];
    // With another button of the mouse or with one of these keys, the visitor asks for a new tab, a window or a download.
    const isForBrowser = event === repeatedClick || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    // The path ends with the document and the window, which have no `dataset`.
    if (!isForBrowser && path.some(({ dataset }) => dataset?.["pipitOpen"] !== undefined)) {
      event.preventDefault();
      const timeout = new Promise((_, reject) => setTimeout(reject, TIMEOUT_MS));
      // The panel takes the focus, and is opened in place of a link.
      Promise.race([chat.open(true, true), timeout]).catch(() => path[0]!.dispatchEvent((repeatedClick = new MouseEvent("click", event))));
    }
  };
  // The capture phase comes before the bubble phase, in which the routers of web applications handle links. They ignore a click whose
  // default action is prevented.
  addEventListener("click", onClick, { capture: true, signal: chat.signal });
}

/** Throws an error if the launcher is hidden or disabled, because no agent is available or the web team has hidden the chat. */
export function assertAvailable({ host, launcher: { container, button } }: InternalChat): void {
  if (host!.hidden || container.hidden || button.ariaDisabled) {
    throw new Error("Pipit: the chat is not available now.");
  }
}
