// What a host can do with a chat: the same by each of the three doors.

import type { EventName, Listener, State } from "./events";
import type { Options } from "./options";

/** What `doctor` says of one thing. */
export interface Finding {
  readonly check: string;
  readonly isFine: boolean;
  readonly message: string;
  /** What to do, with the exact directive or header; where it is not fine. */
  readonly fix?: string;
}

/** What a host says of the visitor: the question, and whatever else `prefill` takes. */
export type Answers = Record<string, unknown>;

/**
 * The chat. Each command may be given before the panel's code is there, and has it fetched where it is needed. What
 * fails is a `PipitError`, with a code.
 */
export interface Chat {
  /** Resolves when the launcher is there. */
  whenReady(): Promise<void>;
  /** Opens the panel. It takes the focus where the visitor has just done something. */
  open(): Promise<void>;
  /** Closes the panel; the conversation goes on. */
  close(): Promise<void>;
  toggle(): Promise<void>;
  /** Shows launcher and panel again. */
  show(): Promise<void>;
  /** Hides launcher and panel; the conversation goes on. */
  hide(): Promise<void>;
  /**
   * Starts a conversation, with what the host says of the visitor. `E_FORM`: the visitor has to be asked first, and
   * the panel does so.
   */
  startChat(answers?: Answers): Promise<void>;
  /** Ends the conversation, or leaves the queue. */
  endChat(): Promise<void>;
  /** Says this for the visitor; begins a conversation where none runs. */
  send(text: string): Promise<void>;
  /** Puts this into the field where the visitor writes. */
  setDraft(text: string): Promise<void>;
  /** What has come until now counts as read. */
  markRead(): Promise<void>;
  /** Changes options; `E_OPTION`: one of them cannot change any more, for the panel is there. */
  update(changed: Options): Promise<void>;
  /** The visitor has agreed, in a form of the host's own, to what the option `consent` says; or takes it back. */
  setConsent(consent: "granted" | "denied"): Promise<void>;
  /** What was said until now: plain text, or a page that runs nothing. */
  transcript(format?: "text" | "html"): Promise<string>;
  /**
   * What on this page would keep the chat from working, in plain words. It asks your session endpoint for a session,
   * and fetches what the widget would.
   */
  doctor(): Promise<readonly Finding[]>;
  /** How things stand; frozen. */
  getState(): State;
  /** Calls the listener each time. Returns what ends that. */
  on<N extends EventName>(type: N, listener: Listener<N>): () => void;
  /** Calls the listener the next time. Returns what ends that. */
  once<N extends EventName>(type: N, listener: Listener<N>): () => void;
  off<N extends EventName>(type: N, listener: Listener<N>): void;
  /**
   * Takes the chat off the page, at any time and as often as one likes. A conversation goes on with the next chat of
   * this tab.
   */
  destroy(): Promise<void>;
}
