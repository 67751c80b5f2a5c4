// The names and types of commands, events, options and errors. Four sides share them: the host (the web team's code on the
// page), the loader `pipit.js`, the panel's script and the WASM. The other files of npm/ take these names and types from here. This
// file imports nothing, so that every other file may import it.
// `xtask/tests/boundary.rs` compares this file with the Rust sources. `cargo xtask manifest` writes the comments of this file
// into docs/reference.md and custom-elements.json: run the command after you have changed one.

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
  /** Whether the check found nothing wrong. */
  readonly isFine: boolean;
  /** The name of the problem, such as `session-is-page`. Absent where the check is fine. */
  readonly problem?: string;
  /** What the check has found, in words for developers. */
  readonly message: string;
  /** What to do, with the exact directive or header. Absent where the check is fine. */
  readonly fix?: string;
}

/** The results of all checks of the command `doctor`. */
export interface Findings extends ReadonlyArray<Finding> {
  /** A record for a report of a bug, as JSON. It has no token, nothing that a visitor wrote, and no path or query of an address. */
  readonly report: string;
}

/** The commands that the panel performs. */
export interface PanelCommands {
  /**
   * Opens the panel. The panel takes the focus only if the visitor has just clicked or typed, and does not type on your page. A panel
   * that opens without the focus is announced to screen readers.
   */
  open(): Promise<void>;
  /** Closes the panel. The conversation continues. */
  close(): Promise<void>;
  /** Opens the panel if it is closed; closes it if it is open. */
  toggle(): Promise<void>;
  /**
   * Starts a conversation. The answers, such as `question` or `firstName`, are added to `prefill`. Fails with `E_FORM` if the visitor has to fill in the
   * form first; the panel then shows the form.
   */
  startChat(answers?: Answers): Promise<void>;
  /** Ends the conversation, or leaves the queue. */
  endChat(): Promise<void>;
  /** Sends a text as a message of the visitor. Starts a conversation if none runs. */
  send(text: string): Promise<void>;
  /**
   * Puts a text into the composer, the field in which the visitor writes. Agents do not see the text in the sneak preview before the
   * visitor types or sends it.
   */
  setDraft(text: string): Promise<void>;
  /** Marks all messages as read. */
  markRead(): Promise<void>;
  /**
   * Changes options, and replaces functions by others. If the panel is loaded, fails with `E_OPTION` if a value is wrong, or if an option
   * cannot change while the panel is on the page. Without a panel, the options are checked when the panel is loaded.
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
   * Checks whether anything on this page would keep the chat from working, and says in plain words what to do. It requests a session
   * from your endpoint, and fetches files of the widget. The list has a member `report`: a record for a report of a bug, as JSON, without
   * a token and without anything that a visitor wrote.
   */
  doctor(): Promise<Findings>;
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
   * on this page continues it. It is not stored for another page any more. The next command of `Pipit` that needs the launcher or the
   * panel starts a chat again.
   */
  destroy(): Promise<void>;
}

// Events

/** An agent: a person, or a program (`isVirtual`). */
export interface Agent {
  /** The API's number of the agent, as a text, because JavaScript's numbers cannot hold it. */
  readonly id: string;
  /** The agent's name. */
  readonly name: string;
  /** What the agent does now. */
  readonly activity: "none" | "away" | "listening" | "researching" | "responding";
  /** Whether the agent is a program. */
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
  /** What the message says. */
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
  /** Whether the panel is open. */
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
  /**
   * Something failed; `code` says what.
   * @fix Look the code up in *Errors*.
   */
  error: { readonly code: ErrorCode };
  /**
   * The host takes the chat off the page.
   * @fix Remove what belongs to the chat.
   */
  destroy: NoDetails;
  /**
   * The availability of agents became known, or has changed. Only if `whenClosed` or `whenNoAgents` is set.
   * @fix Show your own contact button or hide it.
   */
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
  /** The conversation has ended. `reason` is the word of the chat API, as the server has sent it. */
  "chat:ended": { readonly reason: string; readonly engagementId: string };
  /** An agent has joined the conversation. */
  "agent:joined": Agent;
  /** An agent has left the conversation. */
  "agent:left": Agent;
  /** An agent's activity has changed. */
  "agent:activity": Agent;
  /** A message of the visitor is being sent. It comes again if the message is sent again. */
  "message:sending": Message;
  /** The server has accepted the message. */
  "message:sent": Message;
  /**
   * An agent has sent a message. The text comes from outside the page.
   * @fix Never put the text on a page as HTML.
   */
  "message:received": AgentMessage;
  /**
   * The message was not delivered. `reason`: `lead-left` (the agent in charge has left), `taken-for-abuse` (the server has ended
   * the conversation because of the message), `refused` (the server does not take the message) or `over` (the conversation ended
   * before).
   */
  "message:failed": Message & { readonly reason: "lead-left" | "taken-for-abuse" | "refused" | "over" };
  /**
   * It is not known whether the message arrived: its answer was lost. It is not sent again unless the visitor asks for it.
   * @fix Do not send the text again.
   */
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

/**
 * The codes of a `PipitError` and of the event `error`. docs/reference.md is made from these comments: what happened, what it means for
 * the chat, and what the host can do.
 */
export type ErrorCode =
  /**
   * Pipit does not know the chat server.
   * @means Neither the session nor an option names it.
   * @fix Let your endpoint return the whole answer of `establishSessions`, or set `baseUrl` and `site`.
   */
  | "E_ADDRESS_MISSING"
  /**
   * A command got a value of another type than it takes.
   * @means Nothing was done.
   * @fix Correct the call; the message names the value.
   */
  | "E_ARGUMENT"
  /**
   * The browser is too old for the panel.
   * @means The launcher opens a card with your other ways of contact (`contact`).
   * @fix Nothing on the page. docs/browsers.md lists the oldest browsers.
   */
  | "E_BROWSER"
  /**
   * The panel does not know the command.
   * @means The widget's files are from different versions.
   * @fix Put all files of one version beside each other, and let `pipit.js` be kept for minutes only.
   */
  | "E_COMMAND"
  /**
   * The panel broke.
   * @means It starts again by itself, three times at most, and the conversation goes on. It is not known what the failed command
   * did.
   * @fix Report the error with the text on the console. Other ways of contact (`contact`) are shown if the panel breaks again.
   */
  | "E_CRASHED"
  /**
   * The server removed the visitor from the queue.
   * @means The wait took too long, or the service closed.
   * @fix Nothing on the page. Look at the limit of the queue on the service site.
   */
  | "E_DEQUEUED"
  /**
   * A command was called on a chat that was taken off the page.
   * @means You keep a chat of `createChat` or `element.chat` beyond `destroy()`. `Pipit` itself never fails with this code.
   * @fix Call `createChat` again, or use `Pipit`.
   */
  | "E_DESTROYED"
  /**
   * The visitor has to fill in the form first.
   * @means A required field or the consent is missing. The panel shows the form.
   * @fix Wait for the visitor, or give the answers by `prefill` and the consent by `setConsent`.
   */
  | "E_FORM"
  /**
   * A function of your page failed.
   * @means The chat runs in a frame and called the function on your page. The message is that of the function.
   * @fix Correct the function.
   */
  | "E_FRAME"
  /**
   * The page was reloaded while the chat was being started.
   * @means It is not known whether the chat server has started a chat.
   * @fix Nothing. The visitor can start again.
   */
  | "E_INTERRUPTED"
  /**
   * A file of the widget could not be loaded.
   * @means The network, the policy of the page or the server of the files kept it away. The message names the address.
   * @fix Call `doctor()`. The next command tries again; the part for the conversation is requested again without a command.
   */
  | "E_NOT_LOADED"
  /**
   * The chat server refused to start the chat.
   * @means The service is closed, no agent is there, or the session names what the site does not allow.
   * @fix Look at the log of the service site. Set `whenClosed` and `whenNoAgents` to say so before a start.
   */
  | "E_NOT_STARTED"
  /**
   * An option has a wrong name or value, or cannot change any more.
   * @means The option has no effect. With a wrong name, the command that loads the panel fails. With a wrong value that only the
   * conversation needs, such as one of `words`, no conversation can start.
   * @fix Correct the option; the message names it.
   */
  | "E_OPTION"
  /**
   * The chat server answered with an error, or with something that cannot be read.
   * @means The visitor reads it and can try again.
   * @fix If it comes again, look at the log of the service site. A proxy may answer in its place.
   */
  | "E_SERVER"
  /**
   * The chat server does not know the conversation any more.
   * @means The visitor was away for too long, or the server was restarted.
   * @fix Nothing. The visitor can start again.
   */
  | "E_SESSION_LOST"
  /**
   * No option says where sessions come from.
   * @means No chat can start.
   * @fix Set `sessionEndpoint` or `getSession`.
   */
  | "E_SESSION_MISSING"
  /**
   * The chat server refused the token.
   * @means The token was used before, its time is over, or it is for another site.
   * @fix Create a new session for each request. Compare the clocks of your server and the service site.
   */
  | "E_SESSION_REJECTED"
  /**
   * Your endpoint or `getSession` gave no session.
   * @means It could not be reached, answered with a status other than 200, or failed.
   * @fix Look at the log of your endpoint, and call `doctor()`.
   */
  | "E_SESSION_UNAVAILABLE"
  /**
   * What your endpoint or `getSession` returned is not a session.
   * @means Often a page answered in its place, such as a sign-in page.
   * @fix Return the answer of `establishSessions`; docs/embed.md lists the accepted shapes.
   */
  | "E_SESSION_UNREADABLE"
  /**
   * Nothing on the page matches `target`.
   * @means The chat is not on the page.
   * @fix Insert the script after the element, or correct the selector.
   */
  | "E_TARGET"
  /**
   * The chat server cannot be reached, or took too long to answer.
   * @means The network is down, or the policy of the page or CORS on the service site refuses the request.
   * @fix Call `doctor()`.
   */
  | "E_UNREACHABLE"
  /**
   * The page does not let WebAssembly run, and the frame was refused, too.
   * @means The Content-Security-Policy lacks a directive, or the browser has no WebAssembly. Your other ways of contact (`contact`)
   * are shown.
   * @fix Add `'wasm-unsafe-eval'` to `script-src`.
   */
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

/** The argument of `getSession`. */
export interface SessionWanted {
  /**
   * Why Pipit needs a session. `start`: a conversation starts. `expiring`: the function has just returned a token whose time is over.
   * `rejected`: the chat server has refused the token.
   */
  readonly reason: "start" | "expiring" | "rejected";
  /** Aborts when Pipit no longer needs the session: the visitor leaves, or 30 s have passed. */
  readonly signal: AbortSignal;
  /** What the visitor has entered in the form, and what `prefill` says. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** A field of the form before a conversation. */
export interface Field {
  /**
   * `firstName`, `lastName`, `emailAddress`, `question`, `productId`, `categoryId` or `queueId`. Any other name is that of a custom
   * field of the service site.
   */
  name: string;
  /** The text beside the field. A custom field needs one; the others have one in each language. */
  label?: string;
  /** By default, the type follows from the name. */
  type?: "text" | "email" | "textarea" | "select" | "checkbox";
  /** With `true`, no conversation starts without an answer. A checkbox has to be ticked. */
  required?: boolean;
  /** The choices of a `select`. The values of products and categories are whole numbers. */
  options?: (string | { value: string | number; label: string })[];
  /** What the field contains at first. */
  value?: string;
  /** As in HTML. The fields for names and e-mail have it without your help. */
  autocomplete?: string;
}

/** Another way for the visitor to reach the support team, such as a telephone number. */
export interface Contact {
  /** What the visitor reads. */
  text: string;
  /** An address that begins with `https:`, `mailto:` or `tel:`. */
  href?: string | undefined;
}

/** What a visitor has said about a conversation: the argument of `onRating`, and the body that `ratingEndpoint` gets. */
export interface Rating {
  /** The engagement that was rated, as in the event `chat:ended`. */
  readonly engagementId: string;
  /** From 1, the worst, to 5, the best. */
  readonly rating: number;
  /** What the visitor has added; may be empty. */
  readonly comment: string;
}

/** The options with an address to which the panel sends what the visitor leaves. */
export type HostEndpoint = "messageEndpoint" | "ratingEndpoint" | "transcriptEndpoint";

/**
 * What a host may configure. docs/reference.md is made from these comments. The tag `@default` says what happens without the option
 * (absent: the function of the option is not used), `@unit` the unit of a number, and `@since` the first version with the option
 * (absent: 0.1.0).
 */
export interface Options {
  /** An address that answers a POST with a session. */
  sessionEndpoint?: string;
  /** A function that returns a session, or a promise of one. It wins over `sessionEndpoint`. */
  getSession?: (wanted: SessionWanted) => Session | Promise<Session>;
  /** A token that the page already holds. It is valid for one conversation. */
  jwt?: string;
  /**
   * The site's name in the API's addresses.
   * @default the one in the session
   */
  site?: string;
  /**
   * The pool, a group of chat servers.
   * @default the one in the session
   */
  pool?: string;
  /**
   * Scheme, host and port of the chat server.
   * @default those in the session
   */
  baseUrl?: string;
  /** Scheme and host of your service site. Without it, no survey links are shown. */
  surveyBase?: string;
  /**
   * The template of a survey's address. Each part in braces is percent-encoded.
   * @default `{survey_base}/ci/documents/detail/5/{survey_id}/6/223/7/{engagement_id}/12/{auth}`
   */
  surveyTemplate?: string;
  /**
   * Hosts (`host` or `host:port`, separated by commas) to which the server may move a conversation.
   * @default none
   */
  allowedHosts?: string[] | string;
  /** A text that stands for the visitor, such as an account number. What is stored is for this visitor only. */
  visitorKey?: string | null;
  /**
   * How long an ended conversation is still shown and stored. With 0, it goes with its end.
   * @default `30`
   * @unit minutes
   */
  keepEndedMinutes?: number;
  /**
   * How long the service site waits for a visitor who cannot be reached, before it ends the chat. Set it to the time of your site.
   * @default `240`
   * @unit seconds
   */
  absentLimitSeconds?: number;
  /**
   * How long the service site waits for a message of either side, before it ends a chat. Set it to the time of your site: a minute
   * before, the visitor is warned in the panel, by a sound, by the page's title and by the screen reader, and can answer with one
   * button. With 0, there is no warning.
   * @default `600`
   * @unit seconds
   */
  idleLimitSeconds?: number;
  /**
   * How long the service site keeps a visitor in the queue. The visitor is warned a minute before the end. With 0, there is no warning.
   * @default `1800`
   * @unit seconds
   */
  queueLimitSeconds?: number;
  /**
   * The panel's title as long as no agent has accepted the conversation.
   * @default the text `title`
   */
  title?: string;
  /**
   * Your logo: the address of a square picture. It is in the header until an agent has joined, and above the greeting.
   * @default initials and an icon
   */
  logo?: string | undefined;
  /** The name of your team, a line below the greeting. */
  teamName?: string;
  /** When your team is there, as *Monday to Friday, 9 am to 6 pm*. A line below the greeting. */
  hours?: string;
  /** When visitors can expect an answer, as *We usually answer within two minutes*. A line below the greeting. */
  replyTime?: string;
  /**
   * Up to six questions, as an array or as a text with the separator `|`. Each is a button below the greeting that sends the question as
   * the first message.
   * @default a sentence that asks for the visitor's question
   */
  starters?: string[] | string;
  /**
   * Pictures of agents: their addresses, by the name or the account number of the agent. The API has no pictures. The initials are shown
   * without a picture, and if it cannot be loaded.
   * @default initials
   */
  agentAvatars?: Record<string, string>;
  /**
   * Hosts (`host` or `host:port`, separated by commas) whose pictures are shown in messages. A link to a picture of another host stays
   * a link. A host that is named here learns who reads the message, and when.
   * @default none: no picture is shown
   */
  pictureHosts?: string[] | string;
  /**
   * The colours: `auto` takes the visitor's system setting.
   * @default `auto`
   */
  theme?: Choice<"theme">;
  /**
   * Your colour, as `#1f6f5c` or `rgb(31, 111, 92)`.
   * @default Pipit's green
   */
  accent?: string;
  /**
   * The side of the window on which the launcher is. It is mirrored in languages that run from right to left.
   * @default `right`
   */
  side?: Choice<"side">;
  /**
   * `floating` is a launcher that opens the panel, `inline` a panel inside the page that is always open, and `page` a panel that
   * fills the page.
   * @default `floating`
   */
  mode?: Choice<"mode">;
  /**
   * The element that the chat is put into, or its CSS selector.
   * @default the end of the page
   */
  target?: string | Element;
  /**
   * While a modal `<dialog>` of the page is open: `follow` moves the chat into the dialog, and with `stay` the chat cannot be used.
   * @default `follow`
   */
  dialogs?: Choice<"dialogs">;
  /**
   * When the panel's code is loaded: when the visitor shows interest (`interaction`), when the browser is idle, at once (`eager`),
   * or by a command (`manual`).
   * @default `interaction`; `eager` in the modes `inline` and `page`
   */
  load?: Choice<"load">;
  /**
   * The fields of the form that the visitor fills in before a conversation.
   * @default no form
   */
  form?: Field[];
  /** What you already know about the visitor, by the names of the form's fields. */
  prefill?: Record<string, unknown>;
  /** A text that the visitor has to agree to before a conversation. */
  consent?: string;
  /**
   * May change the visitor's text before it is sent. If it returns `null`, nothing is sent, and the text is in the composer again. After 10 s without an answer, the visitor reads that the message waits for the page, and can take it back.
   */
  beforeSend?: (text: string) => string | null | Promise<string | null>;
  /** May change an agent's text before it is shown. If it returns `null`, nothing is shown. It must not return a promise. */
  beforeRender?: (message: { readonly id: string; readonly name: string; readonly text: string; readonly isHtml: boolean }) => string | null;
  /**
   * The language, as a tag such as `de-CH`.
   * @default the page's
   */
  locale?: string;
  /**
   * Your own texts, by their names.
   * @default the texts of the language
   */
  words?: Record<string, string>;
  /** An address that takes visitors' files. Without it, visitors can send none. */
  uploadEndpoint?: string | undefined;
  /**
   * The types of files that visitors may send, as `png,jpg,pdf`.
   * @default those that the service site's portal takes by default
   */
  uploadTypes?: readonly string[] | string | undefined;
  /**
   * The largest file that visitors may send.
   * @default `10000000`
   * @unit bytes
   */
  uploadMaxBytes?: number | string | undefined;
  /**
   * What to do out of hours.
   * @default the chat is offered as usual
   */
  whenClosed?: UnavailableAction | undefined;
  /**
   * What to do when no agent is available.
   * @default the chat is offered as usual
   */
  whenNoAgents?: UnavailableAction | undefined;
  /**
   * A function that returns `open`, `closed` or `noAgents`, or a promise of one of them. If it returns `undefined`, the chat server
   * is asked.
   * @default the chat server is asked
   */
  availability?: (() => unknown) | undefined;
  /**
   * The queue whose agents are counted.
   * @default the server is asked for it
   */
  queueId?: string | number | undefined;
  /** The address to which a message is sent by POST when no agent is available. */
  messageEndpoint?: string | undefined;
  /**
   * The fields of the form for a message when no agent is available.
   * @default `emailAddress` and `question`, both required
   */
  messageForm?: object[] | undefined;
  /**
   * An address that gets the visitor's rating by POST after a conversation with an agent: one to five stars, and a comment.
   * @default the visitor cannot rate
   */
  ratingEndpoint?: string | undefined;
  /**
   * A function that gets the rating, beside `ratingEndpoint` or in its place. If it throws, or its promise is rejected, the visitor reads that the
   * rating was not sent, and can try again.
   * @default the visitor cannot rate
   */
  onRating?: ((rating: Rating) => unknown) | undefined;
  /**
   * An address that gets the transcript and the visitor's email address by POST after a conversation. Your server sends the mail.
   * @default the visitor can only save the transcript
   */
  transcriptEndpoint?: string | undefined;
  /**
   * `off`: no sound, and no switch for it in the menu.
   * @default `on`
   */
  sound?: Choice<"sound"> | undefined;
  /**
   * `on`: the number of unread messages is shown before your page's title.
   * @default `off`
   */
  titleCount?: Choice<"titleCount"> | undefined;
  /**
   * Other ways to reach you, separated by commas. They are shown where the chat cannot run.
   * @default none
   */
  contact?: Contact[] | string | undefined;
}

export type OptionName = keyof Options;

/** How an option is parsed and used. */
export interface OptionTraits {
  /**
   * The type of the value; absent for a text, and for `queueId` and `contact`, which may have other types too. An `address` is a
   * text, and may be relative to the page. A `list` is an array, or a text with commas, and `sentences` are an array, or a text
   * with the separator `|`. custom-elements.json has no attributes for
   * options that are numbers, functions, objects or elements.
   */
  readonly kind?: "address" | "number" | "list" | "sentences" | "object" | "function" | "element";
  /** The only values that the option may have. */
  readonly choices?: readonly string[];
  /** Whether the WASM reads the option. All other options are used only in TypeScript. */
  readonly isForWasm?: true;
  /** Whether the option may change while a panel is on the page. */
  readonly isLive?: true;
}

/** Every option, in the order of docs/reference.md. */
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
  idleLimitSeconds: { kind: "number", isForWasm: true },
  queueLimitSeconds: { kind: "number", isForWasm: true },
  title: { isLive: true, isForWasm: true },
  logo: { kind: "address", isLive: true, isForWasm: true },
  teamName: { isLive: true, isForWasm: true },
  hours: { isLive: true, isForWasm: true },
  replyTime: { isLive: true, isForWasm: true },
  starters: { kind: "sentences", isLive: true, isForWasm: true },
  agentAvatars: { kind: "object", isForWasm: true },
  pictureHosts: { kind: "list", isForWasm: true },
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
  ratingEndpoint: { kind: "address" },
  onRating: { kind: "function" },
  transcriptEndpoint: { kind: "address" },
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
