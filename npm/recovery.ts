// Restarts the panel after a trap (a Rust panic) of the WASM. A fresh instance continues the stored conversation. If the WASM has
// broken too often, the fallback card, which shows other ways to reach the host, replaces the panel. `wasm-panel.ts` calls this.

import { loadScript } from "./assets";
import type { InternalChat, Panel } from "./chat-internals";
import type { PipitError } from "./error";
import { isConversationInTab } from "./stored-conversation";

/** The number of restarts of one panel. If the WASM breaks once more, the visitor sees the fallback card. */
const MAX_RESTARTS = 3;

/** What a panel offers for its restart. */
export interface Restartable {
  /** Starts a fresh instance and draws the panel. Does not wait for the code about messages, which is loaded after the panel. */
  remount(): Promise<void>;
  open(takesFocus: boolean): void;
}

/** Restarts one panel after traps, and counts them. */
export class Recovery {
  readonly #chat: InternalChat;
  /** The style sheets of the shadow root, without those that the WASM adds. */
  readonly #sheets: CSSStyleSheet[];
  readonly #namespace: string;
  #crashCount = 0;

  /** `namespace` is the beginning of the names of stored items and browser locks. */
  constructor(chat: InternalChat, sheets: CSSStyleSheet[], namespace: string) {
    this.#chat = chat;
    this.#sheets = sheets;
    this.#namespace = namespace;
  }

  /**
   * Removes the broken panel and restarts it. Returns undefined; or the fallback card, if the panel has been restarted too often.
   * Reports `error` to the host.
   */
  async restart(error: PipitError, panel: Restartable): Promise<Panel | undefined> {
    const chat = this.#chat;
    const { container, button } = chat.launcher;
    const root = chat.host!.shadowRoot!;
    const { isOpen } = chat.state;
    const hadFocus = !!root.activeElement && root.activeElement !== button;
    chat.reportFailure(Promise.reject(error));
    for (const child of Array.from(container.children)) {
      if (child !== button) {
        child.remove();
      }
    }
    root.adoptedStyleSheets = this.#sheets;
    const loadingCard = loadScript("fallback-card");
    await releaseTabLocks(this.#namespace);
    this.#crashCount += 1;
    if (this.#crashCount > MAX_RESTARTS) {
      return (await loadingCard).createFallbackCard(chat, "broken", error);
    }
    await panel.remount();
    const isStored = isConversationInTab(this.#namespace);
    if (isOpen) {
      panel.open(hadFocus);
    }
    if (isOpen || isStored) {
      chat.reportFailure(loadingCard.then(({ showRestartBanner }) => showRestartBanner(chat, isStored)));
    }
    return undefined;
  }
}

/**
 * Releases the browser locks that the broken instance holds, because it will never do so. The tab that holds the tab lock talks to
 * the chat server for all tabs of the site, so a lock that stays would keep every tab from doing so.
 */
async function releaseTabLocks(namespace: string): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) {
    return;
  }
  // The browser names, for each lock, the client (the page) that holds it. A lock with a random name shows this page's client.
  const probeName = `pipit.own.${crypto.randomUUID()}`;
  const snapshot = await locks.request(probeName, () => locks.query()).catch(() => undefined);
  if (!snapshot) {
    return; // Firefox refuses the query in an iframe of another site. There, no other tab waits for this page's locks.
  }
  const { held = [] } = snapshot;
  const ownClient = held.find(({ name }) => name === probeName)?.clientId;
  const ownLocks = held.filter(({ name = "", clientId }) => clientId === ownClient && name.startsWith(namespace));
  await Promise.all(ownLocks.map(({ name = "" }) => locks.request(name, { steal: true }, () => {})));
}
