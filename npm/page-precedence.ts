// Gives the page precedence over the panel while the visitor types on the page, and while one of the page's functions runs that may
// ask the visitor something, such as a sign-in. Meanwhile the panel lies below what the page shows. On a small screen it is not modal
// (a modal panel makes the rest of the page unusable), and if the page needs the screen, the panel is only a strip. This script is
// loaded when the page gets precedence for the first time.

import type { InternalChat } from "./chat-internals";
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

/** Calls a command of the WASM. In a frame, the WASM of the frame does not have to know. */
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
 * Watches whether the page has precedence over the panel of one chat. For the style sheet, the element around launcher and panel has
 * the attribute `data-page-asks` while a function of the page runs, and `data-strip` while most of the screen has to be the page's.
 */
class PagePrecedence {
  readonly #chat: InternalChat;
  readonly #callWasm: CallWasm;
  /** Whether the visitor types on the page, and has not touched the panel since. */
  #isTyping = false;
  /** The number of functions of the page that are running. */
  #running = 0;
  /** Whether a function of the page runs for longer than `QUESTION_AFTER_MS`, and the visitor has not touched the panel since. */
  #isAsking = false;
  #hasPrecedence = false;

  constructor(chat: InternalChat, callWasm: CallWasm) {
    this.#chat = chat;
    this.#callWasm = callWasm;
    const { signal } = chat;
    // While the focus moves, no element has it, so the check waits until the focus has arrived.
    const checkLater = () => setTimeout(() => this.check());
    pageDocument.addEventListener("focusin", checkLater, { capture: true, signal });
    pageDocument.addEventListener("focusout", checkLater, { capture: true, signal });
    const { container, colours } = chat.launcher;
    // The first rule of this sheet has the launcher's colour.
    RULES.forEach((rule) => colours.insertRule(rule, 1));
    container.addEventListener("click", ({ target }) => {
      const isStrip = chat.state.isOpen && container.hasAttribute("data-strip");
      if (isStrip && !(target as Element).closest("[part=close],[part=launcher]")) {
        // The visitor has touched a panel that is a strip. The panel takes the focus first; a modal panel then leaves it there.
        callWasm("open", true);
      }
      this.#isTyping = false;
      this.#isAsking = false;
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
      this.#isAsking = true;
      this.#apply();
    }, QUESTION_AFTER_MS);
    await Promise.resolve(result).catch(() => {});
    clearTimeout(timer);
    this.#running -= 1;
    this.#isAsking = false;
    this.check();
  }

  #apply(): void {
    const { container } = this.#chat.launcher;
    const isRunning = this.#running > 0;
    if (isRunning !== container.hasAttribute("data-page-asks")) {
      container.toggleAttribute("data-page-asks", isRunning);
      // Nothing of the page can be above a popover, which is in the browser's top layer.
      if (container.popover && isRunning) {
        container.hidePopover();
      } else if (container.popover && +getComputedStyle(container).zIndex > 2e9) {
        container.showPopover();
      }
    }
    container.toggleAttribute("data-strip", this.#isTyping || this.#isAsking);
    const hasPrecedence = this.#isTyping || isRunning;
    if (hasPrecedence !== this.#hasPrecedence) {
      this.#hasPrecedence = hasPrecedence;
      this.#callWasm("setPagePrecedence", hasPrecedence);
    }
  }
}
