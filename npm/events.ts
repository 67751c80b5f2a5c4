// What happens, and what is told of it.

import type { Availability } from "./availability";

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly activity: "none" | "away" | "listening" | "researching" | "responding";
  readonly isVirtual: boolean;
}

/** What is known of the wait; a position counts from 1. */
export interface Wait {
  readonly position?: number;
  readonly expectedSeconds?: number;
  readonly averageSeconds?: number;
}

export interface Message {
  /** Names it for as long as the page lives. */
  readonly id: string;
  readonly text: string;
  /** In ms since 1970. */
  readonly at: number;
}

export interface AgentMessage extends Message {
  /** Who says it; empty where it is not told. */
  readonly name: string;
  /** Whether the text is HTML. It comes from outside: never put it on a page as it is. */
  readonly isHtml: boolean;
}

/** How things stand. */
export interface State {
  readonly state: "idle" | "starting" | "queued" | "chatting" | "requeued" | "ended" | "failed";
  readonly isOpen: boolean;
  /** Messages of agents that have come since the panel was last open. */
  readonly unread: number;
  readonly connection: "none" | "asking" | "connected" | "lost";
}

/** Nothing more is told. */
type Nothing = object;

/** The events by name, each with what is told of it. */
export interface Events {
  ready: Nothing;
  error: { readonly code: string };
  destroy: Nothing;
  "availability:changed": { readonly availability: Availability };
  "widget:opened": Nothing;
  "widget:closed": Nothing;
  "widget:shown": Nothing;
  "widget:hidden": Nothing;
  "chat:requested": Nothing;
  "chat:queued": Wait;
  "queue:changed": Wait;
  "chat:started": { readonly agent?: Agent };
  "chat:resumed": Nothing;
  "chat:transferred": Wait;
  "chat:ended": { readonly reason: string; readonly engagementId: string };
  "agent:joined": Agent;
  "agent:left": Agent;
  "agent:activity": Agent;
  "message:sending": Message;
  "message:sent": Message;
  "message:received": AgentMessage;
  "message:failed": Message & { readonly reason: "lead-left" | "taken-for-abuse" | "refused" | "over" };
  "message:unknown": Message;
  "unread:changed": { readonly count: number };
  "connection:changed": { readonly connection: State["connection"] };
}

export type EventName = keyof Events;

/** What a listener gets: frozen. */
export type Told<N extends EventName> = Events[N] & {
  readonly type: N;
  /** When, in ms since 1970. */
  readonly time: number;
};

export type Listener<N extends EventName> = (told: Told<N>) => void;

/** A payload that no listener can change for the next. */
export function frozen<T extends object>(told: T): T {
  Object.values(told).forEach((member) => member instanceof Object && frozen(member));
  return Object.freeze(told);
}
