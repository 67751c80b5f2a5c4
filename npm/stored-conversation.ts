// Finds out whether a conversation can continue after a page load. The WASM stores it, and holds a lock while a tab shows it;
// the names of both begin with a known prefix.

import { STORAGE_PREFIX } from "./contract";

const isOurs = (name?: string) => !!name?.startsWith(STORAGE_PREFIX);

/**
 * Whether this tab has stored a conversation under a name that begins with the namespace.
 */
export function isConversationInTab(namespace: string): boolean {
  try {
    return Object.keys(sessionStorage).some((name) => name.startsWith(namespace));
  } catch {
    return false; // The browser does not let this page use its storage.
  }
}

/** Whether this tab or another tab of the site has a conversation. */
export async function isConversationInSite(): Promise<boolean> {
  try {
    return Object.keys(sessionStorage).some(isOurs) || (await navigator.locks.query()).held!.some(({ name }) => isOurs(name));
  } catch {
    return false; // The browser has no storage or no locks, or does not let this page use them.
  }
}
