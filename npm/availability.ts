// What the chat is when nobody is there. Loaded only for sites that ask; `availability.ts` finds it out.

import { leave, state } from "./availability-request";
import type { Chat } from "./chat";
import { choose } from "./language";

/** What is done in a state: no launcher; one that does nothing; a text in the panel; a form for a message. */
export type Choice = "hide" | "disable" | "inform" | "form";

/** Why nobody is there. */
export type Availability = "open" | "closed" | "noAgents";

/** What a host may say of its hours and agents. */
export interface AwayOptions {
  whenClosed?: Choice | undefined;
  whenNoAgents?: Choice | undefined;
  /** The host's own answer, in place of the chat server's; nothing leaves it to the server. */
  availability?: (() => unknown) | undefined;
  /** The queue to ask about; else the server is asked for it. */
  queueId?: string | number | undefined;
  /** An address that takes the message of the form. */
  messageEndpoint?: string | undefined;
  /** What the form asks for. */
  messageForm?: object[] | undefined;
}

/** How long an answer is good for, in ms. */
const GOOD_FOR_MS = 60_000;

/** What the launcher says, by language: when it is out of hours, and when there are no agents. From the site's build. */
declare const AWAY_WORDS: string;

export { leave };

/** Keeps the launcher, and what the panel is told, as it is now. Nobody is told that nobody is there in mid-conversation. */
export async function watch(chat: Chat): Promise<void> {
  let asked = -Infinity;
  let known: Availability | undefined;
  const ask = async () => {
    if (performance.now() - asked > GOOD_FOR_MS) {
      asked = performance.now();
      const now = await state(chat.options).catch((error: unknown) => {
        // Whoever cannot find out may still try.
        console.warn("Pipit could not find out whether somebody is there, so it takes it that somebody is:", error);
        return "open" as const;
      });
      if (now !== known) {
        known = now;
        const then = { open: undefined, closed: chat.options.whenClosed, noAgents: chat.options.whenNoAgents }[now];
        chat.away = then ? `${now} ${then}` : "";
        chat.tell("availability:changed", { availability: now });
      }
    }
    show(chat);
  };
  const again = () => void ask();
  document.addEventListener("visibilitychange", again, { signal: chat.signal });
  for (const event of ["widget:opened", "widget:closed", "chat:ended"] as const) {
    chat.on(event, again);
  }
  await ask();
}

function show({ away = "", launcher, options, state }: Chat): void {
  const { frame, button } = launcher;
  const [why = "", then] = away.split(" ");
  // A conversation that there is can be gone on with, whoever is there.
  const isFree = state.isOpen || state.state !== "idle";
  const is = (choice: Choice) => !isFree && then === choice;
  frame.hidden = is("hide");
  button.ariaDisabled = is("disable") ? "true" : null;
  if (is("disable")) {
    const words = options.words?.[why] ?? (JSON.parse(AWAY_WORDS) as Record<string, Record<string, string>>)[choose(options.locale)]![why]!;
    button.ariaLabel = button.title = words;
  } else {
    button.removeAttribute("title");
  }
}
