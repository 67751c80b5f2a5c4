// Lets the page's own links and buttons open the chat: `<a href="/contact.html" data-pipit-open>Chat with us</a>`. If the chat cannot
// be opened, the link or button does what it does without Pipit.

import type { InternalChat } from "./chat-internals";

/**
 * Opens the chat when the visitor clicks an element with the attribute `data-pipit-open`, or inside such an element, until the chat is
 * destroyed. If the chat cannot be opened, removes the attribute, and clicks the element again. Without the attribute, this click
 * and all later ones have their usual effect.
 */
export function openByLinks({ open, signal }: InternalChat): void {
  const onClick = (event: MouseEvent) => {
    // The path ends with the document and the window, which have no `dataset`.
    const opener = (event.composedPath() as HTMLElement[]).find(({ dataset }) => dataset?.["pipitOpen"] !== undefined);
    // With another button of the mouse or with one of these keys, the visitor asks for a new tab, a window or a download.
    if (opener && !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      // The arguments are `isWanted` (the panel may take the focus) and `isByLink` (`open` fails if the chat is not available).
      open(true, true).catch(() => {
        delete opener.dataset["pipitOpen"];
        opener.click();
      });
    }
  };
  // The capture phase comes before the bubble phase, in which the routers of web applications handle links. They ignore a click whose
  // default action is prevented.
  addEventListener("click", onClick, { capture: true, signal });
}

/**
 * Throws an error if the launcher is hidden or disabled: no agent is available, or this is not known yet, or the web team has hidden
 * the chat.
 */
export function assertAvailable({ host, launcher: { container, button } }: InternalChat): void {
  if (host!.hidden || container.hidden || button.ariaDisabled) {
    throw new Error("Pipit: the chat is not available now.");
  }
}
