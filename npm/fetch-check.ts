// Finds out whether a script of the page has replaced `fetch` by a function that breaks the widget's requests, and finds a `fetch`
// that works. Monitoring tools replace `fetch` to add headers, for example. A chat server that does not allow such a header refuses
// the request before it is sent. The panel loads this script when a request has failed, and the command `doctor` uses it too.

import type { AssetSource } from "./chat-internals";
import { pageDocument } from "./page-document";

/** What breaks the requests, and a `fetch` that does not. */
export interface FetchProblem {
  /** The browser's own `fetch`. */
  readonly workingFetch: typeof fetch;
  /** What the page's `fetch` does, in plain words. */
  readonly message: string;
  /** What the web team can do about it. */
  readonly fix: string;
}

/** The timeout of each of the two requests, in ms. */
const TIMEOUT_MS = 10_000;

/** Values of headers in the harmless request. Any other header, such as the session id, is `-`. No server knows this token or id. */
const HARMLESS_VALUES: Record<string, string> = { "Content-Type": "application/json; charset=utf-8", Authorization: "Bearer -" };

/** The names of the headers that the widget itself sends, in lower case. */
const OWN_HEADERS = ["content-type", "authorization", "sessionid"];

/**
 * Sends the same harmless request by the page's `fetch` and by the browser's own `fetch`, and compares the answers. `url` is the
 * address of the request that has failed, `headers` has the names of its headers. Resolves with undefined if the page's `fetch` is
 * the browser's or gets the same answer, or if the browser's own `fetch` cannot be found or gets no answer.
 *
 * The request has no valid token, session id or content, so a chat server refuses it and does nothing. A web team's session endpoint
 * may accept it; the new session is then not used.
 */
export async function checkFetch(url: string, headers: readonly string[]): Promise<FetchProblem | undefined> {
  const workingFetch = browserFetch();
  if (!workingFetch || sourceOf(fetch) === sourceOf(workingFetch)) {
    return undefined;
  }
  const recorder = recordHeaders();
  const answer = await describeAnswer(fetch, url, headers).finally(recorder.stop);
  const expected = await describeAnswer(workingFetch, url, headers);
  if (!expected || answer === expected) {
    return undefined;
  }
  const { origin } = new URL(url, location.href);
  const added = recorder.names.filter((name) => !OWN_HEADERS.includes(name));
  const deed = added.length > 0 ? `sets the header ${added.join(", ")}` : `begins with \`${sourceOf(fetch).slice(0, 80).replace(/\s+/g, " ")}\``;
  const effect = answer ? "changes its answers" : "breaks them";
  return {
    workingFetch: workingFetch.bind(window),
    message: `A script of this page has replaced \`fetch\`. The replacement ${deed}. For requests to ${origin} it ${effect}.`,
    fix: fixFor(origin),
  };
}

/**
 * Resolves with a `fetch` for the requests of the widget if the page's `fetch` breaks them, and says so on the console. Resolves
 * with undefined if the page's `fetch` works.
 *
 * If a server has refused the request (`isRefused`), only a second attempt by the browser's `fetch` shows whether the page's has
 * broken it. The result is then a function that calls the browser's `fetch`. The caller makes the attempt with it, and when a server
 * first accepts a request, the function says on the console what the page's `fetch` does. For a refused request, the result is
 * undefined only if the page's `fetch` is the browser's own, or if the browser's cannot be found.
 */
export async function findWorkingFetch(url: string, headers: readonly string[], isRefused: boolean): Promise<typeof fetch | undefined> {
  if (!isRefused) {
    const problem = await checkFetch(url, headers);
    if (problem) {
      report(problem.message, problem.fix);
    }
    return problem?.workingFetch;
  }
  const workingFetch = browserFetch();
  if (!workingFetch || sourceOf(fetch) === sourceOf(workingFetch)) {
    return undefined;
  }
  let isReported = false;
  return async (input, init) => {
    const response = await workingFetch.call(window, input, init);
    if (response.ok && !isReported) {
      isReported = true;
      const { origin } = new URL(url, location.href);
      report(`A script of this page has replaced \`fetch\`. The replacement changes the headers of requests to ${origin}, so the server refuses them.`, fixFor(origin));
    }
    return response;
  };
}

/**
 * Lets a source fetch its files by the browser's own `fetch`, and says so on the console. Called if the page's `fetch` gives something
 * that is no response. If the browser's `fetch` cannot be found, nothing changes. Fetches the panel's WASM again.
 */
export async function fetchWasmByBrowser(source: AssetSource): Promise<Response> {
  const workingFetch = browserFetch();
  if (workingFetch) {
    const { fetchFile } = source;
    source.fetchFile = (name) => {
      // `fetchFile` calls the page's `fetch` before it returns, so no other script runs while the browser's is in its place.
      const pageFetch = window.fetch;
      window.fetch = workingFetch.bind(window);
      try {
        return fetchFile(name);
      } finally {
        window.fetch = pageFetch;
      }
    };
    report("A script of this page has replaced `fetch`. The replacement gives something else than a response.", fixFor(location.origin));
  }
  return source.fetchFile("widget_bg.wasm");
}

/** Writes to the console what the page's `fetch` does, and what the web team can do about it. */
function report(message: string, fix: string): void {
  console.warn(`Pipit: ${message} Pipit goes on with the browser's own \`fetch\`. ${fix}`);
}

/** Says what the web team can do if a replaced `fetch` breaks requests to this origin. */
const fixFor = (origin: string) => `Exclude the addresses that begin with ${origin}/ in the tool that replaces \`fetch\`; docs/embed.md names the setting of some tools.`;

/** Returns the source text of a function. A built-in function has the text `function fetch() { [native code] }`. */
const sourceOf = (value: unknown) => (typeof value === "function" ? Function.prototype.toString.call(value) : String(value));

/**
 * Returns the browser's own `fetch`, from an empty iframe that is removed at once. If the function is called with the page's window
 * as `this`, its requests count as requests of the page. Undefined if the page cannot have such an iframe.
 */
function browserFetch(): typeof fetch | undefined {
  const iframe = pageDocument.createElement("iframe");
  iframe.hidden = true;
  pageDocument.documentElement.append(iframe);
  try {
    return (iframe.contentWindow as (Window & typeof globalThis) | null)?.fetch;
  } catch {
    return undefined; // The iframe has another origin than the page.
  } finally {
    iframe.remove();
  }
}

/** Sends the harmless request. Describes the answer; an empty text means that there is none, or none that can be read. */
async function describeAnswer(send: typeof fetch, url: string, names: readonly string[]): Promise<string> {
  const headers = Object.fromEntries(names.map((name) => [name, HARMLESS_VALUES[name] ?? "-"]));
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS);
  try {
    const request = new Request(url, { method: "POST", headers, body: "{}", redirect: "error", credentials: credentialsFor(names), signal: timeout.signal });
    const { ok, status, body } = await readAnswer(await send.call(window, request));
    // A session endpoint that accepts the request answers with a new session each time, so the content is not compared.
    return ok ? "accepted" : `${status} ${body}`;
  } catch {
    return "";
  } finally {
    clearTimeout(timer);
  }
}

/** Reads an answer. It may be any value that the page's `fetch` returns, so this function throws an error if it is no response. */
async function readAnswer(response: Response): Promise<{ ok: boolean; status: number; body: string }> {
  const { status } = response;
  const body = await response.text();
  if (typeof status !== "number" || typeof body !== "string") {
    throw new Error("This is no response.");
  }
  return { ok: status >= 200 && status < 300, status, body };
}

/** Requests to a chat server carry no cookies. Requests for a session, with the only header `Content-Type`, carry the page's. */
const credentialsFor = (names: readonly string[]): RequestCredentials => (names.length > 1 ? "omit" : "same-origin");

/** Until `stop` is called, records the names, in lower case, of the headers that scripts set by the methods of `Headers`. */
function recordHeaders(): { names: string[]; stop: () => void } {
  const names: string[] = [];
  const { set, append } = Headers.prototype;
  const record = (method: typeof set) =>
    function (this: Headers, name: string, value: string): void {
      const lowerName = String(name).toLowerCase();
      if (!names.includes(lowerName)) {
        names.push(lowerName);
      }
      method.call(this, name, value);
    };
  const recorders = { set: record(set), append: record(append) };
  Object.assign(Headers.prototype, recorders);
  return {
    names,
    stop: () => {
      // If another script has replaced a method in the meantime, the method of that script stays.
      if (Headers.prototype.set === recorders.set) {
        Headers.prototype.set = set;
      }
      if (Headers.prototype.append === recorders.append) {
        Headers.prototype.append = append;
      }
    },
  };
}
