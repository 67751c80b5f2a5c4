// Decides whether a link or a button of the page may open the chat (`page-events.ts`).

import type { InternalChat } from "./chat-internals";

/**
 * Throws an error if the launcher is hidden or disabled: no agent is available, or this is not known yet, or the web team has hidden
 * the chat.
 */
export function assertAvailable({ host, launcher: { container, button } }: InternalChat): void {
  if (host!.hidden || container.hidden || button.hidden || button.ariaDisabled) {
    throw new Error("Pipit: the chat is not available now.");
  }
}
