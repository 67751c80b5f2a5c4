// Makes the record that a host (the web team's code on the page) sends with a report of a bug. The record says what the page and the
// chat are like, and has nothing that a visitor wrote, no token, and no address with a path or a query.

import type { InternalChat } from "./chat-internals";
import { type Finding, type Findings, OPTIONS, type OptionName } from "./contract";

/** What looks like a token or a key: a JWT, or a run of 24 or more characters with a digit. */
const SECRETS = /eyJ[\w.-]+|(?=[A-Za-z+/_=-]*\d)[A-Za-z0-9+/_=-]{24,}/g;

/** The path and the query of an address. Only scheme, host and port stay. */
const PATHS = /(\b\w+:\/\/[^\s/?#"'`]+)[^\s"'`]*/g;

/** Adds the record to the findings, and freezes them. The record is not enumerable, so that `console.table` shows only the findings. */
export function withReport(chat: InternalChat, findings: readonly Finding[], baseUrl: string | undefined): Findings {
  return Object.freeze(Object.defineProperty(findings, "report", { value: makeReport(chat, findings, baseUrl) }) as Findings);
}

/** Returns the record as the text of a JSON object. `baseUrl` is the address of the loader; absent in the npm package. */
export function makeReport(chat: InternalChat, findings: readonly Finding[], baseUrl: string | undefined): string {
  const { state, isOpen, unread, connection } = chat.state;
  const record = {
    page: location.origin,
    isSecure: isSecureContext,
    browser: navigator.userAgent,
    languages: [document.documentElement.lang, navigator.language],
    window: [innerWidth, innerHeight, devicePixelRatio],
    chat: { state, isOpen, unread, connection },
    // A value may be a secret or the name of a visitor, so only choices are in the record with their values.
    settings: Object.fromEntries(Object.entries(chat.options).filter(([name]) => name in OPTIONS).map(([name, value]) => [name, describeOption(name, value)])),
    files: baseUrl === undefined ? [] : loadedFiles(new URL(".", baseUrl).href),
    findings: findings.map(({ check, isFine, message }) => ({ check, isFine, message: isFine ? undefined : withoutSecrets(message) })),
  };
  return JSON.stringify(record, undefined, 1);
}

/** The value of an option that has choices; otherwise only what kind of value it has. */
function describeOption(name: string, value: unknown): string {
  const { choices = [] } = (OPTIONS[name as OptionName] ?? {}) as { readonly choices?: readonly string[] };
  return choices.includes(value as string) ? (value as string) : `(${typeof value})`;
}

/** The names of the widget's files that the page has loaded. Their hashes tell the version. */
function loadedFiles(directory: string): string[] {
  const addresses = performance.getEntriesByType("resource").map(({ name }) => name);
  return addresses.filter((address) => address.startsWith(directory)).map((address) => new URL(address).pathname.split("/").pop() ?? "");
}

/** The text without what looks like a secret, and without paths and queries of addresses. */
export function withoutSecrets(text: string): string {
  return text.replace(PATHS, "$1/…").replace(SECRETS, "(hidden)");
}
