// Defines the element <pipit-chat>. Every chat is in an element of this kind. The page's HTML may contain the element. Otherwise
// the loader (`pipit.js`) or `createChat` of the npm package creates it. A page has only one chat at a time.
//
// A page may remove the element without wanting to end the chat: frameworks replace the whole body, or remove what their own HTML
// does not contain. An element that Pipit has created therefore comes back, and only the command `destroy` ends its chat. The
// removal of an element that the host (the web team's code on the page) wrote does end the chat. After either end, the next command
// or element starts a chat again.

import { toOptions } from "./attribute";
import { createPageChat } from "./chat";
import type { InternalChat } from "./chat-internals";
import type { Chat, Options } from "./contract";
import { PipitError } from "./error";
import { isFloating } from "./launcher";
import { pageDocument } from "./page-document";

/** The element's name in HTML. */
const NAME = "pipit-chat";

/** How often at most an element comes back within `LOOP_MS`. If the page removes it again, it stays away until the next command. */
const MAX_RETURNS = 8;

/** In ms. */
const LOOP_MS = 1_000;

/** The page's latest chat. If its signal is aborted, it was destroyed, and nothing has started a chat since. */
let chat: InternalChat = createPageChat(bringToPage);

/** Puts the page's chat on the page in a new element, with the options that were used last. Undefined until there are options. */
let startAgain: (() => void) | undefined;

/**
 * Returns the page's only chat. The chat accepts commands before its element is on the page. If the chat was destroyed, or the page
 * has removed an element that the host wrote, returns a new chat.
 */
export function pageChat(): InternalChat {
  const host = chat.host as PipitChat | undefined;
  if (host && !host.findHome && !isOnPage(host)) {
    chat.destroy();
  }
  if (chat.signal.aborted) {
    chat = createPageChat(bringToPage);
  }
  return chat;
}

/** Gives the page's chat an element on the page. Every command that needs the launcher calls this function first. */
function bringToPage(): void {
  const { host } = pageChat();
  if (host) {
    (host as PipitChat).comeBack(true);
  } else {
    startAgain?.();
  }
}

/** Whether an element is in the page's document. Frameworks put elements into another document for a moment, and then back. */
const isOnPage = (element: Element): boolean => element.getRootNode({ composed: true }) === document;

export const logAlreadyOnPage = (): void => console.info("Pipit is already on the page.");

/** Whether this code is in the npm package. The build inserts this constant. */
declare const IS_PACKAGE: boolean;

/** On a web server, `HTMLElement` does not exist. The empty class lets a server import the npm package. It never creates the element. */
const BaseElement = IS_PACKAGE ? (globalThis.HTMLElement ?? (class {} as typeof HTMLElement)) : HTMLElement;

/** The class of the element <pipit-chat>. */
export class PipitChat extends BaseElement {
  #config: Options = {};
  /** Observes the element's attributes and the page's language. */
  readonly #observer = new MutationObserver(() => this.#follow());
  /** How often this element has come back lately. `LOOP_MS` after each return, the count is set to 0. */
  #returns = 0;
  /**
   * Finds a parent for the element after a removal. Absent if the host wrote the element, but `modal-follower.ts` sets it while the
   * element is in a modal element.
   */
  findHome: (() => Pick<Element, "append"> | null) | undefined;

  /** The page's only chat, even if it is shown in another element. */
  get chat(): Chat {
    return pageChat();
  }

  /** Options as an object, or as JSON. Some options cannot be attributes. Attributes win over these options. */
  get config(): Options {
    return this.#config;
  }

  set config(config: Options | string) {
    // The panel parses a text, as it parses the attribute `config`.
    this.#config = typeof config === "string" ? ({ config } as Options) : config;
    if (chat.host === this) {
      chat.reportFailure(chat.update(this.#config));
    }
  }

  async connectedCallback(): Promise<void> {
    // In a microtask, because frameworks set properties of an element after they have put it on the page.
    await undefined;
    this.#follow(true);
  }

  /** With this function, the browser does not treat `moveBefore`, which keeps the element's state, as a removal. */
  connectedMoveCallback(): void {}

  async disconnectedCallback(): Promise<void> {
    this.#observer.disconnect();
    // Not at once, because a script that moves the element removes it before it inserts it elsewhere. Some frameworks insert it
    // several microtasks later, but they do so only with elements of the host. So these get more time until `pageChat` ends the
    // chat.
    if (this.findHome) {
      await undefined;
      this.comeBack();
    } else {
      setTimeout(pageChat);
    }
  }

  /**
   * Called when the element was put on the page (`isNew`), or when its attributes or the page's language have changed. If the
   * element is on the page, it takes the page's chat unless another element has it. The chat then gets the element's attributes, and
   * looks up the page's language again.
   */
  #follow(isNew = false): void {
    const current = pageChat();
    if (!isOnPage(this)) {
      return;
    }
    if (!current.host) {
      // If the page has set `config` before the element was defined, the element has a plain property `config`, which hides the
      // accessor of this class. The plain property is removed, and its value is set by the accessor.
      const { config } = this;
      delete (this as { config?: Options }).config;
      this.config = config;
      attach(this, this.#config, attributesOf(this));
    }
    if (current.host !== this) {
      return logAlreadyOnPage();
    }
    if (current.options.dialogs !== "stay") {
      // While a dialog of the page is open, some pages make everything else unusable by these attributes.
      this.inert = false;
      this.ariaHidden = null;
    }
    if (isNew) {
      // The panel repairs what the browser changes when an element moves (`reattachment.ts`).
      current.launcher.container.dispatchEvent(new Event("reattach"));
      this.#observer.observe(this, { attributes: true });
      this.#observer.observe(pageDocument.documentElement, { attributeFilter: ["lang"] });
    }
    current.reportFailure(current.update(attributesOf(this), true));
  }

  /** Puts this element back on the page if the page has removed it. `isCommand` says whether a command needs the chat. */
  comeBack(isCommand = false): void {
    if (pageChat().host !== this || isOnPage(this)) {
      return;
    }
    const home = this.findHome!();
    if (!home) {
      // The page may create a parent for the element soon.
      requestAnimationFrame(() => this.comeBack(isCommand));
    } else if (isCommand || this.#returns < MAX_RETURNS) {
      this.#returns += 1;
      setTimeout(() => (this.#returns = 0), LOOP_MS);
      home.append(this);
    } else {
      console.warn("Pipit is not on the page until Pipit.open().");
    }
  }
}

/** Defines `<pipit-chat>`. Returns false if it is defined already. */
export function defineElement(): boolean {
  if (customElements.get(NAME)) {
    return false;
  }
  customElements.define(NAME, PipitChat);
  return true;
}

/**
 * Creates an element for the page's chat, unless the page's HTML contains an element for it, or the page has destroyed the chat
 * already. Throws `E_TARGET` as `placeChat` does.
 */
export function placeUnlessOnPage(options: Options, attributes: Options): void {
  startAgain ??= () => placeChat(options, attributes);
  if (!chat.host && !chat.signal.aborted) {
    startAgain();
  }
}

/**
 * Creates an element for the page's chat, in the element that the option `target` names, or at the end of the page. The chat must
 * not be on the page yet. Throws `E_TARGET` if nothing matches `target`.
 */
export function placeChat(options: Options, attributes?: Options): InternalChat {
  const all = { __proto__: null, ...options, ...attributes } as Options;
  const { target } = all;
  const find = (place: Element | string = "body") => (typeof place === "string" ? pageDocument.querySelector(place) : place);
  const home = find(target);
  if (!home) {
    throw new PipitError("E_TARGET", `\`${target}\` is not on the page.`);
  }
  const element = pageDocument.createElement(NAME) as PipitChat;
  // A floating panel looks the same everywhere, and the target may be gone.
  element.findHome = () => find(isFloating(all) ? undefined : target);
  home.append(element);
  attach(element, options, attributes);
  return pageChat();
}

/** Gives the page's chat to an element. A later chat, which a command starts, gets the same options. */
function attach(element: HTMLElement, options: Options, attributes?: Options): void {
  startAgain = () => placeChat(options, attributes);
  pageChat().attachTo(element, options, attributes);
}

/** Returns all attributes of an element by the names of options. */
const attributesOf = (element: Element): Options => toOptions([...element.attributes].map(({ name, value }) => [name, value]));
