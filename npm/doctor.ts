// Checks whether anything on this page would keep the chat from working, and says in plain words what to do. The script is loaded
// when a host (the web team's code on the page) calls the command `doctor`. Each check that fails gives a problem and its remedy.

import { hasWasmType, WASM_TYPE } from "./assets";
import type { AssetSource, InternalChat } from "./chat-internals";
import type { Finding, Findings, Options } from "./contract";
import { withReport } from "./doctor-report";
import { checkFetch } from "./fetch-check";
import { ancestorsProblem } from "./frame-ancestors";
import { validateOptions } from "./options";
import { absoluteAddress } from "./page-address";
import { pageDocument } from "./page-document";
import { EMPTY_WASM } from "./start-failure";

/** The largest harmless difference between the clocks of this machine and of the session endpoint, in ms. */
const MAX_CLOCK_ERROR_MS = 60_000;

/** What is wrong, and what to do about it. */
type Problem = [problem: string, fix: string];

/** One check. Resolves with a text that says what is fine, or with a problem. `source` fetches the widget's files. */
type Check = (chat: InternalChat, options: Options, source: AssetSource) => Promise<string | Problem>;

/** The checks by their names in the findings, in the order in which they run. `checkFrame` uses the result of `checkPolicy`. */
const CHECKS: Record<string, Check> = {
  options: checkOptions,
  browser: checkBrowser,
  policy: checkPolicy,
  files: checkFiles,
  frame: checkFrame,
  storage: checkStorage,
  session: checkSession,
  server: checkServer,
  fetch: checkPageFetch,
  place: checkLauncherPlace,
};

/** Runs all checks, one after the other. */
export async function runDoctor(chat: InternalChat, source: AssetSource): Promise<Findings> {
  const violations = watchPolicyViolations();
  // A copy, because the host may change options while the checks run.
  const options = { ...chat.options };
  const findings: Finding[] = [];
  for (const [check, run] of Object.entries(CHECKS)) {
    const result = await run(chat, options, source).catch((error: Error): Problem => [error.message, "See the console."]);
    if (typeof result === "string") {
      findings.push(Object.freeze({ check, isFine: true, message: result }));
    } else {
      const [message, fix] = result;
      // If the page's Content-Security-Policy has refused something since the previous problem, that is the likely cause, so the
      // missing directive is the better remedy.
      findings.push(Object.freeze({ check, isFine: false, message, fix: violations.takeFix() ?? fix }));
    }
  }
  violations.stop();
  return withReport(chat, findings, source.loaderUrl);
}

/** Records what the page's Content-Security-Policy refuses while the checks run. */
function watchPolicyViolations() {
  let latestViolation: SecurityPolicyViolationEvent | undefined;
  const remember = (event: SecurityPolicyViolationEvent) => {
    latestViolation = event;
  };
  pageDocument.addEventListener("securitypolicyviolation", remember);
  return {
    /** Names the directive to add, for the latest violation since the previous call. Undefined if there was none. */
    takeFix: (): string | undefined => {
      const violation = latestViolation;
      latestViolation = undefined;
      return violation && `Add to the page's Content-Security-Policy: ${violation.effectiveDirective} ${policySource(violation.blockedURI)}`;
    },
    stop: () => pageDocument.removeEventListener("securitypolicyviolation", remember),
  };
}

/**
 * Returns the source that a policy needs to allow what was blocked: an origin if `blocked` is an address; otherwise `blocked` is a
 * keyword such as `wasm-eval`, and the source is a keyword in quotes.
 */
function policySource(blocked: string): string {
  return URL.canParse(blocked) ? new URL(blocked).origin.replace(location.origin, "'self'") : `'${blocked.replace("wasm-eval", "wasm-unsafe-eval")}'`;
}

/** Checks the names and values of the options, except the values that only the WASM checks. */
async function checkOptions({ attributes }: InternalChat, options: Options): ReturnType<Check> {
  try {
    validateOptions(options, attributes);
    return "The options have known names and values.";
  } catch (error) {
    return [(error as Error).message, "Correct it; docs/embed.md lists the options."];
  }
}

/** Checks that the browser is new enough. `light-dark` is the newest CSS feature that the panel needs. */
async function checkBrowser(): ReturnType<Check> {
  return CSS.supports("color", "light-dark(red, red)")
    ? "The browser is new enough."
    : ["This browser is too old for the panel.", "Use Chrome or Edge 123, Firefox 128, Safari 17.5, or newer."];
}

/** The result of `checkPolicy`. `checkFrame` reads it, because a second attempt would cause a second violation of the policy. */
let isWasmAllowed = false;

/** Checks that the page's Content-Security-Policy lets WebAssembly run. */
async function checkPolicy(): ReturnType<Check> {
  isWasmAllowed = false;
  if (!("WebAssembly" in self)) {
    return ["This browser has no WebAssembly; Apple's Lockdown Mode takes it away.", "Show visitors another way to reach you."];
  }
  try {
    // The module is instantiated, because WebKit compiles it even where the policy forbids WebAssembly.
    await WebAssembly.instantiate(EMPTY_WASM);
    isWasmAllowed = true;
    return "WebAssembly may run.";
  } catch {
    await waitForViolationEvents();
    return ["The page's policy does not let WebAssembly run.", "Add to the page's Content-Security-Policy: script-src 'wasm-unsafe-eval'"];
  }
}

/** Checks that the panel's WASM can be fetched, and that its server sends the media type of WASM. */
async function checkFiles(_: InternalChat, __: Options, { fetchFile }: AssetSource): ReturnType<Check> {
  const name = "widget_bg.wasm";
  const response = await fetchFile(name).catch(() => undefined);
  if (!response) {
    return [`${name} cannot be fetched, or is not the one that was built.`, `Put all files of the widget beside each other; their server has to send Access-Control-Allow-Origin: ${location.origin}`];
  }
  if (!response.ok) {
    return [`${response.url} answers with status ${response.status}.`, "Put all files of the widget beside each other."];
  }
  if (!hasWasmType(response)) {
    return [`${response.url} has the media type ${response.headers.get("content-type")}.`, `Its server has to send Content-Type: ${WASM_TYPE}`];
  }
  return "The widget's files can be fetched.";
}

/**
 * Checks who may embed `frame.html`. If a page does not allow WebAssembly, the panel runs in an iframe with this file. Two things
 * keep other sites from embedding the file: the list of origins in it, and the directive `frame-ancestors` in the headers of its
 * response, which takes effect before any script runs. Only a page of the same origin as the file can read these headers.
 */
async function checkFrame(_: InternalChat, __: Options, { loaderUrl }: AssetSource): ReturnType<Check> {
  const address = loaderUrl === undefined ? undefined : new URL("frame.html", loaderUrl);
  const response = address && (await fetchOrNothing(address.href, {}));
  if (!address || !response?.ok) {
    return "No frame.html is beside the widget's script: where WebAssembly may not run, the widget shows your other ways of contact.";
  }
  const [, listed = ""] = /name="pipit-frame-origins" content="([^"]*)"/.exec(await response.text()) ?? [];
  const isOwnOrigin = address.origin === location.origin;
  // The list does not matter on the file's own origin, which may always embed it, nor if WebAssembly may run on this page: the widget
  // then does not need the frame.
  if (!isOwnOrigin && !isWasmAllowed && !listed.split(" ").includes(location.origin)) {
    return [`The widget's frame may not be embedded by ${location.origin}.`, `Build the widget's files with: cargo xtask bundle --frame-origins ${location.origin}`];
  }
  if (!isOwnOrigin) {
    return "This page cannot read the headers of frame.html, which is of another origin; its server has to send `frame-ancestors` with it.";
  }
  const problem = ancestorsProblem(response.headers.get("content-security-policy") ?? "", address.origin, listed.split(" ").filter(Boolean));
  return problem === undefined ? "Only pages that you list may embed the frame." : [problem, `Its server has to send Content-Security-Policy: ${`frame-ancestors 'self' ${listed}`.trim()}`];
}

/** Checks that the browser lets the page use its session storage, where the conversation is stored for a reload. */
async function checkStorage(): ReturnType<Check> {
  try {
    sessionStorage.setItem("pipit.doctor", "");
    sessionStorage.removeItem("pipit.doctor");
    return "A conversation continues after a reload.";
  } catch {
    return ["This browser stores nothing for this page.", "A conversation ends with a reload, and the visitor is warned. There is nothing to change on the page."];
  }
}

/** The session that `checkSession` got, as text. Empty if it got none. `checkPageFetch` reads the chat server's address from it. */
let sessionText = "";

/**
 * Checks that Pipit can get a session of the chat API. Requests a session from the function or the endpoint that the options name.
 */
async function checkSession(_: InternalChat, { getSession, sessionEndpoint, jwt }: Options): ReturnType<Check> {
  sessionText = "";
  if (getSession) {
    // In a conversation, the function has 30 s, too.
    const signal = AbortSignal.timeout(30_000);
    const session = await Promise.resolve(getSession({ reason: "start", signal, answers: {} })).catch((error: unknown) => error);
    sessionText = JSON.stringify(session) ?? "";
    return session instanceof Error || !session
      ? [`\`getSession\` returns no session: ${session}`, "It has to return the answer of establishSessions, or a promise of it."]
      : "`getSession` returns something; only a conversation shows whether it is a valid session.";
  }
  if (!sessionEndpoint) {
    return jwt ? "The option `jwt` has a token, which is valid for one conversation." : ["No option says where sessions come from.", "Set `sessionEndpoint` or `getSession`."];
  }
  const response = await fetchOrNothing(sessionEndpoint, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
  if (!response) {
    return [`${sessionEndpoint} cannot be reached.`, `If it is of another origin, it has to send Access-Control-Allow-Origin: ${location.origin}`];
  }
  if (!response.ok) {
    return [`${sessionEndpoint} answers a POST with status ${response.status}.`, "Look at its log; it has to return the answer of establishSessions."];
  }
  sessionText = await response.text();
  if (!/"(channelToken|jwt)"\s*:/.test(sessionText)) {
    const kind = sessionText.trimStart().startsWith("<") ? "a web page" : "something else than a session";
    return [`${sessionEndpoint} answers a POST with ${kind}.`, "It has to return the answer of establishSessions. Look for a service worker of this page that answers in its place."];
  }
  // The difference is not a number, and counts as harmless, if this page cannot read the header `date`: another origin may hide it.
  const clockError = Date.now() - Date.parse(response.headers.get("date") ?? "");
  if (Math.abs(clockError) > MAX_CLOCK_ERROR_MS) {
    return [`This machine's clock differs from the server's by ${Math.round(clockError / 1_000)} s.`, "Set it; valid tokens may seem to have expired."];
  }
  return "The session endpoint gives sessions.";
}

/** Checks that the chat server can be reached, if the options name it. */
async function checkServer(_: InternalChat, { baseUrl }: Options): ReturnType<Check> {
  if (!baseUrl) {
    return "The session names the chat server's address.";
  }
  // In the mode `no-cors`, this page cannot read the answer. The check only finds out whether the server can be reached.
  const response = await fetchOrNothing(baseUrl, { mode: "no-cors" });
  return response ? "The chat server can be reached." : [`${baseUrl} cannot be reached.`, "Check `baseUrl`, and the network."];
}

/**
 * Checks that the page's `fetch` does not break the requests to the chat server. Scripts of the page may have replaced it. If the
 * page got no session from its own server, checks the requests to that server instead.
 */
async function checkPageFetch(_: InternalChat, options: Options): ReturnType<Check> {
  const { sessionEndpoint } = options;
  const chatServer = chatServerAddress(options);
  const problem = chatServer ? await checkFetch(chatServer, ["SessionId", "Content-Type"]) : sessionEndpoint && (await checkFetch(sessionEndpoint, ["Content-Type"]));
  return problem ? [problem.message, problem.fix] : "No script of the page breaks the requests to the chat server.";
}

/** Returns an address of the chat server. Reads what the options do not say from the session. Empty if neither says it. */
function chatServerAddress({ baseUrl, site, pool }: Options): string {
  /** Reads a member of the session, whose JSON may contain further JSON as text. */
  const read = (name: string) => new RegExp(`"${name}\\\\*":\\s*(?:\\\\*")?([^"\\\\,}]+)`).exec(sessionText)?.[1] ?? "";
  const domain = read("domain");
  const port = Number(read("port"));
  const scheme = ["localhost", "127.0.0.1", "[::1]"].includes(domain) ? "http" : "https";
  const base = baseUrl?.replace(/\/+$/, "") ?? (domain && `${scheme}://${domain}${port > 0 ? `:${port}` : ""}`);
  const query = new URLSearchParams({ pool: pool ?? read("pool") });
  return base && `${base}/engagement/api/consumer/${encodeURIComponent(site ?? read("siteName"))}/v1/getMessages?${query}`;
}

/** Checks that the middle of the launcher (the button that opens the panel) is in the window, and that nothing covers it. */
async function checkLauncherPlace({ host, launcher }: InternalChat): ReturnType<Check> {
  const box = launcher?.button.getBoundingClientRect();
  if (!host || !box?.width) {
    return "The launcher is not shown now.";
  }
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const root = host.getRootNode() as Document | ShadowRoot;
  const topElement = root.elementFromPoint(x, y);
  if (!topElement) {
    return ["The launcher is outside the window.", "Set --pipit-offset-inline and --pipit-offset-block."];
  }
  // An element inside <pipit-chat>, such as the launcher, is reported as <pipit-chat>.
  if (topElement === host) {
    return "Nothing covers the launcher.";
  }
  const id = topElement.id && `#${topElement.id}`;
  const classes = [...topElement.classList].map((name) => `.${name}`).join("");
  return [`\`${topElement.localName}${id}${classes}\` covers the launcher.`, `Lower its z-index, raise --pipit-z-index, or move the launcher by --pipit-offset-block.`];
}

/**
 * Fetches an address, which may be relative to the page. Resolves with undefined if the browser gets no response, or refuses the
 * request.
 */
async function fetchOrNothing(url: string, request: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(absoluteAddress(url), { ...request, credentials: "same-origin" });
  } catch {
    await waitForViolationEvents();
    return undefined;
  }
}

/** Resolves after the browser has dispatched the events about violations that have just happened. */
function waitForViolationEvents(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
