// Forgets the visitor on a page whose panel or conversation part cannot do it, because it is not loaded. It is a part of the script
// `watchers`, which is loaded when it is needed.

import type { InternalChat } from "./chat-internals";
import { type Forgetting, forgetStored } from "./stored-conversation";

/**
 * Removes what is stored. Then loads what is missing in the background, and forgets there too, if that is needed: to end a
 * conversation that was stored, to tell the other tabs because the storage cannot, or because a panel is on the page
 * (`hasPanel`). For `wanted`, see `InternalChat`.
 */
export async function forget(chat: InternalChat, wanted?: Partial<Forgetting>, hasPanel = false): Promise<void> {
  const forgetting = forgetStored(chat.frame?.namespace, wanted?.marker);
  if (!forgetting) {
    return;
  }
  // The option says what the host knows about the visitor.
  delete chat.options.prefill;
  if (chat.host && (hasPanel || forgetting.records.length > 0 || !forgetting.isMarkerStored)) {
    // The command `transcript` loads everything, and changes nothing.
    chat.reportFailure(chat.transcript().then(() => chat.forget(forgetting)));
  }
}
