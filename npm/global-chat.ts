// Creates `window.Pipit`. The host (the web team's code on the page) keeps this object as long as the page exists, even if chats are
// destroyed and started again. It performs commands on the page's current chat, and has listeners of its own, which get the events of
// all chats.

import { createListeners } from "./chat";
import type { Chat } from "./contract";
import { pageChat } from "./element";

/** A command in the queue `Pipit.q`: its name and its arguments. */
export type QueuedCommand = [name: string, ...values: unknown[]];

/** Returns the object, and the function `perform`, which performs a command that the page has put into the queue `Pipit.q`. */
export function createGlobalChat(): { chat: Chat; perform: (command: QueuedCommand) => void } {
  /** Performs a queued command, and ignores an unknown name. From now on this is `Pipit.q.push`, so commands no longer wait. */
  const perform = ([name, ...values]: QueuedCommand) => (chat as unknown as Record<string, ((...values: unknown[]) => unknown) | undefined>)[name]?.(...values);
  const own = { ...createListeners(), q: { push: perform } } as unknown as Chat;
  const chat = new Proxy(own, { get: (_, name) => own[name as keyof Chat] ?? pageChat()[name as keyof Chat] });
  return { chat, perform };
}
