// Gives the page precedence over the panel while the visitor types on the page, and while a function of the page runs that may ask
// the visitor something, such as to sign in. Meanwhile the panel is not modal on a small screen (a modal panel makes the rest of the
// page unusable). While the function runs, launcher and panel also lie below what the page shows. While the visitor types on the
// page, or the function has probably asked something, the panel of a small screen is only a strip. This script is loaded when the
// page gets precedence for the first time.

import type { InternalChat } from "./chat-internals";
import { showAbovePage } from "./launcher";
import { pageDocument } from "./page-document";
import { isTypingOnPage } from "./typing-on-page";

/**
 * The time, in ms, after which a function of the page that is still running has probably asked the visitor something. A request
 * without a question is usually faster.
 */
const QUESTION_AFTER_MS = 2_000;

/**
 * The styles. While a function of the page runs, what the page shows lies above launcher and panel. While the page needs most of a
 * small screen, the panel is a strip at the lower edge: its first line. `modes.css` sets the two properties.
 */
const RULES = [
  "[data-page-asks]{z-index:0}",
  "[data-strip] .sheet .panel{inset-block-start:calc(var(--seen-top,0px) + var(--seen-height,100dvh) - 72px);block-size:72px;padding-block-start:0}",
  "@media(max-width:480px),(pointer:coarse)and(max-height:480px){[data-strip].floating>iframe.panel{inset-block-start:auto;block-size:72px}}",
];

/** Calls a command of the WASM. Does nothing if the panel is in the iframe `frame.html`, whose WASM does not need these commands. */
type CallWasm = (command: string, argument: boolean) => void;

const precedences = new WeakMap<InternalChat, PagePrecedence>();

/** Gives the page precedence over a chat's panel, until `result` is there or, without it, while the visitor types on the page. */
export function giveWay(chat: InternalChat, callWasm: CallWasm, result?: PromiseLike<unknown>): void {
  const precedence = precedences.get(chat) ?? new PagePrecedence(chat, callWasm);
  precedences.set(chat, precedence);
  precedence.check();
  if (result) {
    void precedence.giveWayUntil(result);
  }
}

/**
 * Watches whether the page has precedence over the panel of one chat. For the style sheet, sets attributes of the element around
 * launcher and panel: `data-page-asks` while a function of the page runs, and `data-strip` while the page needs most of the screen.
 */
class PagePrecedence {
  readonly #chat: InternalChat;
  readonly #callWasm: CallWasm;
  /** Whether the visitor types on the page, and has not touched the panel since. */
  #isTyping = false;
  /** The number of functions of the page that are running. */
  #running = 0;
  /**
   * The functions of the page that have probably asked the visitor something: each has run for longer than `QUESTION_AFTER_MS`, and
   * the visitor has not touched the panel since.
   */
  readonly #asking = new Set<PromiseLike<unknown>>();
  /** Whether the page has precedence, as the WASM was last told. */
  #hasPrecedence = false;

  constructor(chat: InternalChat, callWasm: CallWasm) {
    this.#chat = chat;
    this.#callWasm = callWasm;
    const { signal } = chat;
    // While the focus moves, no element has it, so the check waits until the focus has arrived.
    const checkLater = () => setTimeout(() => this.check());
    pageDocument.addEventListener("focusin", checkLater, { capture: true, signal });
    pageDocument.addEventListener("focusout", checkLater, { capture: true, signal });
    const { container, styles } = chat.launcher;
    RULES.forEach((rule) => styles.insertRule(rule, styles.cssRules.length));
    container.addEventListener("click", ({ target }) => {
      const isStrip = chat.state.isOpen && container.hasAttribute("data-strip");
      if (isStrip && !(target as Element).closest("[part=close],[part=launcher]")) {
        // The visitor has touched a panel that is a strip. The panel takes the focus first; a modal panel then leaves it there.
        callWasm("open", true);
      }
      this.#isTyping = false;
      this.#asking.clear();
      this.#apply();
    });
  }

  /** Checks whether the visitor types on the page. */
  check(): void {
    this.#isTyping = isTypingOnPage(this.#chat.host!);
    this.#apply();
  }

  /** Gives the page precedence until the result of one of its functions is there. */
  async giveWayUntil(result: PromiseLike<unknown>): Promise<void> {
    this.#running += 1;
    this.#apply();
    const timer = setTimeout(() => {
      this.#asking.add(result);
      this.#apply();
    }, QUESTION_AFTER_MS);
    await Promise.resolve(result).catch(() => {});
    clearTimeout(timer);
    this.#running -= 1;
    this.#asking.delete(result);
    this.check();
  }

  #apply(): void {
    const { container } = this.#chat.launcher;
    const isRunning = this.#running > 0;
    if (isRunning !== container.hasAttribute("data-page-asks")) {
      container.toggleAttribute("data-page-asks", isRunning);
      // Nothing of the page can be above a popover, which is in the browser's top layer.
      if (isRunning) {
        container.hidePopover?.();
      } else {
        showAbovePage(container);
      }
    }
    container.toggleAttribute("data-strip", this.#isTyping || this.#asking.size > 0);
    const hasPrecedence = this.#isTyping || isRunning;
    if (hasPrecedence !== this.#hasPrecedence) {
      this.#hasPrecedence = hasPrecedence;
      this.#callWasm("setPagePrecedence", hasPrecedence);
    }
  }
}
