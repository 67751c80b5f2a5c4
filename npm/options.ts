// What a host may configure.

import type { FileOptions } from "./attachments";
import type { AwayOptions } from "./availability";
import { type ContactOptions, contacts } from "./contact";
import { PipitError } from "./error";
import { fromInlay } from "./oracle-inlay-compat";
import { paint } from "./accent-palette";
import type { NewsOptions } from "./notifications";

/** A session, in any of the shapes of docs/embed.md; or the token alone. */
export type Session = string | Record<string, unknown>;

/** Why a session is wanted, and until when. */
export interface SessionWanted {
  readonly reason: "start" | "expiring" | "rejected";
  readonly signal: AbortSignal;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** One thing that the visitor is asked before a conversation. */
export interface Field {
  name: string;
  label?: string;
  type?: "text" | "email" | "textarea" | "select" | "checkbox";
  required?: boolean;
  options?: (string | { value: string | number; label: string })[];
  value?: string;
  autocomplete?: string;
}

/** What a host may configure; docs/embed.md says what each means. */
export interface Options extends AwayOptions, ContactOptions, FileOptions, NewsOptions {
  sessionEndpoint?: string;
  getSession?: (wanted: SessionWanted) => Session | Promise<Session>;
  jwt?: string;
  site?: string;
  pool?: string;
  baseUrl?: string;
  surveyBase?: string;
  surveyTemplate?: string;
  /** A list, or a text with commas between. */
  allowedHosts?: string[] | string;
  absentLimitSeconds?: number;
  title?: string;
  theme?: "auto" | "light" | "dark";
  accent?: string;
  side?: "left" | "right";
  mode?: "floating" | "inline" | "page";
  /** The element that the chat is put into, or a selector of it. */
  target?: string | Element;
  load?: "interaction" | "idle" | "eager" | "manual";
  form?: Field[];
  prefill?: Record<string, unknown>;
  consent?: string;
  /** May change what is sent, or give `null` for nothing. */
  beforeSend?: (text: string) => string | null | Promise<string | null>;
  /** May change what an agent says before it is shown, or give `null` for nothing. At once: no promise. */
  beforeRender?: (message: { readonly id: string; readonly name: string; readonly text: string; readonly isHtml: boolean }) => string | null;
  locale?: string;
  words?: Record<string, string>;
}

/** All of them. */
const NAMES =
  "sessionEndpoint getSession jwt site pool baseUrl surveyBase surveyTemplate allowedHosts absentLimitSeconds title theme accent side mode target load form prefill consent locale words beforeSend beforeRender uploadEndpoint uploadTypes uploadMaxBytes whenClosed whenNoAgents availability queueId messageEndpoint messageForm sound titleCount contact".split(" ");

/** Those that the panel's code need not know. */
const OURS =
  "theme accent side target load uploadEndpoint uploadTypes uploadMaxBytes whenClosed whenNoAgents availability queueId messageEndpoint messageForm sound titleCount contact".split(" ");

/** Those that may be changed while a panel is there; all others are for the next conversation's page. */
export const LIVE = "title theme accent side consent locale form prefill words".split(" ");

/** What the launcher's side of it may be; the panel checks the rest. */
const CHOICES: Record<string, string> = {
  theme: "auto light dark",
  side: "right left",
  mode: "floating inline page",
  load: "interaction idle eager manual",
  whenClosed: "hide disable inform form",
  whenNoAgents: "hide disable inform form",
  sound: "on off",
  titleCount: "on off",
};

/** The part of the options that is the panel's. */
export function forPanel(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !OURS.includes(name)));
}

/** The options as the panel takes them. Throws `E_OPTION`. Attributes of another name are not ours. */
export function checked(options: Options, attributes: object = {}): Options {
  const { chatTitle, ...given } = fromInlay(options as Record<string, unknown>);
  const named = { ...(chatTitle ? { title: chatTitle } : {}), ...given };
  const entries = Object.entries(named).filter(([name]) => NAMES.includes(name) || !(name in attributes));
  for (const [name, value] of entries) {
    const choices = CHOICES[name];
    if (!NAMES.includes(name)) {
      throw new PipitError("E_OPTION", `there is no option \`${name}\`.`);
    }
    if (choices && value != null && !choices.split(" ").includes(value as string)) {
      throw new PipitError("E_OPTION", `the option \`${name}\` must be one of: ${choices}.`);
    }
    if (name === "accent" && value != null && !paint(value as string)) {
      throw new PipitError("E_OPTION", "the option `accent` must be a colour such as `#1f6f5c` or `rgb(31, 111, 92)`.");
    }
  }
  const found = Object.fromEntries(entries) as Record<string, unknown>;
  contacts(found["contact"] as Options["contact"]);
  for (const name of ["allowedHosts", "uploadTypes"]) {
    if (found[name]) {
      found[name] = `${found[name]}`.split(",").map((item) => item.trim());
    }
  }
  for (const name of ["whenClosed", "whenNoAgents"]) {
    if (found[name] === "form" && !found["messageEndpoint"]) {
      throw new PipitError("E_OPTION", `the option \`${name}\` is \`form\`, so \`messageEndpoint\` must say where the message goes.`);
    }
  }
  return found as Options;
}
