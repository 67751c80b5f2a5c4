// The `fetch` of a page under test: requests to the address of the sandbox in the page are answered by the sandbox, and all others go
// to the network as before.

import type { Answer, SandboxServer } from "kit-glue";

const realFetch = globalThis.fetch;

/** Statuses whose responses cannot have a body. */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

export class PageFetch {
  /** Counts requests and answers, so that the sandbox's clock can wait until nothing happens any more. */
  activity = 0;
  readonly #server: SandboxServer;
  readonly #origin: string;
  /** Ends the requests that are open, as a network does that is lost. */
  #loss = new AbortController();
  #isOffline = false;

  constructor(server: SandboxServer, origin: string) {
    this.#server = server;
    this.#origin = origin;
  }

  /** Replaces the page's `fetch`. */
  install(): void {
    const fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const address = input instanceof Request ? input.url : String(input);
      return address.startsWith(`${this.#origin}/`) ? this.send(new Request(input, init)) : Reflect.apply(realFetch, globalThis, [input, init]);
    };
    // A chat looks for another `fetch` if the page's is no function of the browser and a request fails.
    globalThis.fetch = Object.assign(fetch, { toString: () => realFetch.toString() });
  }

  /** Gives the page its own `fetch` back. */
  uninstall(): void {
    globalThis.fetch = realFetch;
  }

  /** Takes the network away, or gives it back. Without it, open requests fail, and new ones too. */
  setOffline(isOffline: boolean): void {
    this.#isOffline = isOffline;
    if (isOffline) {
      this.#loss.abort();
      this.#loss = new AbortController();
    }
  }

  /** Lets the sandbox answer a request, as `fetch` does. */
  async send(request: Request): Promise<Response> {
    request.signal.throwIfAborted();
    this.activity += 1;
    const body = new Uint8Array(await request.arrayBuffer());
    request.signal.throwIfAborted();
    if (this.#isOffline) {
      throw new TypeError("Failed to fetch");
    }
    const { pathname, search } = new URL(request.url);
    const exchange = this.#server.send(request.method, pathname + search, [...request.headers], body);
    // Ends the listeners below when the request has been answered.
    const answered = new AbortController();
    const { signal } = answered;
    const aborted = new Promise<never>((_, reject) => {
      request.signal.addEventListener("abort", () => {
        exchange.hangUp();
        reject(request.signal.reason);
      }, { signal });
      this.#loss.signal.addEventListener("abort", () => {
        exchange.hangUp();
        reject(new TypeError("Failed to fetch"));
      }, { signal });
    });
    try {
      return response(request, await Promise.race([exchange.answered(), aborted]));
    } finally {
      answered.abort();
      this.activity += 1;
    }
  }
}

/** The response that a browser would make of an answer. */
function response(request: Request, { status, headers, body, isCutOff }: Answer): Response {
  const isRedirect = status >= 300 && status < 400 && request.redirect === "error";
  if (isRedirect || (isCutOff && body.length === 0)) {
    throw new TypeError("Failed to fetch");
  }
  const init = { status, headers: headers.map(([name, value]): [string, string] => [name, value]) };
  if (isCutOff) {
    const cut = new ReadableStream({
      start(controller) {
        controller.enqueue(body);
        controller.error(new TypeError("network error"));
      },
    });
    return new Response(cut, init);
  }
  return new Response(WITHOUT_BODY.has(status) ? null : body, init);
}
