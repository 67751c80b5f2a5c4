// The checks of the command `doctor` that concern servers: the session endpoint, the chat server, and what keeps requests from them.

import { requestAvailability } from "./availability-request";
import type { InternalChat } from "./chat-internals";
import type { Options } from "./contract";
import type { CheckResult } from "./doctor-problems";
import { corsFix, isWebPage, type Outcome, request, timeoutSignal } from "./doctor-request";
import { type ChatServer, chatServerOf, isExpired, operationAddress, readGivenSession, readSession, type ReadSession } from "./doctor-session";
import { checkFetch } from "./fetch-check";

/** The largest harmless difference between the clocks of this machine and of the session endpoint, in ms. */
const MAX_CLOCK_ERROR_MS = 60_000;

/** The session that `checkSession` got. Undefined if it got none. Later checks read the chat server's address from it. */
let session: ReadSession | undefined;

const RIGHT_ANSWER = "It has to return the answer of establishSessions.";

/** Checks that Pipit can get a session of the chat API, in the way that the options name. */
export async function checkSession(options: Options): Promise<CheckResult> {
  session = undefined;
  const { getSession, sessionEndpoint, jwt } = options;
  if (getSession) {
    return checkFunction(getSession);
  }
  if (sessionEndpoint) {
    return checkEndpoint(sessionEndpoint);
  }
  return jwt ? checkSessionText(readGivenSession(jwt), "The option `jwt`", `${jwt}`) : ["session-source-missing", "No option says where sessions come from.", "Set `sessionEndpoint` or `getSession`."];
}

/** Calls the host's function for sessions. */
async function checkFunction(getSession: NonNullable<Options["getSession"]>): Promise<CheckResult> {
  const signal = timeoutSignal();
  const timeout = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Error("it has not answered within 10 s"))));
  let given: unknown;
  try {
    given = await Promise.race([getSession({ reason: "start", signal, answers: {} }), timeout]);
  } catch (error) {
    return ["session-function-failed", `\`getSession\` fails: ${(Object(error) as Partial<Error>).message ?? error}.`, RIGHT_ANSWER];
  }
  return checkSessionText(readGivenSession(given), "`getSession`", typeof given === "string" ? given : "");
}

/** Says whether a session is one, and whether its token is still valid. `giver` has given it, as `text`. */
function checkSessionText(read: ReadSession | undefined, giver: string, text: string): CheckResult {
  if (!read) {
    return isWebPage(text)
      ? ["session-is-page", `${giver} gives a web page in place of a session.`, `${RIGHT_ANSWER} Look for a sign-in page, or a service worker of this page that answers in its place.`]
      : ["session-unreadable", `${giver} gives something else than a session: it needs a text \`channelToken\` or \`jwt\`.`, `${RIGHT_ANSWER} docs/embed.md has the three shapes.`];
  }
  if (isExpired(read.token, Date.now())) {
    return ["session-expired", `${giver} gives a token whose time is over.`, "Make a new session for each conversation; do not cache the answer. Check the clocks of this machine and of the server."];
  }
  session = read;
  return `${giver} gives sessions. Only a conversation shows whether the chat server accepts them.`;
}

/** Requests a session from the host's server. */
async function checkEndpoint(address: string): Promise<CheckResult> {
  const outcome = await request(address, { method: "POST", body: "{}", headers: { "Content-Type": "application/json; charset=utf-8" }, credentials: "same-origin" });
  switch (outcome.kind) {
    case "policy":
      return ["session-blocked-by-policy", `The page's Content-Security-Policy does not allow requests to ${address}.`, outcome.fix];
    case "redirect":
      return ["session-redirected", `${address} redirects a POST, for example to a sign-in page. Pipit follows no redirect.`, "Answer at this address, with status 401 if the visitor has to sign in."];
    case "cors":
      return ["session-blocked-by-cors", `${address} answers, but this page may not read the answer.`, corsFix("Content-Type")];
    case "unreachable":
      return ["session-unreachable", `${address} cannot be reached.`, "Check the address, the server's certificate and the network."];
    case "answer":
      return checkAnswer(address, outcome.response);
  }
}

/** Checks the answer of the host's server. */
async function checkAnswer(address: string, response: Response): Promise<CheckResult> {
  const giver = `${address}, asked by POST,`;
  if (!response.ok) {
    return ["session-refused", `${address} answers a POST with status ${response.status}.`, `Look at its log. ${RIGHT_ANSWER}`];
  }
  const text = await response.text();
  const result = checkSessionText(readSession(text), giver, text);
  // The difference is not a number, and counts as harmless, if this page cannot read the header `date`: another origin may hide it.
  const clockError = Date.now() - Date.parse(response.headers.get("date") ?? "");
  if (typeof result === "string" && Math.abs(clockError) > MAX_CLOCK_ERROR_MS) {
    return ["clock-wrong", `This machine's clock differs from the server's by ${Math.round(clockError / 1_000)} s.`, "Set it; valid tokens may seem to have expired."];
  }
  return result;
}

/**
 * Checks that the chat server can be reached, lets this page read its answers, and is a chat server. Two requests show it: one that
 * needs no session and asks for the visitor's queue, and one with the headers of a conversation and no valid session, which the server
 * refuses. Neither changes anything at the server.
 */
export async function checkServer(options: Options): Promise<CheckResult> {
  const server = chatServerOf(options, session);
  const missing = [!server.origin && "address", !server.site && "site"].filter(Boolean);
  if (missing.length > 0 && !session) {
    return "The chat server is not known, because there is no session that names it.";
  }
  if (missing.length > 0) {
    return ["server-unnamed", `Neither the session nor an option names the chat server's ${missing.join(" and ")}.`, "Return the whole answer of establishSessions, or set `baseUrl` and `site`."];
  }
  const headers = { "Content-Type": "application/json; charset=utf-8", SessionId: "-", Authorization: "Bearer -" };
  const conversation = await request(operationAddress(server, "getMessages"), { method: "POST", body: "{}", headers, credentials: "omit" });
  const problem = explainServer(server, conversation, Object.keys(headers).join(", "));
  if (problem) {
    return problem;
  }
  return checkQueue(server, await request(operationAddress(server, "getEngagementQueue", { request: "{}" }), { credentials: "omit" }));
}

/** Says why the chat server does not answer this page. Undefined if it answers. */
function explainServer({ origin }: ChatServer, outcome: Outcome, headers: string): CheckResult | undefined {
  switch (outcome.kind) {
    case "policy":
      return ["server-blocked-by-policy", `The page's Content-Security-Policy does not allow requests to the chat server ${origin}.`, outcome.fix];
    case "redirect":
      return ["server-redirected", `${origin} redirects requests. Pipit follows no redirect.`, "Correct `baseUrl`: it is scheme, host and port of the chat server itself."];
    case "cors":
      return ["server-blocked-by-cors", `The chat server ${origin} answers, but this page may not read the answer.`, corsFix(headers)];
    case "unreachable":
      return ["server-unreachable", `The chat server ${origin} cannot be reached.`, "Check `baseUrl`, the session's `domain`, and the network."];
    case "answer":
      return undefined;
  }
}

/** Checks the answer to the request for the visitor's queue. */
async function checkQueue(server: ChatServer, outcome: Outcome): Promise<CheckResult> {
  const problem = explainServer(server, outcome, "");
  if (problem || outcome.kind !== "answer") {
    return problem ?? "";
  }
  const { response } = outcome;
  const text = await response.text();
  if (!response.ok) {
    return ["server-refused", `${server.origin} answers for the site \`${server.site}\` with status ${response.status}.`, "Check `site` and `pool`, and whether this is the address of a chat server."];
  }
  return /"queueId/.test(text)
    ? "The chat server can be reached, and this page may read its answers."
    : ["server-is-other", `${server.origin} is no chat server: it answers with ${isWebPage(text) ? "a web page" : "something else than a queue"}.`, "Correct `baseUrl`. Look for a service worker of this page that answers in its place."];
}

/**
 * Checks that the page's `fetch` does not break the requests to the chat server. Scripts of the page may have replaced it. If the
 * page got no session from its own server, checks the requests to that server instead.
 */
export async function checkPageFetch(options: Options): Promise<CheckResult> {
  const server = chatServerOf(options, session);
  const { sessionEndpoint } = options;
  const problem = server.origin ? await checkFetch(operationAddress(server, "getMessages"), ["SessionId", "Content-Type"]) : sessionEndpoint && (await checkFetch(sessionEndpoint, ["Content-Type"]));
  return problem ? ["fetch-breaks-requests", problem.message, problem.fix] : "No script of the page breaks the requests to the chat server.";
}

/** Asks for the availability of agents, if the options want that. */
export async function checkAvailability({ options }: InternalChat): Promise<CheckResult> {
  if (!options.whenClosed && !options.whenNoAgents) {
    return "The options do not ask for the availability of agents.";
  }
  try {
    return `The service is ${{ open: "open", closed: "closed", noAgents: "open, without agents" }[await requestAvailability(options)]} now.`;
  } catch (error) {
    return ["availability-unknown", `It cannot be found out whether agents are available: ${(error as Error).message}`, "The chat counts as open. Correct `availability`, or `baseUrl`, `site` and `queueId`."];
  }
}
