// Loads the conversation part again until it comes: a visitor who can already write in the panel must not lose the chat
// because of a network that fails for a while.

import { PipitError } from "./error";

/** How long to wait before the first repetition, in ms. Each further wait is twice as long. */
const FIRST_WAIT_MS = 1_000;

/** The longest wait, in ms. */
const MAX_WAIT_MS = 30_000;

/** Repeats `load` as long as it fails with `E_NOT_LOADED`. Any other error ends it, and so does the signal. */
export async function loadWithRetries(load: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, MAX_WAIT_MS)) {
    try {
      return await load();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PipitError) || error.code !== "E_NOT_LOADED") {
        throw error;
      }
      console.warn("Pipit will try again:", error);
      await waitForNetwork(wait, signal);
      signal.throwIfAborted();
    }
  }
}

/** Waits for a time in ms, but no longer than until the browser is online again or the signal aborts. */
function waitForNetwork(wait: number, signal: AbortSignal): Promise<void> {
  const cleanUp = new AbortController();
  return new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, wait);
    addEventListener("online", () => resolve(), cleanUp);
    signal.addEventListener("abort", () => resolve(), cleanUp);
    cleanUp.signal.addEventListener("abort", () => clearTimeout(timer));
  }).finally(() => cleanUp.abort());
}
