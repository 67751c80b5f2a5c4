// Finds out what on this page would keep the chat from working, and says in plain words what to do. Loaded when a host calls
// the command `doctor`.

import type { AssetSource, InternalChat } from "./chat-internals";
import type { Finding, Options } from "./contract";
import { validateOptions } from "./options";

/** The smallest WASM module. */
const EMPTY_WASM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** How far the visitor's clock may be off, in ms, before tokens seem to have expired. */
const MAX_CLOCK_ERROR_MS = 60_000;

/** A problem, and what to do about it. */
type Problem = [problem: string, fix: string];

/** Returns a text if all is well. */
type Check = (chat: InternalChat, options: Options, source: AssetSource) => Promise<string | Problem>;

/** The checks in the order in which they run. */
const CHECKS: Record<string, Check> = {
  options: checkOptions,
  browser: checkBrowser,
  policy: checkPolicy,
  files: checkFiles,
  frame: checkFrame,
  storage: checkStorage,
  session: checkSession,
  server: checkServer,
  place: checkPlace,
};

export async function runDoctor(chat: InternalChat, source: AssetSource): Promise<readonly Finding[]> {
  const violations = watchPolicyViolations();
  const options = { ...chat.options };
  const findings: Finding[] = [];
  for (const [check, run] of Object.entries(CHECKS)) {
    const result = await run(chat, options, source).catch((error: Error): Problem => [error.message, "See the console."]);
    if (typeof result === "string") {
      findings.push(Object.freeze({ check, isFine: true, message: result }));
    } else {
      const [message, fix] = result;
      findings.push(Object.freeze({ check, isFine: false, message, fix: violations.takeFix() ?? fix }));
    }
  }
  violations.stop();
  return Object.freeze(findings);
}

/** Watches what the page's policy refuses while the checks run. */
function watchPolicyViolations() {
  let lastViolation: SecurityPolicyViolationEvent | undefined;
  const remember = (event: SecurityPolicyViolationEvent) => {
    lastViolation = event;
  };
  document.addEventListener("securitypolicyviolation", remember);
  return {
    /** The directive to add for the last violation since the previous call. */
    takeFix: (): string | undefined => {
      const violation = lastViolation;
      lastViolation = undefined;
      return violation && `Add to the page's Content-Security-Policy: ${violation.effectiveDirective} ${policySource(violation.blockedURI)}`;
    },
    stop: () => document.removeEventListener("securitypolicyviolation", remember),
  };
}

/** A blocked address as a policy names it: an origin, or a keyword. */
function policySource(blocked: string): string {
  return URL.canParse(blocked) ? new URL(blocked).origin.replace(location.origin, "'self'") : `'${blocked.replace("wasm-eval", "wasm-unsafe-eval")}'`;
}

async function checkOptions({ attributes }: InternalChat, options: Options): ReturnType<Check> {
  try {
    validateOptions(options, attributes);
    return "The options have known names and values.";
  } catch (error) {
    return [(error as Error).message, "Correct it; docs/embed.md lists the options."];
  }
}

async function checkBrowser(): ReturnType<Check> {
  return CSS.supports("color", "light-dark(red, red)")
    ? "The browser is new enough."
    : ["This browser is too old for the panel.", "Use Chrome or Edge 123, Firefox 128, Safari 17.5, or newer."];
}

/** What `checkPolicy` has found. Trying it again would be refused, and reported, again. */
let isWasmAllowed = false;

async function checkPolicy(): ReturnType<Check> {
  isWasmAllowed = false;
  if (!("WebAssembly" in self)) {
    return ["This browser has no WebAssembly; Apple's Lockdown Mode takes it away.", "Show visitors another way to reach you."];
  }
  try {
    // WebKit compiles the module, and only refuses to instantiate it.
    await WebAssembly.instantiate(EMPTY_WASM);
    isWasmAllowed = true;
    return "WebAssembly may run.";
  } catch {
    await violationsReported();
    return ["The page's policy does not let WebAssembly run.", "Add to the page's Content-Security-Policy: script-src 'wasm-unsafe-eval'"];
  }
}

async function checkFiles(_: InternalChat, __: Options, { fetchFile }: AssetSource): ReturnType<Check> {
  const name = "widget_bg.wasm";
  const mediaType = "application/wasm";
  const answer = await fetchFile(name).catch(() => undefined);
  if (!answer) {
    return [`${name} cannot be fetched, or is not the one that was built.`, `Put all files of the widget beside each other; their server has to send Access-Control-Allow-Origin: ${location.origin}`];
  }
  if (!answer.ok) {
    return [`${answer.url} answers with status ${answer.status}.`, "Put all files of the widget beside each other."];
  }
  if (!answer.headers.get("content-type")?.startsWith(mediaType)) {
    return [`${answer.url} comes as ${answer.headers.get("content-type")}.`, `Its server has to send Content-Type: ${mediaType}`];
  }
  return "The widget's files can be fetched.";
}

/**
 * Checks who may embed the frame's page. The lists in it keep strangers out, and the header `frame-ancestors` does so before
 * any script runs. The header can be read only by a page of the frame's own origin.
 */
async function checkFrame(_: InternalChat, __: Options, { loaderUrl }: AssetSource): ReturnType<Check> {
  const address = loaderUrl === undefined ? undefined : new URL("frame.html", loaderUrl);
  const answer = address && (await fetchOrNothing(address.href, {}));
  if (!address || !answer?.ok) {
    return "No frame.html is beside the widget's script: where WebAssembly may not run, the widget shows your other ways of contact.";
  }
  const [, listed = ""] = /name="pipit-frame-origins" content="([^"]*)"/.exec(await answer.text()) ?? [];
  const isOwnOrigin = address.origin === location.origin;
  if (!isOwnOrigin && !isWasmAllowed && !listed.split(" ").includes(location.origin)) {
    return [`The widget's frame may not be embedded by ${location.origin}.`, `Build the widget's files with: cargo xtask bundle --frame-origins ${location.origin}`];
  }
  if (!isOwnOrigin) {
    return "The header of frame.html cannot be seen from this origin; its server has to send `frame-ancestors` with it.";
  }
  const policy = answer.headers.get("content-security-policy") ?? "";
  return /(^|[;,])\s*frame-ancestors\s/i.test(policy)
    ? "Only pages that you list may embed the frame."
    : ["frame.html comes without `frame-ancestors`, so every site may show it.", `Its server has to send Content-Security-Policy: ${`frame-ancestors 'self' ${listed}`.trim()}`];
}

async function checkStorage(): ReturnType<Check> {
  try {
    sessionStorage.setItem("pipit.doctor", "");
    sessionStorage.removeItem("pipit.doctor");
    return "A conversation outlives a reload.";
  } catch {
    return ["This browser keeps nothing for this page.", "A conversation ends with a reload; the visitor is told. Nothing is to be done on the page."];
  }
}

async function checkSession(_: InternalChat, { getSession, sessionEndpoint, jwt }: Options): ReturnType<Check> {
  if (getSession) {
    const signal = AbortSignal.timeout(30_000);
    const session = await Promise.resolve(getSession({ reason: "start", signal, answers: {} })).catch((error: unknown) => error);
    return session instanceof Error || !session
      ? [`\`getSession\` gives no session: ${session}`, "It has to return what establishSessions answers, or a promise of it."]
      : "`getSession` gives something.";
  }
  if (!sessionEndpoint) {
    return jwt ? "There is a token, good for one conversation." : ["Nothing gives sessions.", "Set `sessionEndpoint` or `getSession`."];
  }
  const answer = await fetchOrNothing(sessionEndpoint, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
  if (!answer) {
    return [`${sessionEndpoint} cannot be reached.`, `Where it is of another origin, it has to send Access-Control-Allow-Origin: ${location.origin}`];
  }
  if (!answer.ok) {
    return [`${sessionEndpoint} answers a POST with status ${answer.status}.`, "Look at its own log; it has to answer what establishSessions answers."];
  }
  const clockError = Date.now() - Date.parse(answer.headers.get("date") ?? "");
  if (Math.abs(clockError) > MAX_CLOCK_ERROR_MS) {
    return [`This machine's clock differs from the server's by ${Math.round(clockError / 1_000)} s.`, "Set it; tokens may look run out."];
  }
  return "The session endpoint gives sessions.";
}

async function checkServer(_: InternalChat, { baseUrl }: Options): ReturnType<Check> {
  if (!baseUrl) {
    return "The chat server's address comes with the session.";
  }
  // Only a conversation shows whether this page may read the answers: the server has no address that changes nothing.
  const answer = await fetchOrNothing(baseUrl, { mode: "no-cors" });
  return answer ? "The chat server can be reached." : [`${baseUrl} cannot be reached.`, "Check `baseUrl`, and the network."];
}

async function checkPlace({ host, launcher }: InternalChat): ReturnType<Check> {
  const box = launcher?.button.getBoundingClientRect();
  if (!host || !box?.width) {
    return "No launcher is seen now.";
  }
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const root = host.getRootNode() as Document | ShadowRoot;
  const above = root.elementFromPoint(x, y);
  if (!above) {
    return ["The launcher stands outside the window.", "Set --pipit-offset-inline and --pipit-offset-block."];
  }
  if (above === host) {
    return "Nothing covers the launcher.";
  }
  const id = above.id && `#${above.id}`;
  const classes = [...above.classList].map((name) => `.${name}`).join("");
  return [`\`${above.localName}${id}${classes}\` covers the launcher.`, `Lower its z-index, raise --pipit-z-index, or move the launcher by --pipit-offset-block.`];
}

/** The response, or undefined if the browser gets none. */
async function fetchOrNothing(url: string, request: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(url, { ...request, credentials: "same-origin" });
  } catch {
    await violationsReported();
    return undefined;
  }
}

/** Resolves after the browser has dispatched its events about what the policy has just refused. */
function violationsReported(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
