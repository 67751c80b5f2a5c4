// Lets the page's own links and buttons open the chat: `<a href="/contact.html" data-pipit-open>Chat with us</a>`. If the chat cannot
// be opened, the link or button does what it does without Pipit.

import type { InternalChat } from "./chat-internals";

/** The time, in ms, that the chat may take to open. After that, the browser follows the link. */
const TIMEOUT_MS = 5_000;

/** Opens the chat when the visitor presses an element with the attribute `data-pipit-open`, until the chat is destroyed. */
export function openByLinks(chat: InternalChat): void {
  /** The click that follows a link after the chat could not be opened. */
  let followingClick: Event | undefined;
  const onClick = (event: MouseEvent) => {
    const path = event.composedPath() as HTMLElement[];
    // With another button of the mouse or with one of these keys, the visitor asks for a new tab, a window or a download.
    const isOther = event === followingClick || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!isOther && path.some(({ dataset }) => dataset?.["pipitOpen"] !== undefined)) {
      event.preventDefault();
      const timeout = new Promise((_, reject) => setTimeout(reject, TIMEOUT_MS));
      Promise.race([chat.open(true, true), timeout]).catch(() => path[0]!.dispatchEvent((followingClick = new MouseEvent("click", event))));
    }
  };
  // In the capture phase, because routers handle links in the bubble phase, unless the default action is prevented by then.
  addEventListener("click", onClick, { capture: true, signal: chat.signal });
}

/** Throws an error if the launcher is hidden or disabled: no agent is available, or the host has hidden the chat. */
export function assertAvailable({ host, launcher: { container, button } }: InternalChat): void {
  if (host!.hidden || container.hidden || button.ariaDisabled) {
    throw new Error("Pipit: the chat is not available now.");
  }
}
