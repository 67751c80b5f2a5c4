// Finds out whether a conversation can continue after a page load, and removes it if the site forgets the visitor. The WASM stores
// the conversation in the tab's session storage. Of the tabs whose panel has loaded, one holds a browser lock and talks to the chat
// server. The names of the stored item and of the lock begin with the same text.

import { STORAGE_PREFIX } from "./contract";

/** The names of everything that Pipit stores for chats of the page itself. Chats in an iframe have names of their own. */
const OF_PAGE = /^pipit\.(?!frame\.)/;

/** The end of the name of the item in the local storage that has the marker. `src/runtime/storage.rs` has the same text. */
const MARKER = "forgotten";

/** What `forgetStored` has done. The command `forget` of the WASM gets it. */
export interface Forgetting {
  /** The new marker. Undefined if the browser does not let this page read its local storage. */
  marker: number | undefined;
  /** The texts that were removed. One of them may be a conversation that still has to be ended at the server. */
  records: string[];
  /** Whether the marker is stored, so that the other tabs find out without a message. */
  isMarkerStored: boolean;
}

/**
 * Returns the marker: a number that rises each time that the site forgets a visitor. It is 0 before that. Returns undefined if the
 * browser does not let this page read its local storage.
 */
export const readMarker = (namespace = STORAGE_PREFIX): number | undefined =>
  attempt(() => {
    const marker = Number(localStorage.getItem(namespace + MARKER));
    return Number.isSafeInteger(marker) && marker > 0 ? marker : 0;
  });

/**
 * Removes everything that is stored, and raises the marker, by which all other tabs of the site find out that they have to forget,
 * also tabs that do not run now. With `wanted`, raises the marker to this number. If the marker is as high already, does nothing and
 * returns undefined. `namespace` is the beginning of all names of a chat in an iframe.
 */
export function forgetStored(namespace?: string, wanted?: number): Forgetting | undefined {
  const known = readMarker(namespace);
  const marker = wanted ?? (known === undefined ? undefined : (known || Date.now()) + 1);
  if (known !== undefined && marker! <= known) {
    return undefined;
  }
  const records: string[] = [];
  // One storage may be usable although the other is not.
  for (const storageOf of [() => sessionStorage, () => localStorage]) {
    attempt(() => {
      const storage = storageOf();
      for (const name of Object.keys(storage)) {
        if (namespace ? name.startsWith(namespace) : OF_PAGE.test(name)) {
          records.push(storage.getItem(name)!);
          storage.removeItem(name);
        }
      }
    });
  }
  if (marker !== undefined) {
    attempt(() => localStorage.setItem((namespace ?? STORAGE_PREFIX) + MARKER, `${marker}`));
  }
  return { marker, records, isMarkerStored: marker !== undefined && readMarker(namespace) === marker };
}

/** Returns what `action` returns, or undefined if it throws: the browser may not let this page use its storage, or it is full. */
function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Whether Pipit has made the stored item or the lock that has this name. */
const isOurs = (name: string) => name.startsWith(STORAGE_PREFIX);

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
 * Calls `action` if this tab has stored a conversation or a draft, or if a tab of the site holds the lock, so that it may have a
 * conversation that this tab has to show too. If the conversation runs in the iframe, this finds the item that `frame-host.ts` has
 * stored.
 */
export async function ifConversationInSite(action: () => void): Promise<void> {
  try {
    if (Object.keys(sessionStorage).some(isOurs) || (await navigator.locks.query()).held!.some(({ name }) => isOurs(name!))) {
      action();
    }
  } catch {
    // The browser has no storage or no locks, or does not let this page use them.
  }
}
