// Repeats a download that fails because of the network. The panel uses it for the conversation part, the WASM module that is
// loaded after the panel: a visitor who can already write must not lose the chat because the network fails for a while.

import { PipitError } from "./error";

/** The time before the first repetition, in ms. Each further one is twice as long. */
const FIRST_DELAY_MS = 1_000;

/** The longest time between two attempts, in ms. */
const MAX_DELAY_MS = 30_000;

/**
 * Calls `load` until it succeeds. Only an error with the code `E_NOT_LOADED` leads to another attempt; any other error is
 * thrown. If the signal aborts, the running attempt is the final one; if it fails, this throws the reason of the signal.
 */
export async function loadWithRetries(load: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(2 * delay, MAX_DELAY_MS)) {
    try {
      return await load();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PipitError) || error.code !== "E_NOT_LOADED") {
        throw error;
      }
      console.warn("Pipit will try again:", error);
      await waitForRetry(delay, signal);
      signal.throwIfAborted();
    }
  }
}

/** Waits for a time in ms. Ends early if the browser is online again or the signal aborts. */
function waitForRetry(delay: number, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  return new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delay);
    addEventListener("online", () => resolve(), waiting);
    signal.addEventListener("abort", () => resolve(), waiting);
    waiting.signal.addEventListener("abort", () => clearTimeout(timer));
  }).finally(() => waiting.abort());
}
