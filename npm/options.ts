// Checks the options that the web team has set, makes their addresses absolute, and selects the options that the WASM reads. The
// panel checks the options when it is loaded and when an option changes. The table `OPTIONS` in `contract.ts` lists the options and
// their allowed values.

import { accentRule } from "./accent-palette";
import { loadScript } from "./assets";
import type { InternalChat } from "./chat-internals";
import { parseContacts } from "./contact";
import { OPTIONS, type Options, type OptionTraits } from "./contract";
import { PipitError } from "./error";
import { fromInlayAttributes } from "./oracle-inlay-compat";
import { absoluteAddress } from "./page-address";

/** The largest number of sentences that an option may have. More would not fit on a phone. */
const MAX_SENTENCES = 6;

/** Returns the row of an option in the table; undefined if there is no such option. */
const traitsOf = (name: string): OptionTraits | undefined => (Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof Options] : undefined);

/**
 * Whether an option may change while a panel is on the page. A function may replace another one under every name, because frameworks
 * often make the functions in the options anew each time they draw a component.
 */
export const mayChange = (name: string, current: unknown, next: unknown): boolean => !!traitsOf(name)?.isLive || (typeof current === "function" && typeof next === "function");

/** Returns the options that the WASM reads, except functions. The panel wraps the functions, so that the host may replace them. */
export function optionsForWasm(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => traitsOf(name)?.isForWasm && typeof value !== "function"));
}

/** Replaces the text `config`, which the element <pipit-chat> may have, by the options in it (`config-text.ts`). */
export const expandConfigText = async (chat: InternalChat, options: Options): Promise<Options> =>
  "config" in options ? (await loadScript("watchers")).withConfigText(chat, options) : options;

/**
 * Checks the options, converts attributes of Oracle's chat inlay (Oracle's own chat element) to options, makes addresses absolute,
 * and splits texts with commas into lists. An empty address is the same as none. Throws `E_OPTION` with the name of a wrong option.
 *
 * `attributes` has a property for each attribute of the element or of the script tag, named as the option that the attribute would
 * set. The values of these properties are not read. An unknown option with the name of such a property is ignored, because other
 * scripts may have put the attribute on the element. Any other unknown option is an error.
 *
 * `current` has the checked options that are set already, if `options` only changes some of them.
 */
export function validateOptions(options: Options, attributes: object = {}, current: Options = {}): Options {
  // The option `title` is set by the attribute `chat-title`, because browsers show a tooltip for an attribute `title`.
  // If both are given, `title` wins.
  const { chatTitle, ...others } = fromInlayAttributes({ __proto__: null, ...options });
  const withTitle = chatTitle ? { title: chatTitle, ...others } : others;
  // Unknown names that are not attributes stay in this list, so that `checkOption` throws an error about them.
  const toCheck = Object.entries(withTitle).filter(([name]) => traitsOf(name) || !Object.hasOwn(attributes, name));
  for (const [name, value] of toCheck) {
    checkOption(name, value);
  }
  const checked = Object.fromEntries(toCheck) as Record<string, unknown>;
  // Throws `E_OPTION` if the contacts are wrong. The fallback card later parses them again.
  parseContacts(checked["contact"] as Options["contact"]);
  for (const [name, value] of toCheck) {
    const kind = traitsOf(name)?.kind;
    if (value && kind === "list") {
      // The template turns an array into a text with commas, so that arrays and texts are split in the same way.
      checked[name] = `${value}`.split(",").map((item) => item.trim());
    } else if (value && kind === "sentences") {
      // Sentences may contain commas.
      const sentences = Array.isArray(value) ? value : `${value}`.split("|");
      checked[name] = sentences.map((sentence) => `${sentence}`.trim()).filter(Boolean).slice(0, MAX_SENTENCES);
    } else if (kind === "object" && Array.isArray(value)) {
      // The fields of a form. Without a prototype, a member of a field cannot come from `Object.prototype`.
      checked[name] = value.map((field: object) => ({ __proto__: null, ...field }));
    } else if (kind === "address" && typeof value === "string") {
      checked[name] = value ? absoluteAddress(value) : undefined;
    }
  }
  const all = { __proto__: null, ...current, ...checked } as Options;
  for (const name of ["whenClosed", "whenNoAgents"] as const) {
    if (all[name] === "form" && !all.messageEndpoint) {
      throw new PipitError("E_OPTION", `the option \`${name}\` is \`form\`, so \`messageEndpoint\` must say where the message goes.`);
    }
  }
  // Without a prototype, no later reader takes an option from `Object.prototype`.
  return { __proto__: null, ...checked } as Options;
}

/**
 * Checks that an option exists. Checks its value only if the option has a fixed set of choices, or is `accent`. The WASM checks the
 * other values that it reads.
 */
function checkOption(name: string, value: unknown): void {
  const traits = traitsOf(name);
  if (!traits) {
    throw new PipitError("E_OPTION", `there is no option \`${name}\`.`);
  }
  if (value === undefined || value === null) {
    return;
  }
  if (traits.choices && !traits.choices.includes(value as string)) {
    throw new PipitError("E_OPTION", `the option \`${name}\` must be one of: ${traits.choices.join(" ")}.`);
  }
  if (name === "accent" && !accentRule(value as string)) {
    throw new PipitError("E_OPTION", "the option `accent` must be a colour such as `#1f6f5c` or `rgb(31, 111, 92)`.");
  }
}
