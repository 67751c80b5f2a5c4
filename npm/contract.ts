// The names and types of commands, events, options and errors. Four sides share them: the host (the web team's code on the
// page), the loader `pipit.js`, the panel's script and the WASM. The other files of npm/ take these names and types from here. This
// file imports nothing, so that every other file may import it.
// `xtask/tests/boundary.rs` compares this file with the Rust sources, docs/embed.md and custom-elements.json. The comments on
// options and events are the descriptions in custom-elements.json: run `cargo xtask manifest` after you have changed one.

/**
 * The beginning of the names of stored conversations, and of the browser lock of the leader (the tab that talks to the chat server for
 * all tabs of the site). A chat in the iframe `frame.html` uses its own `namespace` instead.
 */
export const STORAGE_PREFIX = "pipit.1.";

// Commands

/** What the host knows about the visitor, by the names of the form's fields, such as `question`. */
export type Answers = Record<string, unknown>;

/** The result of one check of the command `doctor`. */
export interface Finding {
  /** The name of the check, such as `storage`. */
  readonly check: string;
  readonly isFine: boolean;
  readonly message: string;
  /** What to do, with the exact directive or header. Absent where the check is fine. */
  readonly fix?: string;
}

/** The commands that the panel performs. */
export interface PanelCommands {
  /** Opens the panel. The panel takes the focus if the visitor has just clicked or typed. */
  open(): Promise<void>;
  /** Closes the panel. The conversation continues. */
  close(): Promise<void>;
  /** Opens the panel if it is closed; closes it if it is open. */
  toggle(): Promise<void>;
  /**
   * Starts a conversation with what the host knows about the visitor. Fails with `E_FORM` if the visitor has to fill in the
   * form first; the panel then shows the form.
   */
  startChat(answers?: Answers): Promise<void>;
  /** Ends the conversation, or leaves the queue. */
  endChat(): Promise<void>;
  /** Sends a text as a message of the visitor. Starts a conversation if none runs. */
  send(text: string): Promise<void>;
  /** Puts a text into the composer, the field in which the visitor writes. */
  setDraft(text: string): Promise<void>;
  /** Marks all messages as read. */
  markRead(): Promise<void>;
  /**
   * Changes options. If the panel is loaded, fails with `E_OPTION` if a value is wrong, or if an option cannot change while the panel
   * is on the page. Without a panel, the options are checked when the panel is loaded.
   */
  update(changed: Options): Promise<void>;
  /** Grants or denies the consent that the option `consent` asks for. For hosts whose own form has asked the visitor. */
  setConsent(consent: "granted" | "denied"): Promise<void>;
  /** Returns the transcript as plain text, or as an HTML page without scripts. */
  transcript(format?: "text" | "html"): Promise<string>;
}

export type PanelCommandName = keyof PanelCommands;

/**
 * The commands of the panel. The value says whether the command loads the panel. As long as the panel is not loaded, a command with `false` does
 * nothing, except that `update` changes the options for a panel that is loaded later. The loader, the iframe and the fallback card
 * derive their commands from this table.
 */
export const COMMANDS = {
  open: true,
  close: false,
  toggle: true,
  startChat: true,
  endChat: false,
  send: true,
  setDraft: true,
  markRead: false,
  update: false,
  setConsent: true,
  transcript: true,
} satisfies Record<PanelCommandName, boolean>;

/**
 * The chat. Every command may be called before the panel's code is loaded; a command that needs the panel loads it. If a command
 * fails, its promise rejects with a `PipitError`.
 */
export interface Chat extends PanelCommands {
  /** Resolves when the launcher (the button that opens the panel) is on the page. Fails if the chat is destroyed. */
  whenReady(): Promise<void>;
  /** Shows launcher and panel again. */
  show(): Promise<void>;
  /** Hides launcher and panel. The conversation continues. */
  hide(): Promise<void>;
  /**
   * Checks whether anything on this page would keep the chat from working, and says in plain words what to do. It really
   * requests a session, and it fetches files of the widget.
   */
  doctor(): Promise<readonly Finding[]>;
  /**
   * Forgets the visitor, for example at the logout on a shared computer: ends the conversation or leaves the queue, and removes
   * everything that is stored or shown of it, in all tabs of the site. Resolves when this tab has removed everything.
   */
  forget(): Promise<void>;
  /** Returns the current state as a frozen object. */
  getState(): State;
  /** Calls the listener for each event of this type. Returns a function that removes the listener. */
  on<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  /** Calls the listener for the next event of this type. Returns a function that removes the listener. */
  once<Name extends EventName>(type: Name, listener: Listener<Name>): () => void;
  /** Removes a listener. */
  off<Name extends EventName>(type: Name, listener: Listener<Name>): void;
  /**
   * Takes the chat off the page. It may be called at any time and more than once. The conversation does not end: the next chat
   * on this page continues it. It is not stored any more.
   */
  destroy(): Promise<void>;
}

// Events

/** An agent: a person, or a program (`isVirtual`). */
export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly activity: "none" | "away" | "listening" | "researching" | "responding";
  readonly isVirtual: boolean;
}

/** What is known about the wait in a queue. A member is absent if the server has not sent it. */
export interface Wait {
  /** The visitor's place in the queue, from 1. */
  readonly position?: number;
  /** How long the visitor will probably wait. */
  readonly expectedSeconds?: number;
  /** The average wait in the queue. */
  readonly averageSeconds?: number;
}

/** A message, as the events about messages have it. */
export interface Message {
  /** Unique among the messages of this page until it is reloaded. */
  readonly id: string;
  readonly text: string;
  /** The message's time, in ms since 1970. */
  readonly at: number;
}

/** A message of an agent. */
export interface AgentMessage extends Message {
  /** The agent's name; empty if the server does not send one. */
  readonly name: string;
  /** Whether the text is HTML. Never put the text on a page as it is: it comes from outside the page. */
  readonly isHtml: boolean;
}

/** The state of the chat, as `getState` returns it. */
export interface State {
  /** `requeued`: the visitor waits for another agent. `failed`: the conversation did not start, or was lost. */
  readonly state: "idle" | "starting" | "queued" | "chatting" | "requeued" | "ended" | "failed";
  readonly isOpen: boolean;
  /** The number of agents' messages and files that the visitor has not seen. */
  readonly unread: number;
  /** `none`: no conversation runs. `asking`: it is not known yet whether the server can be reached. */
  readonly connection: "none" | "asking" | "connected" | "lost";
}

/** The members of an event that has only its type and its time. */
type NoDetails = object;

/** The events, by name. The members of each event are listed without `type` and `time`, which every event has. */
export interface Events {
  /** The launcher is on the page. */
  ready: NoDetails;
  /** Something failed; `code` says what. */
  error: { readonly code: ErrorCode };
  /** The host takes the chat off the page. */
  destroy: NoDetails;
  /** The availability of agents became known, or has changed. */
  "availability:changed": { readonly availability: AvailabilityStatus };
  /** The panel was opened. */
  "widget:opened": NoDetails;
  /** The panel was closed. */
  "widget:closed": NoDetails;
  /** Launcher and panel are shown again. */
  "widget:shown": NoDetails;
  /** Launcher and panel are hidden. */
  "widget:hidden": NoDetails;
  /** A conversation was requested. */
  "chat:requested": NoDetails;
  /** The visitor waits in a queue. */
  "chat:queued": Wait;
  /** The position in the queue or the expected wait has changed. */
  "queue:changed": Wait;
  /** An agent has accepted the conversation. */
  "chat:started": { readonly agent?: Agent };
  /** A stored conversation continues. */
  "chat:resumed": NoDetails;
  /** The visitor waits for another agent. */
  "chat:transferred": Wait;
  /** The conversation has ended. */
  // `reason` is the word of the chat API, as the server has sent it.
  "chat:ended": { readonly reason: string; readonly engagementId: string };
  /** An agent has joined the conversation. */
  "agent:joined": Agent;
  /** An agent has left the conversation. */
  "agent:left": Agent;
  /** An agent's activity has changed. */
  "agent:activity": Agent;
  /** A message of the visitor is being sent. */
  "message:sending": Message;
  /** The server has accepted the message. */
  "message:sent": Message;
  /** An agent has sent a message. Never put its text on a page as it is: it comes from outside the page. */
  "message:received": AgentMessage;
  /** The message was not delivered. */
  // `lead-left`: the agent in charge has left. `taken-for-abuse`: the server has ended the conversation because of the message.
  // `refused`: the server does not take the message. `over`: the conversation ended before the server took the message.
  "message:failed": Message & { readonly reason: "lead-left" | "taken-for-abuse" | "refused" | "over" };
  /** It is not known whether the message arrived. */
  "message:unknown": Message;
  /** The number of unread messages has changed. */
  "unread:changed": { readonly count: number };
  /** The connection to the server has changed. */
  "connection:changed": { readonly connection: State["connection"] };
}

export type EventName = keyof Events;

/** The argument of a listener: the event's members, its type and its time. The object is frozen. */
export type ChatEvent<Name extends EventName> = Events[Name] & {
  readonly type: Name;
  /** When the event happened, in ms since 1970. */
  readonly time: number;
};

export type Listener<Name extends EventName> = (event: ChatEvent<Name>) => void;

// Errors

/** The codes of a `PipitError` and of the event `error`. docs/embed.md says what each one means. */
export type ErrorCode =
  | "E_ADDRESS_MISSING"
  | "E_ARGUMENT"
  | "E_COMMAND"
  | "E_CRASHED"
  | "E_DEQUEUED"
  | "E_DESTROYED"
  | "E_FORM"
  | "E_FRAME"
  | "E_INTERRUPTED"
  | "E_NOT_LOADED"
  | "E_NOT_STARTED"
  | "E_OPTION"
  | "E_SERVER"
  | "E_SESSION_LOST"
  | "E_SESSION_MISSING"
  | "E_SESSION_REJECTED"
  | "E_SESSION_UNAVAILABLE"
  | "E_SESSION_UNREADABLE"
  | "E_TARGET"
  | "E_UNREACHABLE"
  | "E_WASM_BLOCKED";

// Availability

/** Whether a visitor can start a conversation: the service is `open` or `closed`, or it is open but has `noAgents`. */
export type AvailabilityStatus = "open" | "closed" | "noAgents";

/** What the widget does when the service is closed or no agent is available: a value of `whenClosed` or `whenNoAgents`. */
export type UnavailableAction = Choice<"whenClosed">;

/** The availability of agents, and what the widget does about it. */
export interface Availability {
  readonly status: AvailabilityStatus;
  /** What the host wants the widget to do. Absent if the status is `open`, or if the host has not set the option for the status. */
  readonly action?: UnavailableAction | undefined;
}

// Options

/** A session of the chat API, in any of the shapes that docs/embed.md describes; or its token alone. */
export type Session = string | Record<string, unknown>;

/**
 * The argument of `getSession`: why Pipit needs a session, and what the visitor has entered in the form. The signal aborts when
 * Pipit no longer needs the session.
 *
 * `start`: a conversation starts. `expiring`: the function has just returned a token whose time is over. `rejected`: the chat server
 * has refused the token.
 */
export interface SessionWanted {
  readonly reason: "start" | "expiring" | "rejected";
  readonly signal: AbortSignal;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** A field of the form before a conversation. The option `form` in docs/embed.md describes the members. */
export interface Field {
  name: string;
  label?: string;
  type?: "text" | "email" | "textarea" | "select" | "checkbox";
  required?: boolean;
  options?: (string | { value: string | number; label: string })[];
  value?: string;
  autocomplete?: string;
}

/** Another way for the visitor to reach the support team, such as a telephone number. */
export interface Contact {
  text: string;
  /** An address that begins with `https:`, `mailto:` or `tel:`. */
  href?: string | undefined;
}

/** What a host may configure. docs/embed.md describes each option in full. */
export interface Options {
  /** An address that answers a POST with a session. */
  sessionEndpoint?: string;
  /** A function that returns a session, or a promise of one. It wins over `sessionEndpoint`. */
  getSession?: (wanted: SessionWanted) => Session | Promise<Session>;
  /** A token that the page already holds. It is valid for one conversation. */
  jwt?: string;
  /** The site's name in the API's addresses; by default the one in the session. */
  site?: string;
  /** The pool, a group of chat servers; by default the one in the session. */
  pool?: string;
  /** Scheme, host and port of the chat server; by default those in the session. */
  baseUrl?: string;
  /** Scheme and host of your service site. Without it, no survey links are shown. */
  surveyBase?: string;
  /** The template of a survey's address. */
  surveyTemplate?: string;
  /** Hosts (host or host:port, separated by commas) to which the server may move a conversation. */
  allowedHosts?: string[] | string;
  /** A text that stands for the visitor, such as an account number. What is stored is for this visitor only. */
  visitorKey?: string | null;
  /** How long an ended conversation is still shown and stored, in minutes; by default 30. With 0, it goes with its end. */
  keepEndedMinutes?: number;
  /** The server ends a chat if the visitor cannot be reached for this long, in seconds; by default 240. */
  absentLimitSeconds?: number;
  /** The panel's title as long as no agent has accepted the conversation. */
  title?: string;
  /** auto (the visitor's system setting, the default), light or dark. */
  theme?: Choice<"theme">;
  /** Your colour, as #1f6f5c or rgb(31, 111, 92). */
  accent?: string;
  /** right (the default) or left; mirrored in languages that run from right to left. */
  side?: Choice<"side">;
  /** floating (a launcher that opens the panel, the default), inline (a panel inside the page, always open) or page (a panel that fills the page). */
  mode?: Choice<"mode">;
  /** The element that the chat is put into, or its CSS selector. */
  target?: string | Element;
  /** While a modal dialog of the page is open: follow (the chat moves into it, the default), or stay (the chat cannot be used). */
  dialogs?: Choice<"dialogs">;
  /** When the panel's code is loaded: on interaction, when the browser is idle, at once (eager), or by a command (manual). */
  load?: Choice<"load">;
  /** The fields of the form that the visitor fills in before a conversation. */
  form?: Field[];
  /** What you already know about the visitor, by the names of the form's fields. */
  prefill?: Record<string, unknown>;
  /** A text that the visitor has to agree to before a conversation. */
  consent?: string;
  /** May change the visitor's text before it is sent. Returns `null` to send nothing. */
  beforeSend?: (text: string) => string | null | Promise<string | null>;
  /** May change an agent's text before it is shown. Returns `null` to show nothing. It must not return a promise. */
  beforeRender?: (message: { readonly id: string; readonly name: string; readonly text: string; readonly isHtml: boolean }) => string | null;
  /** The language, as a tag such as `de-CH`; by default the page's. */
  locale?: string;
  /** Your own texts, by the names in the files of `locales/`. */
  words?: Record<string, string>;
  /** An address that takes visitors' files. Without it, visitors can send none. */
  uploadEndpoint?: string | undefined;
  /** The types of files that visitors may send, as png,jpg,pdf; by default those of the service site's portal. */
  uploadTypes?: readonly string[] | string | undefined;
  /** The largest file that visitors may send, in bytes. */
  uploadMaxBytes?: number | string | undefined;
  /** What to do out of hours: hide, disable, inform or form. */
  whenClosed?: UnavailableAction | undefined;
  /** What to do when no agent is available: hide, disable, inform or form. */
  whenNoAgents?: UnavailableAction | undefined;
  /** A function that returns open, closed or noAgents, or a promise of it. If it returns undefined, the chat server is asked. */
  availability?: (() => unknown) | undefined;
  /** The queue whose agents are counted; by default the server is asked for it. */
  queueId?: string | number | undefined;
  /** The address to which a message is sent by POST when no agent is available. */
  messageEndpoint?: string | undefined;
  /** The fields of the form for a message when no agent is available. */
  messageForm?: object[] | undefined;
  /** off: no sound, and no switch for it in the menu. */
  sound?: Choice<"sound"> | undefined;
  /** on: the number of unread messages is shown before your page's title. */
  titleCount?: Choice<"titleCount"> | undefined;
  /** Other ways to reach you, separated by commas. They are shown where the chat cannot run. */
  contact?: Contact[] | string | undefined;
}

export type OptionName = keyof Options;

/** How an option is parsed and used. */
export interface OptionTraits {
  /**
   * The type of the value; absent for a text, and for `queueId` and `contact`, which may have other types too. An `address` is a
   * text, and may be relative to the page. A `list` is an array, or a text with commas. custom-elements.json has no attributes for
   * options that are numbers, functions, objects or elements.
   */
  readonly kind?: "address" | "number" | "list" | "object" | "function" | "element";
  /** The only values that the option may have. */
  readonly choices?: readonly string[];
  /** Whether the WASM reads the option. All other options are used only in TypeScript. */
  readonly isForWasm?: true;
  /** Whether the option may change while a panel is on the page. */
  readonly isLive?: true;
}

/** Every option, in the order of docs/embed.md. */
export const OPTIONS = {
  sessionEndpoint: { kind: "address", isForWasm: true },
  getSession: { kind: "function", isForWasm: true },
  jwt: { isForWasm: true },
  site: { isForWasm: true },
  pool: { isForWasm: true },
  baseUrl: { kind: "address", isForWasm: true },
  surveyBase: { kind: "address", isForWasm: true },
  surveyTemplate: { isForWasm: true },
  allowedHosts: { kind: "list", isForWasm: true },
  visitorKey: { isLive: true, isForWasm: true },
  keepEndedMinutes: { kind: "number", isForWasm: true },
  absentLimitSeconds: { kind: "number", isForWasm: true },
  title: { isLive: true, isForWasm: true },
  theme: { choices: ["auto", "light", "dark"], isLive: true },
  accent: { isLive: true },
  side: { choices: ["right", "left"], isLive: true },
  mode: { choices: ["floating", "inline", "page"], isForWasm: true },
  target: { kind: "element" },
  dialogs: { choices: ["follow", "stay"], isLive: true },
  load: { choices: ["interaction", "idle", "eager", "manual"] },
  form: { kind: "object", isLive: true, isForWasm: true },
  prefill: { kind: "object", isLive: true, isForWasm: true },
  consent: { isLive: true, isForWasm: true },
  uploadEndpoint: { kind: "address" },
  uploadTypes: { kind: "list" },
  uploadMaxBytes: { kind: "number" },
  whenClosed: { choices: ["hide", "disable", "inform", "form"] },
  whenNoAgents: { choices: ["hide", "disable", "inform", "form"] },
  availability: { kind: "function" },
  queueId: {},
  messageEndpoint: { kind: "address" },
  messageForm: { kind: "object" },
  sound: { choices: ["on", "off"] },
  titleCount: { choices: ["on", "off"] },
  locale: { isLive: true, isForWasm: true },
  words: { kind: "object", isLive: true, isForWasm: true },
  beforeSend: { kind: "function", isForWasm: true },
  beforeRender: { kind: "function", isForWasm: true },
  contact: {},
} as const satisfies Record<OptionName, OptionTraits>;

/** The choices of an option. */
type Choice<Name extends OptionName> = (typeof OPTIONS)[Name] extends { readonly choices: readonly (infer Value)[] } ? Value : never;
