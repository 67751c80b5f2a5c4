// Restarts the panel after a trap (a Rust panic) of the WASM. A fresh instance continues the stored conversation. If the WASM has
// broken too often, the fallback card (a list of other ways of contact) replaces the panel. `wasm-panel.ts` uses this file.

import { loadFeature } from "./assets";
import type { InternalChat, Panel } from "./chat-internals";
import type { PipitError } from "./error";
import { isConversationInTab } from "./stored-conversation";

/** The greatest number of restarts of one panel. If the WASM breaks once more, the visitor sees the fallback card. */
const MAX_RESTARTS = 3;

/** The functions of a panel that `Recovery` calls. */
export interface Restartable {
  /**
   * Starts a fresh instance and draws the panel. Does not wait for the conversation part (the WASM module that handles messages),
   * which is loaded after the panel.
   */
  remount(): Promise<void>;
  open(takesFocus: boolean): void;
}

/** Restarts one panel after traps, and counts them. */
export class Recovery {
  readonly #chat: InternalChat;
  /** The style sheets of the shadow root, without the style sheets that the WASM adds. */
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
   * Removes the broken panel, restarts it, and returns undefined. If the panel has been restarted too often, creates the fallback
   * card and returns it. In both cases, reports `error` as the event `error`.
   */
  async restart(error: PipitError, panel: Restartable): Promise<Panel | undefined> {
    const chat = this.#chat;
    const { container, button } = chat.launcher;
    const root = chat.host!.shadowRoot!;
    const { isOpen } = chat.state;
    // The launcher keeps the focus if it has it, so only a focus inside the panel moves to the new panel.
    const hadFocus = !!root.activeElement && root.activeElement !== button;
    chat.reportFailure(Promise.reject(error));
    for (const child of Array.from(container.children)) {
      if (child !== button) {
        child.remove();
      }
    }
    root.adoptedStyleSheets = this.#sheets;
    // This script has the fallback card, and the banner that says that the panel was restarted.
    const loadingCard = loadFeature("fallback-card");
    // The script may not be needed in the end. Without this handler, the browser would then report a failure as unhandled.
    loadingCard.catch(() => {});
    this.#crashCount += 1;
    if (this.#crashCount > MAX_RESTARTS) {
      return (await loadingCard).createFallbackCard(chat, "broken", error);
    }
    await panel.remount();
    const isStored = isConversationInTab(this.#namespace);
    if (isOpen) {
      panel.open(hadFocus);
    }
    // Without an open panel and without a conversation, the visitor has noticed nothing, so there is no banner.
    if (isOpen || isStored) {
      chat.reportFailure(loadingCard.then(({ showRestartBanner }) => showRestartBanner(chat, isStored)));
    }
    return undefined;
  }
}
