// <pipit-chat>: the chat as an element. The other doors put one on the page, too.

import { Chat } from "./chat";
import { PipitError } from "./error";
import type { Options } from "./options";

const NAME = "pipit-chat";

/** A chat that has commands already, and waits for the first element. */
let expected: Chat | undefined;

/** The element that is the page's chat. */
let living: PipitChat | undefined;

/** Where there is no browser, on a server, no element is ever made. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class PipitChat extends Base {
  #chat: Chat | undefined;
  #config: Options = {};
  #hasBegun = false;
  /** Where it goes when the page is exchanged around it; only what stands on its own has such a place. */
  home: (() => Element | null) | undefined;
  /** Attributes of the script that has put it there. */
  given: object | undefined;

  constructor() {
    super();
    // A property that was set before the browser knew the element hides ours.
    if (Object.hasOwn(this, "config")) {
      const { config } = this;
      delete (this as { config?: Options }).config;
      this.#config = config;
    }
    new MutationObserver(() => this.#update(attributes(this), true)).observe(this, { attributes: true });
  }

  /** Commands and events. */
  get chat(): Chat {
    this.#chat ??= expected ?? new Chat();
    expected = undefined;
    return this.#chat;
  }

  /** The options that cannot be attributes, or all of them. */
  get config(): Options {
    return this.#config;
  }

  set config(config: Options) {
    this.#config = config;
    this.#update(config);
  }

  connectedCallback(): void {
    // In a moment: frameworks set properties on an element that they have put there.
    queueMicrotask(() => this.isConnected && !this.#hasBegun && this.#begin());
  }

  disconnectedCallback(): void {
    const isAlone = !this.parentNode;
    // In a moment: who moves it puts it elsewhere at once.
    queueMicrotask(() => {
      if (!this.isConnected && this.#hasBegun) {
        const home = isAlone ? null : this.home?.();
        home ? home.append(this) : this.#end();
      }
    });
  }

  #begin(): void {
    if (living !== this && isStanding()) {
      console.info("Pipit is already on this page, so this element does nothing:", this);
      return;
    }
    if (this.#chat?.signal.aborted) {
      this.#chat = undefined;
    }
    living = this;
    this.#hasBegun = true;
    this.chat.begin(this, this.#config, { ...this.given, ...attributes(this) });
  }

  #end(): void {
    living = undefined;
    this.#hasBegun = false;
    void this.#chat?.destroy();
  }

  #update(changed: Options, areAttributes = false): void {
    if (this.#hasBegun) {
      this.chat.quietly(this.chat.update(changed, areAttributes ? changed : undefined));
    }
  }
}

/** Makes `<pipit-chat>` known to the browser. */
export function defineElement(): void {
  if (!isDefined()) {
    customElements.define(NAME, PipitChat);
  }
}

export const isDefined = (): boolean => !!customElements.get(NAME);

/** Whether there is a chat on the page. */
export const isStanding = (): boolean => !!living && !living.chat.signal.aborted;

/** A chat that takes commands before there is an element. */
export const expect = (): Chat => (expected = new Chat());

/** Puts an element with its chat on the page, where the options say; unless there is one already. */
export function stand(config: Options, given?: Options): Chat {
  if (isStanding()) {
    console.info("Pipit is already on this page; this is the chat that is there.");
    return living!.chat;
  }
  const element = document.createElement(NAME) as PipitChat;
  const { target } = { ...config, ...given };
  element.config = config;
  element.given = given;
  element.home = () => (typeof target === "string" ? document.querySelector(target) : (target ?? document.body));
  const home = element.home();
  if (!home) {
    throw new PipitError("E_TARGET", `no element of this page matches its target, \`${target}\`.`);
  }
  living = element;
  home.append(element);
  return element.chat;
}

/** The attributes of an element as options: `session-endpoint` is `sessionEndpoint`. */
function attributes(element: Element): Options {
  const found = [...element.attributes].map(({ name, value }) => [name.replace(/-./g, (part) => part[1]!.toUpperCase()), value]);
  return Object.fromEntries(found);
}
