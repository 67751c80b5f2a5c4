// The element <pipit-chat>. Script tag and package put one on the page, too, so every chat of a page is such an element.

import { optionNameOf } from "./attribute";
import { createPageChat } from "./chat";
import type { InternalChat } from "./chat-internals";
import type { Chat, Options } from "./contract";
import { PipitError } from "./error";

const NAME = "pipit-chat";

let chat: InternalChat | undefined;

/** The page's only chat. It takes commands before its element is on the page. After `destroy`, the next call creates another. */
export function pageChat(): InternalChat {
  if (!chat || chat.signal.aborted) {
    chat = createPageChat();
  }
  return chat;
}

export const logAlreadyOnPage = (): void => console.info("Pipit is already on this page.");

/** On a server, without a browser, the element is never created. */
const BaseElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class PipitChat extends BaseElement {
  #config: Options = {};
  /** Finds the place that the element returns to when the page around it is exchanged. A host's own element has none. */
  findHome: (() => Element | null) | undefined;

  constructor() {
    super();
    new MutationObserver(() => this.#update(attributesOf(this), true)).observe(this, { attributes: true });
  }

  /** The chat with its commands and events. */
  get chat(): Chat {
    return pageChat();
  }

  /** The options that cannot be attributes, or all of them. Attributes win over these. */
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
        // A property that was set before the browser knew the element hides the accessor of this class.
        const { config } = this;
        delete (this as { config?: Options }).config;
        this.config = config;
        pageChat().attachTo(this, config, attributesOf(this));
      }
    });
  }

  disconnectedCallback(): void {
    // An element that was removed itself has no parent. If the page has removed an element around it, the parent is still there.
    const wasRemovedItself = !this.parentNode;
    // In a microtask, because a script that moves the element puts it elsewhere at once.
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

/** Puts the page's chat where the options say. It must not be on the page yet. */
export function placeChat(options: Options, attributes?: Options): InternalChat {
  const { target } = { ...options, ...attributes };
  const findHome = () => (typeof target === "string" ? document.querySelector(target) : (target ?? document.body));
  const home = findHome();
  if (!home) {
    throw new PipitError("E_TARGET", `nothing on this page matches \`${target}\`.`);
  }
  const element = document.createElement(NAME) as PipitChat;
  element.findHome = findHome;
  home.append(element);
  pageChat().attachTo(element, options, attributes);
  return pageChat();
}

/** The attributes of an element, as options. */
const attributesOf = (element: Element): Options =>
  Object.fromEntries([...element.attributes].map(({ name, value }) => [optionNameOf(name), value]));
