// The entry `pipit-chat/svelte`: an action that puts the chat on the page, and a store with its state. Svelte knows actions and stores
// by their members alone, so that this file needs nothing of Svelte, and works with its versions 3 to 5.

import type { PackageOptions } from "../index";
import { getSnapshot, type Listeners, mountChat, type Snapshot, subscribe } from "./mounted-chat";

export type { Listeners, Snapshot };

/** The options of the chat, and listeners of its events. */
export interface PipitChatParameters extends PackageOptions {
  /** Listeners by the types of their events: `on: { "message:received": ({ text }) => … }`. */
  on?: Listeners | undefined;
}

/**
 * Keeps the chat on the page while an element is there: `<svelte:body use:pipitChat={{ sessionEndpoint: "/chat-session" }} />`. With
 * the mode `inline` or `page`, the chat is put into that element, unless `target` names another one.
 */
export function pipitChat(element: Element, { on = {}, ...options }: PipitChatParameters) {
  const placed = (given: PackageOptions): PackageOptions => (given.mode && given.mode !== "floating" ? { target: element, ...given } : given);
  const mounted = mountChat(placed(options), on);
  return {
    update: ({ on: listeners = {}, ...changed }: PipitChatParameters) => mounted.update(placed(changed), listeners),
    destroy: () => mounted.unmount(),
  };
}

/** A store of the page's chat and its state: `$pipit.state.unread`. */
export const pipit = {
  subscribe(subscriber: (snapshot: Snapshot) => void): () => void {
    subscriber(getSnapshot());
    return subscribe(() => subscriber(getSnapshot()));
  },
};
