// Starts the panel again after a trap (a Rust panic) of the WASM. A fresh instance continues the stored conversation. If the
// WASM breaks too often, the fallback card, which shows other ways of contact, takes the panel's place.

import { loadScript } from "./assets";
import type { InternalChat, Panel } from "./chat-internals";
import type { PipitError } from "./error";
import { isConversationInTab } from "./stored-conversation";

/** The number of times that the WASM may break on one page. After one more, the visitor sees the fallback card. */
const MAX_CRASHES = 3;

/** The panel that is started again. */
export interface Restartable {
  /** Starts a fresh instance and draws the panel. Does not wait for the messages, whose code is loaded after the panel. */
  remount(): Promise<void>;
  open(takesFocus: boolean): void;
}

export class Recovery {
  readonly #chat: InternalChat;
  /** The style sheets without those that the broken WASM has added. */
  readonly #sheets: CSSStyleSheet[];
  readonly #namespace: string;
  #crashes = 0;

  /** The names of storage and locks begin with the namespace. */
  constructor(chat: InternalChat, sheets: CSSStyleSheet[], namespace: string) {
    this.#chat = chat;
    this.#sheets = sheets;
    this.#namespace = namespace;
  }

  /** Removes the broken panel and starts it again. Returns the fallback card if that has happened too often. */
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
    this.#crashes += 1;
    if (this.#crashes > MAX_CRASHES) {
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
 * Takes this page's locks away from the broken instance, which would never release them. The tab that holds the lock talks to
 * the chat server for all tabs of the site.
 */
async function releaseTabLocks(namespace: string): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) {
    return;
  }
  // The browser names the client (the page) that holds each lock. A new lock shows which client this page is.
  const ownName = `pipit.own.${crypto.randomUUID()}`;
  const snapshot = await locks.request(ownName, () => locks.query()).catch(() => undefined);
  if (!snapshot) {
    return; // Firefox refuses the query in a frame of another site. No other tab waits for our locks there.
  }
  const { held = [] } = snapshot;
  const ownClient = held.find(({ name }) => name === ownName)?.clientId;
  const ownLocks = held.filter(({ name = "", clientId }) => clientId === ownClient && name.startsWith(namespace));
  await Promise.all(ownLocks.map(({ name = "" }) => locks.request(name, { steal: true }, () => {})));
}
