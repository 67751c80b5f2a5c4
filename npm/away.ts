// What the widget is when nobody is there. The part that finds that out is loaded only for sites that ask.

/** What is done in a state: no launcher; one that does nothing; a text in the panel; a form for a message. */
export type Choice = "hide" | "disable" | "inform" | "form";

/** Why nobody is there. */
export type State = "open" | "closed" | "noAgents";

/** What a host may say of its hours and agents. */
export interface AwayOptions {
  whenClosed?: string | undefined;
  whenNoAgents?: string | undefined;
  /** The host's own answer, in place of the chat server's; nothing leaves it to the server. */
  availability?: (() => unknown) | undefined;
  /** The queue to ask about; else the server is asked for it. */
  queueId?: string | number | undefined;
  /** An address that takes the message of the form. */
  messageEndpoint?: string | undefined;
  /** What the form asks for. */
  messageForm?: object[] | undefined;
}

/** Where the chat server is, as far as the page says it: before a start there is no session to tell it. */
export interface Server {
  baseUrl?: string | undefined;
  site?: string | undefined;
  pool?: string | undefined;
}

/** What `src/options.rs` takes. */
export interface Away {
  /** Gives nothing while somebody is there, else the state and what is done in it: `closed form`. */
  away?: () => Promise<string>;
  leaveMessage?: (answers: string) => Promise<void>;
  messageForm?: object[];
}

/** How long an answer is good for, in ms. */
const GOOD_FOR_MS = 60_000;

const MESSAGE_FORM = [{ name: "emailAddress", required: true }, { name: "question", required: true }];

export function away(given: AwayOptions, server: Server, beside: (name: string) => URL): Away {
  const { messageEndpoint, messageForm = MESSAGE_FORM } = given;
  const choices = { closed: choice("whenClosed", given), noAgents: choice("whenNoAgents", given) };
  if (!choices.closed && !choices.noAgents) {
    return {};
  }
  const load = () => import(beside("availability.js").href) as Promise<typeof import("./availability")>;
  let asked = -Infinity;
  let answer = Promise.resolve("");
  return {
    away() {
      if (performance.now() - asked > GOOD_FOR_MS) {
        asked = performance.now();
        answer = load()
          .then((part) => part.state(given, server))
          .then((state) => (state !== "open" && choices[state] ? `${state} ${choices[state]}` : ""))
          // Whoever cannot find out may still try.
          .catch((error: unknown) => {
            console.warn("Pipit could not find out whether somebody is there, so it takes it that somebody is:", error);
            return "";
          });
      }
      return answer;
    },
    leaveMessage: async (answers) => (await load()).leave(messageEndpoint ?? "", answers),
    messageForm,
  };
}

function choice(name: "whenClosed" | "whenNoAgents", given: AwayOptions): Choice | undefined {
  const chosen = given[name];
  if (chosen !== undefined && !["hide", "disable", "inform", "form"].includes(chosen)) {
    throw new Error(`its option \`${name}\` must be \`hide\`, \`disable\`, \`inform\` or \`form\`.`);
  }
  if (chosen === "form" && given.messageEndpoint === undefined) {
    throw new Error(`its option \`${name}\` is \`form\`, so \`messageEndpoint\` must say where the message goes.`);
  }
  return chosen as Choice | undefined;
}
