// <pipit-chat>: the chat as an element. The other doors put one on the page, too.

import { optionOf } from "./attribute";
import { type Chat, newChat } from "./chat";
import { PipitError } from "./error";
import type { Options } from "./options";

const NAME = "pipit-chat";

let chat: Chat | undefined;

/** The page's one chat. It takes commands before there is an element; one that was destroyed is followed by another. */
export function pageChat(): Chat {
  return (chat = chat && !chat.signal.aborted ? chat : newChat());
}

/** Says that something is there twice. */
export const notice = (): void => console.info("Pipit is already on this page.");

/** Where there is no browser, on a server, no element is ever made. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class PipitChat extends Base {
  #config: Options = {};
  /** Where it goes when the page is exchanged around it; only what stands on its own has such a place. */
  home: (() => Element | null) | undefined;

  constructor() {
    super();
    new MutationObserver(() => this.#update(attributes(this), true)).observe(this, { attributes: true });
  }

  /** Commands and events. */
  get chat(): Chat {
    return pageChat();
  }

  /** The options that cannot be attributes, or all of them. What stands in an attribute comes first. */
  get config(): Options {
    return this.#config;
  }

  set config(config: Options) {
    this.#config = config;
    this.#update(config);
  }

  connectedCallback(): void {
    // In a moment: frameworks set properties on an element that they have put there.
    queueMicrotask(() => {
      const { host } = this.chat;
      if (host) {
        host === this || notice();
      } else if (this.isConnected) {
        // A property that was set before the browser knew the element hides ours.
        const { config } = this;
        delete (this as { config?: Options }).config;
        this.config = config;
        this.chat.begin(this, config, attributes(this));
      }
    });
  }

  disconnectedCallback(): void {
    const isAlone = !this.parentNode;
    // In a moment: who moves it puts it elsewhere at once.
    queueMicrotask(() => {
      if (!this.isConnected && chat?.host === this) {
        const home = !isAlone && this.home?.();
        home ? home.append(this) : chat.destroy();
      }
    });
  }

  #update(changed: Options, areAttributes?: boolean): void {
    if (chat?.host === this) {
      chat.quietly(chat.update(changed, areAttributes));
    }
  }
}

/** Makes `<pipit-chat>` known to the browser; false where it is known. */
export function defineElement(): boolean {
  const isNew = !customElements.get(NAME);
  isNew && customElements.define(NAME, PipitChat);
  return isNew;
}

/** Puts the page's chat where the options say; it must not stand already. */
export function stand(options: Options, attributes?: Options): Chat {
  const chat = pageChat();
  const { target } = { ...options, ...attributes };
  const home = () => (typeof target === "string" ? document.querySelector(target) : (target ?? document.body));
  const place = home();
  if (!place) {
    throw new PipitError("E_TARGET", `nothing on this page matches \`${target}\`.`);
  }
  const element = document.createElement(NAME) as PipitChat;
  element.home = home;
  place.append(element);
  chat.begin(element, options, attributes);
  return chat;
}

/** The attributes of an element as options. */
const attributes = (element: Element): Options =>
  Object.fromEntries([...element.attributes].map(({ name, value }) => [optionOf(name), value]));
