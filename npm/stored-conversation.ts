// Finds out whether a conversation can continue after a page load. The WASM stores the conversation in the tab's session storage. Of
// the tabs whose panel has loaded, one holds a browser lock and talks to the chat server. The names of the stored item and of the
// lock begin with the same text.

import { STORAGE_PREFIX } from "./contract";

/** Whether Pipit has made the stored item or the lock that has this name. */
const isOurs = (name?: string) => !!name?.startsWith(STORAGE_PREFIX);

/**
 * Whether this tab has stored a conversation, or a draft (what the visitor has typed and not sent), under a name that begins with
 * `namespace`. A chat in an iframe has a namespace of its own.
 */
export function isConversationInTab(namespace: string): boolean {
  try {
    return Object.keys(sessionStorage).some((name) => name.startsWith(namespace));
  } catch {
    return false; // The browser does not let this page use its storage.
  }
}

/**
 * Whether this tab has stored a conversation or a draft, or a tab of the site holds the lock, so that it may have a conversation that
 * this tab has to show too. If the conversation runs in the iframe, this finds the item that `frame-host.ts` has stored.
 */
export async function isConversationInSite(): Promise<boolean> {
  try {
    return Object.keys(sessionStorage).some(isOurs) || (await navigator.locks.query()).held!.some(({ name }) => isOurs(name));
  } catch {
    return false; // The browser has no storage or no locks, or does not let this page use them.
  }
}
