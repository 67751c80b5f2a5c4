// The visitor of a script: your page, which does what a row says, and reports what it sees.

import type { Chat, EventName } from "../contract";

/** What a visitor sees: one member of *The visitor sees* in docs/scripts.md, such as `{ message: "Hello" }`. */
export type VisitorSight = Readonly<Record<string, string | number | boolean>>;

/** What a visitor does: one word of *What the visitor does* in docs/scripts.md, with its members, such as `{ say: { text: "Hello" } }`. */
export type VisitorDeed = Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;

/**
 * Your page as the visitor of a script. A script fails at the first row that needs a function which is missing; without `watch`, the rows
 * about what the visitor sees are left out.
 */
export interface Visitor {
  start?(): unknown;
  say?(text: string): unknown;
  type?(text: string): unknown;
  allowPreview?(allowed: boolean): unknown;
  sendAgain?(text: string): unknown;
  end?(): unknown;
  /** Calls `saw` for each thing that the visitor sees, until the returned function is called. */
  watch?(saw: (sight: VisitorSight) => void): () => void;
}

/** What `visitorOf` needs of a chat of `createChat`. */
export type PlayableChat = Pick<Chat, "startChat" | "send" | "endChat" | "getState" | "on">;

/** The members of the events of a chat that a script can mention. */
interface ChatEvent {
  readonly text?: string;
  readonly name?: string;
  readonly isHtml?: boolean;
  readonly activity?: string;
  readonly reason?: string;
  readonly code?: string;
}

/** What a visitor sees in an event of a chat. */
const SIGHTS: Record<string, (event: ChatEvent) => VisitorSight | undefined> = {
  "message:received": ({ text = "", isHtml = false }) => (isHtml ? { html: text } : { message: text }),
  "message:sent": ({ text = "" }) => ({ sent: text }),
  "message:failed": ({ text = "" }) => ({ notSent: text }),
  "message:unknown": ({ text = "" }) => ({ notSure: text }),
  "agent:joined": ({ name = "" }) => ({ joined: name }),
  "agent:activity": ({ activity }) => ({ typing: activity === "responding" }),
  "chat:ended": ({ reason = "" }) => ({ ended: reason }),
  error: ({ code = "" }) => (FAILURES[code] === undefined ? undefined : { failed: FAILURES[code] }),
};

/** The words of a script for the errors with which a conversation does not start. */
const FAILURES: Record<string, string> = { E_DEQUEUED: "409", E_SESSION_REJECTED: "403", E_NOT_STARTED: "FAIL_OUT_OF_HOURS", E_SESSION_LOST: "sessionLost" };

/** The events after which the state of a chat may have changed. */
const CHANGES: readonly EventName[] = ["chat:requested", "chat:queued", "chat:started", "chat:resumed", "chat:transferred", "chat:ended", "agent:joined", "error"];

/** A chat of `createChat` as the visitor of a script. */
export function visitorOf(chat: PlayableChat): Visitor {
  return {
    start: async () => {
      const requested = new Promise((resolve) => {
        const stop = chat.on("chat:requested", () => resolve(stop()));
      });
      await chat.startChat();
      // The part of the chat that requests the conversation may have to load first, in real time.
      await requested;
    },
    say: (text) => chat.send(text),
    end: () => chat.endChat(),
    watch: (saw) => {
      let state: string | undefined;
      const sawState = () => {
        const next = chat.getState().state;
        if (next !== state) {
          state = next;
          saw({ state });
        }
      };
      const stops = [
        ...Object.entries(SIGHTS).map(([type, sightOf]) =>
          chat.on(type as EventName, (event) => {
            const sight = sightOf(event as ChatEvent);
            if (sight) {
              saw(sight);
            }
          }),
        ),
        ...CHANGES.map((type) => chat.on(type, sawState)),
      ];
      return () => {
        for (const stop of stops) {
          stop();
        }
      };
    },
  };
}
