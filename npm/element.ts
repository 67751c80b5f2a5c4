// Defines the element <pipit-chat>. Every chat is in an element of this kind. The page's HTML may contain the element. Otherwise
// the loader (`pipit.js`) or `createChat` of the npm package creates it. A page has only one chat at a time.

import { toOptions } from "./attribute";
import { createPageChat } from "./chat";
import type { InternalChat } from "./chat-internals";
import type { Chat, Options } from "./contract";
import { PipitError } from "./error";
import { pageDocument } from "./page-document";

/** The element's name in HTML. */
const NAME = "pipit-chat";

let chat: InternalChat | undefined;

/** Returns the page's only chat; after `destroy`, a new one. The chat accepts commands before its element is on the page. */
export function pageChat(): InternalChat {
  if (!chat || chat.signal.aborted) {
    chat = createPageChat();
  }
  return chat;
}

export const logAlreadyOnPage = (): void => console.info("Pipit is already on this page.");

/** On a web server, `HTMLElement` does not exist. The empty class lets a server import this module. It never creates the element. */
const BaseElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** The class of the element <pipit-chat>. */
export class PipitChat extends BaseElement {
  #config: Options = {};
  /**
   * Finds a new parent for this element if the page has replaced the elements around it. Absent if the page's HTML contains the
   * element.
   */
  findHome: (() => Element | null) | undefined;

  constructor() {
    super();
    new MutationObserver(() => this.#update(attributesOf(this), true)).observe(this, { attributes: true });
  }

  /** The page's only chat, even if it is shown in another element. */
  get chat(): Chat {
    return pageChat();
  }

  /** Options as an object. Some options cannot be attributes. Attributes win over these options. */
  get config(): Options {
    return this.#config;
  }

  set config(config: Options) {
    this.#config = config;
    this.#update(config);
  }

  connectedCallback(): void {
    // In a microtask, because frameworks set properties of an element after they have put it on the page.
    queueMicrotask(() => {
      const { host } = pageChat();
      if (host) {
        if (host !== this) {
          logAlreadyOnPage();
        }
      } else if (this.isConnected) {
        // If the page has set `config` before the element was defined, the element has a plain property `config`, which hides the
        // accessor of this class. The plain property is removed, and its value is set by the accessor.
        const { config } = this;
        delete (this as { config?: Options }).config;
        this.config = config;
        pageChat().attachTo(this, config, attributesOf(this));
      }
    });
  }

  disconnectedCallback(): void {
    // This element has no parent if the page has removed it, but still has a parent if the page has removed an element around it.
    // The chat moves to a new parent only in the second case. In the first case, the page wants no chat any more.
    const wasRemovedItself = !this.parentNode;
    // In a microtask, because a script that moves the element removes it first and inserts it elsewhere right afterwards.
    queueMicrotask(() => {
      if (!this.isConnected && chat?.host === this) {
        const home = wasRemovedItself ? undefined : this.findHome?.();
        if (home) {
          home.append(this);
        } else {
          chat.destroy();
        }
      }
    });
  }

  /**
   * Changes options if the chat is in this element. If `areAttributes`, `changed` holds all attributes, and names that are no options
   * are ignored.
   */
  #update(changed: Options, areAttributes?: boolean): void {
    if (chat?.host === this) {
      chat.reportFailure(chat.update(changed, areAttributes));
    }
  }
}

/** Defines `<pipit-chat>`. Returns false if it is defined already. */
export function defineElement(): boolean {
  const isNew = !customElements.get(NAME);
  if (isNew) {
    customElements.define(NAME, PipitChat);
  }
  return isNew;
}

/**
 * Creates an element for the page's chat, in the element that the option `target` names, or at the end of the page. The chat must
 * not be on the page yet. Throws `E_TARGET` if nothing matches `target`.
 */
export function placeChat(options: Options, attributes?: Options): InternalChat {
  const { target } = { ...options, ...attributes };
  const findHome = () => (typeof target === "string" ? pageDocument.querySelector(target) : (target ?? pageDocument.body));
  const home = findHome();
  if (!home) {
    throw new PipitError("E_TARGET", `nothing on this page matches \`${target}\`.`);
  }
  const element = pageDocument.createElement(NAME) as PipitChat;
  element.findHome = findHome;
  home.append(element);
  pageChat().attachTo(element, options, attributes);
  return pageChat();
}

/** Returns all attributes of an element by the names of options. */
const attributesOf = (element: Element): Options => toOptions([...element.attributes].map(({ name, value }) => [name, value]));
