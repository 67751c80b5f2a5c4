// Warns the web team on the console if no option says where sessions come from, because no chat can start then.

import type { InternalChat } from "./chat-internals";

/** The time, in ms, that the page's scripts have to set such an option. */
const DELAY_MS = 1_000;

/** Warns later if the chat still has no such option then, and no text `config` that may contain one (`config-text.ts`). */
export function warnWithoutSession(chat: InternalChat): void {
  const timer = setTimeout(() => {
    const { getSession, sessionEndpoint, jwt } = chat.options;
    if (!(getSession || sessionEndpoint || jwt || "config" in chat.options)) {
      console.warn("Pipit: no chat can start without `sessionEndpoint` or `getSession`.");
    }
  }, DELAY_MS);
  chat.signal.addEventListener("abort", () => clearTimeout(timer));
}
