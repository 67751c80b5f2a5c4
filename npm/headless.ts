// The entry `pipit-chat/headless`: a conversation without a view, for companies that draw it with their own design system. It has the
// state, the commands and the events of a conversation. Its WASM has the engine and the runtime of the widget and no view, so a page needs
// either this entry or the widget.

import type { Agent, Answers, ErrorCode, Events, Options, State, Wait } from "./contract";
import { assertOk, withWasmType } from "./assets";
import { PipitError } from "./error";
import { deepFreeze } from "./freeze";
import init, { Conversation as WasmConversation } from "headless-glue";
import { fetchPackageFile } from "./package-assets";
import { absoluteAddress } from "./page-address";
import { crashError } from "./wasm-errors";

export { setAssetBase } from "./package-assets";
export { PipitError };
export type { Agent, Answers, ErrorCode, Wait };

/** The options of the widget that say where sessions come from, and for whom and how long a conversation is kept. */
const OPTION_NAMES = ["sessionEndpoint", "getSession", "jwt", "site", "pool", "baseUrl", "surveyBase", "surveyTemplate", "allowedHosts", "visitorKey", "keepEndedMinutes", "absentLimitSeconds"] as const;

/** The options whose values are addresses. */
const ADDRESSES = ["sessionEndpoint", "baseUrl", "surveyBase"] as const;

/** The options of `createConversation`. They mean the same as the options of the widget. */
export type ConversationOptions = Pick<Options, (typeof OPTION_NAMES)[number]>;

/** The events, by name. They are those of the widget, without those about the launcher, the panel and the availability. */
export type ConversationEvents = Omit<Events, "ready" | "availability:changed" | `widget:${string}`>;

export type ConversationEventName = keyof ConversationEvents;

/** The argument of a listener: the event's members, its type and its time. The object is frozen. */
export type ConversationEvent<Name extends ConversationEventName> = ConversationEvents[Name] & {
  readonly type: Name;
  /** When the event happened, in ms since 1970. */
  readonly time: number;
};

export type ConversationListener<Name extends ConversationEventName> = (event: ConversationEvent<Name>) => void;

/** What every message and every notice has. */
interface EntryBase {
  /** Unique among the entries of this page until it is reloaded. */
  readonly id: string;
  /** The time of the entry, in ms since 1970. */
  readonly at: number;
}

/** A message of the visitor. */
export interface VisitorEntry extends EntryBase {
  readonly kind: "visitor";
  readonly text: string;
  /** `unknown`: the answer to the request was lost, so the message may have arrived. */
  readonly delivery: "queued" | "sending" | "accepted" | "unknown" | "failed";
  /** Why the delivery has failed, as in the event `message:failed`. */
  readonly reason?: "lead-left" | "taken-for-abuse" | "refused" | "over";
}

/** A message of an agent. */
export interface AgentEntry extends EntryBase {
  readonly kind: "agent";
  /** The agent's name; empty if the server does not send one. */
  readonly name: string;
  /** What the message says, without markup. */
  readonly text: string;
  /** The message as the server has sent it, if it is HTML. It comes from outside the page: never put it on a page as it is. */
  readonly html?: string;
}

/** Something that happened in the conversation. */
export interface NoticeEntry extends EntryBase {
  readonly kind: "notice";
  /**
   * `gap`: a message of the server may be missing here. `unreadable`: a message of the server could not be read. `text`: a text for the
   * visitor that no agent has written.
   */
  readonly notice: "joined" | "conferee-joined" | "left" | "lead-changed" | "requeued" | "gap" | "file" | "text" | "unreadable" | "ended";
  /** The name of the agent whom the notice is about. */
  readonly name?: string;
  /** The text of the notice `text`, without markup. */
  readonly text?: string;
  /** The text of the notice `text` as the server has sent it, if it is HTML. Never put it on a page as it is. */
  readonly html?: string;
  /** Why an agent has left, or why the conversation has ended: the word of the chat API. */
  readonly reason?: string;
  /** The name of the file of the notice `file`. */
  readonly fileName?: string;
  /** The size of the file, if the server has sent it. */
  readonly bytes?: number;
  /** Where the file can be downloaded: https, or http on this machine. Only if `surveyBase` is set. */
  readonly url?: string;
}

export type Entry = VisitorEntry | AgentEntry | NoticeEntry;

/** The state of the conversation in this tab, as `getState` returns it. */
export interface ConversationState extends Pick<State, "state" | "connection"> {
  /** What is known about the wait, while the visitor waits (`queued` and `requeued`). */
  readonly wait?: Wait;
  /** Who takes part, the agent in charge first, while `state` is `chatting`. */
  readonly agents?: readonly Agent[];
  /** How the conversation has ended, while `state` is `ended`. */
  readonly end?: {
    /** The word of the chat API, as the server has sent it. */
    readonly reason: string;
    readonly engagementId: string;
    /** The address of a survey to offer. */
    readonly survey?: string;
    /** Whether the server sends a survey by mail. */
    readonly isSurveyMailed: boolean;
  };
  /** Why the conversation did not start or was lost, while `state` is `failed`. */
  readonly code?: ErrorCode;
  /** All messages and notices, the oldest first. */
  readonly entries: readonly Entry[];
  /** What is in the visitor's composer, also after a reload. */
  readonly draft: string;
  /** The number of agents' messages and files since the last `markRead()`. */
  readonly unread: number;
  /** Whether this tab talks to the server for all tabs of the site. */
  readonly leads: boolean;
  /** Whether the conversation may go on in a tab of which this one is a copy. Ask the visitor, and call `takeOver()`. */
  readonly isElsewhere: boolean;
  /** Whether the visitor lets agents read what is typed before it is sent. */
  readonly isPreviewAllowed: boolean;
  /** Whether what is typed is sent now. The visitor has to be told while this is true. */
  readonly isPreviewSent: boolean;
}

/** A conversation. Each command waits until the WASM has loaded. If a command fails, its promise rejects with a `PipitError`. */
export interface Conversation {
  /** Resolves when the WASM has loaded, and a stored conversation is restored. */
  whenReady(): Promise<void>;
  /** Starts a conversation. The answers, such as `question` or `firstName`, are sent to your session endpoint. */
  startChat(answers?: Answers): Promise<void>;
  /** Ends the conversation, or leaves the queue. */
  endChat(): Promise<void>;
  /** Sends a text as a message of the visitor. Starts a conversation if none runs. */
  send(text: string): Promise<void>;
  /** Sends a message again whose delivery has failed or is unknown. Call it only if the visitor asks for it. */
  sendAgain(id: string): Promise<void>;
  /** Removes a message whose delivery has failed. */
  discard(id: string): Promise<void>;
  /** Stores what is in the composer, so that it survives a reload. Agents do not read it before it is sent. */
  setDraft(text: string): Promise<void>;
  /** Like `setDraft`, for what the visitor has typed: agents see that the visitor is typing, and read the text while `isPreviewSent` is true. */
  typeDraft(text: string): Promise<void>;
  /** Sets whether agents may read what is typed before it is sent. */
  allowSneakPreview(isAllowed: boolean): Promise<void>;
  /** Marks all messages as read. */
  markRead(): Promise<void>;
  /** Continues the conversation in this tab, although another tab may run it. */
  takeOver(): Promise<void>;
  /** Forgets the visitor: ends the conversation, and removes everything that is stored of it, in all tabs of the site. */
  forget(): Promise<void>;
  /** The state as a frozen object. It is the same object until something changes. */
  getState(): ConversationState;
  /** Calls the listener after each change of the state. Returns a function that removes the listener. */
  subscribe(listener: () => void): () => void;
  /** Calls the listener for each event of this type. Returns a function that removes the listener. */
  on<Name extends ConversationEventName>(type: Name, listener: ConversationListener<Name>): () => void;
  /** Calls the listener for the next event of this type. Returns a function that removes the listener. */
  once<Name extends ConversationEventName>(type: Name, listener: ConversationListener<Name>): () => void;
  /** Removes a listener. */
  off<Name extends ConversationEventName>(type: Name, listener: ConversationListener<Name>): void;
  /** Stops everything in this tab. The conversation does not end: the next `createConversation` on this page continues it. */
  destroy(): Promise<void>;
}

/** The state until the WASM has loaded. */
const FIRST_STATE: ConversationState = deepFreeze({ state: "idle", connection: "none", entries: [], draft: "", unread: 0, leads: false, isElsewhere: false, isPreviewAllowed: true, isPreviewSent: false });

/** The conversation of this page. A page has one at a time. */
let current: Conversation | undefined;

/** The start of the WASM, which happens once for all conversations of a page. Undefined after a failure, so that the next command tries again. */
let wasmStart: Promise<unknown> | undefined;

/**
 * Makes the conversation of this page, and loads its WASM. A stored conversation continues. A page has one conversation at a time: if there is
 * one already, this returns it and ignores `options`. Do not call it on a web server: there, each command fails with `E_BROWSER`.
 *
 * @throws PipitError with `E_OPTION` if there is no option with a given name.
 */
export function createConversation(options: ConversationOptions): Conversation {
  const checked = checkOptions(options);
  current ??= makeConversation(checked);
  return current;
}

/** Checks the names of options, and makes addresses absolute. The result has no prototype. */
function checkOptions(options: ConversationOptions): ConversationOptions {
  const checked = { __proto__: null, ...options } as Record<string, unknown>;
  const unknown = Object.keys(checked).find((name) => !(OPTION_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new PipitError("E_OPTION", `there is no option \`${unknown}\` in pipit-chat/headless.`);
  }
  for (const name of ADDRESSES) {
    const address = checked[name];
    if (typeof address === "string" && "document" in globalThis) {
      checked[name] = absoluteAddress(address);
    }
  }
  return checked as ConversationOptions;
}

/** Fetches and starts the WASM, once for a page. */
async function startWasm(): Promise<void> {
  if (!("document" in globalThis)) {
    throw new PipitError("E_BROWSER", "there is no page here. Call createConversation() in the browser.");
  }
  wasmStart ??= fetchPackageFile("headless_bg.wasm").then((response) => init({ module_or_path: withWasmType(assertOk(response)) }));
  await wasmStart.catch((error: unknown) => {
    wasmStart = undefined;
    throw error instanceof PipitError ? error : new PipitError("E_WASM_BLOCKED", "`headless_bg.wasm` did not start. The page's Content-Security-Policy needs `'wasm-unsafe-eval'`.", { cause: error });
  });
}

function makeConversation(options: ConversationOptions): Conversation {
  const listeners = new Map<string, Set<(event: object) => void>>();
  const subscribers = new Set<() => void>();
  let wasm: WasmConversation | undefined;
  let loading: Promise<WasmConversation> | undefined;
  let isDestroyed = false;
  /** Undefined if something has changed since the state was last read. */
  let state: ConversationState | undefined = FIRST_STATE;

  /** Calls listeners. A listener that throws does not stop the others; the browser reports its error. */
  const callAll = (called: readonly (() => void)[]) => {
    for (const listener of called) {
      try {
        listener();
      } catch (error) {
        reportError(error);
      }
    }
  };
  const emit = (type: string, details: object) => {
    if (type === "state") {
      state = undefined;
      callAll([...subscribers]);
      return;
    }
    const event = deepFreeze({ ...details, type, time: Date.now() });
    callAll([...(listeners.get(type) ?? [])].map((listener) => () => listener(event)));
  };
  /** Calls the WASM. It throws plain objects with a code and a message; an `Error` means that it broke. */
  const callWasm = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (error instanceof Error) {
        throw crashError(error);
      }
      const { code, message } = error as { code: ErrorCode; message: string };
      throw new PipitError(code, message);
    }
  };
  const findFetch = async (url: string, headers: string[], isRefused: boolean) => (await import("./fetch-check")).findWorkingFetch(url, headers, isRefused);
  const load = async (): Promise<WasmConversation> => {
    await startWasm();
    if (!wasm && !isDestroyed) {
      const given = { ...options, findFetch };
      // The listeners are called after the constructor has returned, so that they find the conversation.
      const early: [string, object][] = [];
      let receive: typeof emit = (type, details) => void early.push([type, details]);
      wasm = callWasm(() => new WasmConversation(given, (type: string, details: object) => receive(type, details)));
      receive = emit;
      emit("state", {});
      early.forEach(([type, details]) => emit(type, details));
    }
    if (!wasm) {
      throw new PipitError("E_DESTROYED", "this conversation was destroyed.");
    }
    return wasm;
  };
  /** Loads the WASM, once. After a failure, the next call tries again. */
  const loaded = (): Promise<WasmConversation> => {
    if (isDestroyed) {
      return Promise.reject(new PipitError("E_DESTROYED", "this conversation was destroyed."));
    }
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const command =
    (name: string) =>
    async (argument?: unknown): Promise<void> => {
      const instance = await loaded();
      if (isDestroyed) {
        throw new PipitError("E_DESTROYED", "this conversation was destroyed.");
      }
      callWasm(() => instance.call(name, argument));
    };

  const conversation: Conversation = {
    whenReady: async () => void (await loaded()),
    startChat: command("startChat"),
    endChat: command("endChat"),
    send: command("send"),
    sendAgain: command("sendAgain"),
    discard: command("discard"),
    setDraft: command("setDraft"),
    typeDraft: command("typeDraft"),
    allowSneakPreview: command("allowSneakPreview"),
    markRead: command("markRead"),
    takeOver: command("takeOver"),
    forget: command("forget"),
    getState() {
      state ??= wasm ? deepFreeze(wasm.state() as ConversationState) : FIRST_STATE;
      return state;
    },
    subscribe(listener) {
      // The same function may be given twice. Each call gets an entry of its own.
      const entry = () => listener();
      subscribers.add(entry);
      return () => void subscribers.delete(entry);
    },
    on(type, listener) {
      const ofType = listeners.get(type) ?? new Set();
      listeners.set(type, ofType.add(listener as (event: object) => void));
      return () => conversation.off(type, listener);
    },
    once(type, listener) {
      const remove = conversation.on(type, (event) => {
        remove();
        listener(event);
      });
      return remove;
    },
    off(type, listener) {
      listeners.get(type)?.delete(listener as (event: object) => void);
    },
    async destroy() {
      if (isDestroyed) {
        return;
      }
      isDestroyed = true;
      current = undefined;
      // The last state stays readable.
      conversation.getState();
      const instance = wasm;
      if (instance) {
        callWasm(() => instance.call("destroy", undefined));
      }
      emit("destroy", {});
      listeners.clear();
      subscribers.clear();
    },
  };
  if ("document" in globalThis) {
    // A command that is called later reports the failure. Without a handler, the browser would report it, too.
    loaded().catch(() => {});
  }
  return conversation;
}
