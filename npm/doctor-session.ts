// Reads a session for the command `doctor`. The WASM reads sessions in a conversation (`crates/wire/src/session.rs`); this file accepts
// what the WASM accepts. `crates/wire/src/tests/sessions.json` has the texts with which both sides are tested.

import type { Options } from "./contract";

/** What the checks need of a session. A member that the session does not have is an empty text. */
export interface ReadSession {
  readonly token: string;
  readonly site: string;
  readonly pool: string;
  /** The host of the chat server. */
  readonly domain: string;
  /** The port of the chat server; 0 if the session names none. */
  readonly port: number;
}

type Members = Record<string, unknown>;

/** Returns the first of the named members that is a text with content. */
function textOf(members: Members, names: readonly string[]): string {
  const texts = names.map((name) => members[name]);
  return texts.find((text): text is string => typeof text === "string" && text !== "") ?? "";
}

/** Parses a JSON object. Undefined if the text has none. The text may have something before and after the object. */
function parseObject(text: string): Members | undefined {
  for (const candidate of [text, text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      return isObject(value) ? value : undefined;
    } catch {
      // The next candidate may be JSON.
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a session from JSON. Undefined if the text is no session: it is no JSON object, or it has no token. */
export function readSession(text: string): ReadSession | undefined {
  const outer = parseObject(text);
  const token = outer && textOf(outer, ["channelToken", "jwt"]);
  if (!outer || !token) {
    return undefined;
  }
  const given = outer["sessionServerResponse"];
  const parsed = typeof given === "string" ? parseObject(given) : given;
  if (typeof given === "string" && !parsed) {
    return undefined;
  }
  const server = isObject(parsed) ? parsed : outer;
  const port = Number(server["port"]);
  return { token, site: textOf(outer, ["siteName", "chatSiteName", "site"]), pool: textOf(server, ["pool", "poolId"]), domain: textOf(server, ["domain"]), port: port > 0 && port < 65_536 ? port : 0 };
}

/** Reads what an option `jwt` or a function of the host gives: a token alone, a session as JSON, or a session as an object. */
export function readGivenSession(given: unknown): ReadSession | undefined {
  if (typeof given !== "string") {
    return readSession(JSON.stringify(given) ?? "");
  }
  const text = given.trim();
  return text === "" || /[ \n<{]/.test(text) ? readSession(text) : { token: text, site: "", pool: "", domain: "", port: 0 };
}

/** Returns the origin of a chat server. Only a server on this machine is called without encryption. */
function originOf({ domain, port }: ReadSession): string {
  const host = domain.toLowerCase();
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d*)?$/.test(host);
  return `${isLocal ? "http" : "https"}://${port ? `${host.replace(/:\d*$/, "")}:${port}` : host}`;
}

/** Whether the token's time is over (its claim `exp`, in s since 1970). A token without a readable time is not taken to be over. */
export function isExpired(token: string, now: number): boolean {
  try {
    const claims = JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: unknown };
    return typeof claims.exp === "number" && claims.exp * 1_000 < now;
  } catch {
    return false;
  }
}

/** Where the chat server is, as a conversation with these options and this session takes it. */
export interface ChatServer {
  readonly origin: string;
  readonly site: string;
  readonly pool: string;
}

/** Takes each part from the options, or from the session. A part that neither has is an empty text. */
export function chatServerOf({ baseUrl, site, pool }: Options, session: ReadSession | undefined): ChatServer {
  return { origin: baseUrl?.replace(/\/+$/, "") ?? (session?.domain ? originOf(session) : ""), site: site ?? session?.site ?? "", pool: pool ?? session?.pool ?? "" };
}

/** Returns the address of an operation of the chat server. */
export function operationAddress({ origin, site, pool }: ChatServer, operation: string, query: Record<string, string> = {}): string {
  const parameters = new URLSearchParams({ ...(pool && { pool }), ...query });
  return `${origin}/engagement/api/consumer/${encodeURIComponent(site)}/v1/${operation}?${parameters}`;
}
