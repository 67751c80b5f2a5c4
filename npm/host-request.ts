// Sends what the visitor leaves to the host (the web team's code on the page, or its server): a message when no agent is available, a
// rating, or the order to mail the transcript. This file is a part of the script `watchers`, which is loaded when it is needed.

import { isWebPage } from "./availability-request";
import type { HostEndpoint, Options } from "./contract";

/** The options whose addresses this file may send to. The frame names one of them, and must not name another option. */
const ENDPOINTS: readonly HostEndpoint[] = ["messageEndpoint", "ratingEndpoint", "transcriptEndpoint"];

/**
 * Sends a body, which is JSON, to the address in the option `endpoint`. A rating also goes to the function `onRating`. Throws if
 * neither is there, or if the body may not have arrived.
 */
export async function sendToHost(options: Options, endpoint: HostEndpoint, body: string): Promise<void> {
  const address = ENDPOINTS.includes(endpoint) ? options[endpoint] : undefined;
  const { onRating } = options;
  const isForFunction = endpoint === "ratingEndpoint" && typeof onRating === "function";
  if (!address && !isForFunction) {
    throw new Error(`the option \`${endpoint}\` has no address.`);
  }
  if (address) {
    await post(address, body);
  }
  if (isForFunction) {
    await onRating(Object.freeze(JSON.parse(body) as Parameters<typeof onRating>[0]));
  }
}

async function post(address: string, body: string): Promise<void> {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  const response = await fetch(address, { method: "POST", headers, body });
  if (!response.ok) {
    throw new Error(`The server answered with status ${response.status}.`);
  }
  // The host's server may confirm with any answer. A web page is no confirmation: it comes from a service worker, or from a network
  // that wants the visitor to sign in, and what was sent is lost.
  if (isWebPage(await response.text())) {
    throw new Error(`${address} answered with a web page, so what was sent may not have arrived.`);
  }
}
