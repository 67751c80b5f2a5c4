// The entry of `watchers.js`, which has what a page may need before its panel: watching whether an agent is available, and following
// the page's modal elements. It is loaded if the options ask for the availability, or when the page has its first modal element.

import { watchAvailability } from "./availability";
import type { InternalChat } from "./chat-internals";
import { followModals } from "./modal-follower";

// The panel loads this script, too: to send the message that a visitor leaves when no agent is available. So does `config-text.ts`,
// to watch the availability if the text `config` asks for it.
export { sendMessage } from "./availability-request";
export { watchAvailability };

/** Follows the modal elements of the page. If the options ask for the availability, watches it, and resolves when it is known. */
export async function watch(chat: InternalChat): Promise<void> {
  followModals(chat);
  if (chat.options.whenClosed || chat.options.whenNoAgents) {
    await watchAvailability(chat);
  }
}
