// The types of the element <pipit-chat> in templates: JSX of React, Preact and Solid, and the templates of Vue and Svelte. The files of
// `elements/` add them to the types of these frameworks.

import type { EventName, OPTIONS, OptionName, Options, OptionTraits } from "./contract";
import type { PipitChat } from "./element";
import type { ChatEvent } from "./contract";

/** The name of the attribute of an option: `session-endpoint` for `sessionEndpoint`. */
type Hyphenated<Name extends string> = Name extends `${infer First}${infer Rest}` ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Hyphenated<Rest>}` : "";

/** The kinds of options that have no attribute. */
type WithoutAttribute = "number" | "function" | "object" | "element";

/** The options that have an attribute. */
type AttributeOption = { [Name in OptionName]: (typeof OPTIONS)[Name] extends { readonly kind: infer Kind extends NonNullable<OptionTraits["kind"]> } ? (Kind extends WithoutAttribute ? never : Name) : Name }[OptionName];

/** The attributes that set options. The option `title` has the attribute `chat-title`. */
type OptionAttributes = {
  [Name in AttributeOption as Name extends "title" ? "chat-title" : Hyphenated<Name>]?: ((typeof OPTIONS)[Name] extends { readonly choices: readonly (infer Value)[] } ? Value : string) | undefined;
};

/** The attributes of <pipit-chat>, and its property `config`. */
export interface PipitChatAttributes extends OptionAttributes {
  /** Options as an object, or as JSON. Attributes win over them. */
  config?: Options | string | undefined;
  /** The place of the element in the page, for a child of a component with slots. */
  slot?: string | undefined;
  id?: string | undefined;
}

/** The events of the element: `pipit-message-received` for `message:received`. The details are the event's members. */
export type PipitChatEvents = { [Name in EventName as Name extends `${infer Subject}:${infer Verb}` ? `pipit-${Subject}-${Verb}` : `pipit-${Name}`]: CustomEvent<ChatEvent<Name>> };

/** The element itself, as references to it have it. */
export type PipitChatElement = PipitChat;

declare global {
  interface HTMLElementTagNameMap {
    "pipit-chat": PipitChat;
  }
  interface HTMLElementEventMap extends PipitChatEvents {}
}
