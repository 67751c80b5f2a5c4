// Tells in plain words what on this page would keep the chat from working, and what to do. Loaded when it is asked.

import type { Finding } from "./api";
import type { Chat } from "./chat";
import type { Files } from "./assets";
import { checked, type Options } from "./options";

/** The smallest module there is. */
const EMPTY_WASM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** How far a visitor's clock may be off, in ms: tokens that have just been made must not look run out. */
const CLOCK_MS = 60_000;

type Check = (chat: Chat, options: Options, get: Files["get"]) => Promise<string | [problem: string, fix: string]>;

/** What is looked at, in this order. A text is a good answer; a pair is a problem and what to do about it. */
const CHECKS: Record<string, Check> = { options, browser, policy, files: served, storage, session, server, place };

export async function doctor(chat: Chat, { get }: Files): Promise<readonly Finding[]> {
  const refused = listen();
  const wanted = { ...chat.options };
  const findings: Finding[] = [];
  for (const [check, look] of Object.entries(CHECKS)) {
    const found = await look(chat, wanted, get).catch((error: Error): [string, string] => [error.message, refused.fix() ?? "See the console."]);
    const [message, fix] = typeof found === "string" ? [found] : [found[0], refused.fix() ?? found[1]];
    findings.push(Object.freeze({ check, isFine: fix === undefined, message, ...(fix !== undefined && { fix }) }));
  }
  refused.end();
  return Object.freeze(findings);
}

/** What the page's policy refuses meanwhile. */
function listen() {
  let last: SecurityPolicyViolationEvent | undefined;
  const hear = (event: SecurityPolicyViolationEvent) => (last = event);
  document.addEventListener("securitypolicyviolation", hear);
  return {
    /** The directive to add, for what was refused since this was asked last. */
    fix: (): string | undefined => {
      const event = last;
      last = undefined;
      return event && `Add to the page's Content-Security-Policy: ${event.effectiveDirective} ${source(event.blockedURI)}`;
    },
    end: () => document.removeEventListener("securitypolicyviolation", hear),
  };
}

function source(blocked: string): string {
  return URL.canParse(blocked) ? new URL(blocked).origin.replace(location.origin, "'self'") : `'${blocked.replace("wasm-eval", "wasm-unsafe-eval")}'`;
}

async function options({ attributes }: Chat, options: Options): ReturnType<Check> {
  try {
    checked(options, attributes);
    return "The options have known names and values.";
  } catch (error) {
    return [(error as Error).message, "Correct it; docs/embed.md lists the options."];
  }
}

async function browser(): ReturnType<Check> {
  return CSS.supports("color", "light-dark(red, red)")
    ? "The browser is new enough."
    : ["This browser is too old for the panel.", "Use Chrome or Edge 123, Firefox 128, Safari 17.5, or newer."];
}

async function policy(): ReturnType<Check> {
  if (!("WebAssembly" in self)) {
    return ["This browser has no WebAssembly; Apple's Lockdown Mode takes it away.", "Show visitors another way to reach you."];
  }
  try {
    // WebKit compiles it, and refuses to make an instance.
    await WebAssembly.instantiate(EMPTY_WASM);
    return "WebAssembly may run.";
  } catch {
    await settled();
    return ["The page's policy does not let WebAssembly run.", "Add to the page's Content-Security-Policy: script-src 'wasm-unsafe-eval'"];
  }
}

async function served(_: Chat, __: Options, get: Files["get"]): ReturnType<Check> {
  const name = "widget_bg.wasm";
  const type = "application/wasm";
  const answer = await get(name).catch(() => undefined);
  if (!answer) {
    return [`${name} cannot be fetched, or is not the one that was built.`, `Put all files of the widget beside each other; their server has to send Access-Control-Allow-Origin: ${location.origin}`];
  }
  if (!answer.ok) {
    return [`${answer.url} answers with status ${answer.status}.`, "Put all files of the widget beside each other."];
  }
  if (!answer.headers.get("content-type")?.startsWith(type)) {
    return [`${answer.url} comes as ${answer.headers.get("content-type")}.`, `Its server has to send Content-Type: ${type}`];
  }
  return "The widget's files can be fetched.";
}

async function storage(): ReturnType<Check> {
  try {
    sessionStorage.setItem("pipit.doctor", "");
    sessionStorage.removeItem("pipit.doctor");
    return "A conversation outlives a reload.";
  } catch {
    return ["This browser keeps nothing for this page.", "A conversation ends with a reload; the visitor is told. Nothing is to be done on the page."];
  }
}

async function session(_: Chat, { getSession, sessionEndpoint, jwt }: Options): ReturnType<Check> {
  if (getSession) {
    const signal = AbortSignal.timeout(30_000);
    const given = await Promise.resolve(getSession({ reason: "start", signal, answers: {} })).catch((error: unknown) => error);
    return given instanceof Error || !given
      ? [`\`getSession\` gives no session: ${given}`, "It has to return what establishSessions answers, or a promise of it."]
      : "`getSession` gives something.";
  }
  if (!sessionEndpoint) {
    return jwt ? "There is a token, good for one conversation." : ["Nothing gives sessions.", "Set `sessionEndpoint` or `getSession`."];
  }
  const answer = await asked(sessionEndpoint, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
  if (!answer) {
    return [`${sessionEndpoint} cannot be reached.`, `Where it is of another origin, it has to send Access-Control-Allow-Origin: ${location.origin}`];
  }
  if (!answer.ok) {
    return [`${sessionEndpoint} answers a POST with status ${answer.status}.`, "Look at its own log; it has to answer what establishSessions answers."];
  }
  const off = Date.now() - Date.parse(answer.headers.get("date") ?? "");
  if (Math.abs(off) > CLOCK_MS) {
    return [`This machine's clock differs from the server's by ${Math.round(off / 1_000)} s.`, "Set it; tokens may look run out."];
  }
  return "The session endpoint gives sessions.";
}

async function server(_: Chat, { baseUrl }: Options): ReturnType<Check> {
  if (!baseUrl) {
    return "The chat server's address comes with the session.";
  }
  // Whether this page may read its answers can only a conversation tell: it has no address that changes nothing.
  const answer = await asked(baseUrl, { mode: "no-cors" });
  return answer ? "The chat server can be reached." : [`${baseUrl} cannot be reached.`, "Check `baseUrl`, and the network."];
}

async function place({ host, launcher }: Chat): ReturnType<Check> {
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
  const name = above.localName + (above.id && `#${above.id}`) + [...above.classList].map((name) => `.${name}`).join("");
  return [`\`${name}\` covers the launcher.`, `Lower its z-index, raise --pipit-z-index, or move the launcher by --pipit-offset-block.`];
}

/** An answer, or nothing where the browser gives none. */
async function asked(url: string, request: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(url, { ...request, credentials: "same-origin" });
  } catch {
    await settled();
    return undefined;
  }
}

/** The browser tells of what the policy refuses a moment later. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
