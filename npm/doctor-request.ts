// Sends a request for the command `doctor` as a chat would send it, and finds out why it fails. A browser tells a script only that a
// request has failed. Further requests show the reason: the page's Content-Security-Policy, a redirect, CORS (the server does not let
// this page read its answers), or that there is no answer at all.

import { checkFetch } from "./fetch-check";
import { absoluteAddress } from "./page-address";
import { pageDocument } from "./page-document";

/** The timeout of each request, in ms. */
const TIMEOUT_MS = 10_000;

/** What came of a request. */
export type Outcome =
  | { readonly kind: "answer"; readonly response: Response }
  /** The page's Content-Security-Policy has refused the request. `fix` names the directive. */
  | { readonly kind: "policy"; readonly fix: string }
  | { readonly kind: "redirect" | "cors" | "unreachable" };

/** The latest refusal of a Content-Security-Policy since `watchPolicy` was called, or since `takePolicyFix` was called. */
let latestViolation: SecurityPolicyViolationEvent | undefined;

/** Records what the page's Content-Security-Policy refuses. Returns a function that ends this. */
export function watchPolicy(): () => void {
  const remember = (event: SecurityPolicyViolationEvent) => {
    // A policy that only reports refuses nothing.
    if (event.disposition !== "report") {
      latestViolation = event;
    }
  };
  latestViolation = undefined;
  pageDocument.addEventListener("securitypolicyviolation", remember);
  return () => pageDocument.removeEventListener("securitypolicyviolation", remember);
}

/** Names the directive to add because of the latest refusal, and forgets that refusal. Undefined if nothing was refused. */
export async function takePolicyFix(): Promise<string | undefined> {
  // The browser dispatches the event about a refusal after the refused request has failed.
  await new Promise((resolve) => setTimeout(resolve));
  const violation = latestViolation;
  latestViolation = undefined;
  return violation && `Add to the page's Content-Security-Policy: ${violation.effectiveDirective} ${policySource(violation.blockedURI)}`;
}

/**
 * Returns the source that a policy needs to allow what was blocked: an origin if `blocked` is an address; a scheme if it is `data` or
 * `blob`; otherwise `blocked` is a keyword such as `wasm-eval`, and the source is a keyword in quotes.
 */
export function policySource(blocked: string): string {
  if (["data", "blob"].includes(blocked)) {
    return `${blocked}:`;
  }
  return URL.canParse(blocked) ? new URL(blocked).origin.replace(location.origin, "'self'") : `'${blocked.replace("wasm-eval", "wasm-unsafe-eval")}'`;
}

/**
 * Sends a request as a chat does: a redirect is an error, and if a script of the page has replaced `fetch` by a function that breaks
 * the request, the browser's own `fetch` sends it. The check `fetch` reports such a function.
 */
export async function request(address: string, init: RequestInit): Promise<Outcome> {
  const url = absoluteAddress(address);
  const send = async (how: RequestInit, by = fetch) => {
    try {
      return await by(url, { ...init, signal: timeoutSignal(), ...how });
    } catch {
      return undefined;
    }
  };
  const response = await send({ redirect: "error" });
  if (response) {
    return { kind: "answer", response };
  }
  const fix = await takePolicyFix();
  if (fix !== undefined) {
    return { kind: "policy", fix };
  }
  const problem = await checkFetch(url, Object.keys(init.headers ?? {}));
  if (problem) {
    const answer = await send({ redirect: "error" }, problem.workingFetch);
    if (answer) {
      return { kind: "answer", response: answer };
    }
  }
  if ((await send({ redirect: "manual" }))?.type === "opaqueredirect") {
    return { kind: "redirect" };
  }
  // In the mode `no-cors`, this page cannot read the answer, but learns that there is one.
  const isThere = await send({ method: "GET", body: null, headers: {}, credentials: "omit", mode: "no-cors", integrity: "" });
  return { kind: isThere ? "cors" : "unreachable" };
}

/** Returns a signal that aborts after the timeout. `AbortSignal.timeout` is newer than the browsers whose lack `doctor` reports. */
export function timeoutSignal(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), TIMEOUT_MS);
  return controller.signal;
}

/** What a server has to send so that this page can read its answers. */
export const corsFix = (headers = ""): string => `Its server has to send Access-Control-Allow-Origin: ${location.origin}${headers && ` and, to a request with the method OPTIONS, Access-Control-Allow-Headers: ${headers}`}`;

/** Whether a text is a web page instead of data. */
export const isWebPage = (text: string): boolean => text.trimStart().startsWith("<");
