// Repeats a download until it succeeds. `wasm-panel.ts` downloads the conversation part (the WASM module that handles messages) in
// this way, after it has drawn the panel. The visitor can already write in the panel at that time, and must not lose the chat if
// the network fails for a while.

import { PipitError } from "./error";

/** The time between the first attempt and the second, in ms. Each later delay is twice as long as the one before it. */
const FIRST_DELAY_MS = 1_000;

/** The longest delay between two attempts, in ms. */
const MAX_DELAY_MS = 30_000;

/**
 * Calls `load` until it succeeds. Only an error with the code `E_NOT_LOADED` leads to another attempt; any other error is thrown.
 * An aborted signal prevents only further attempts: the first attempt is always made, and no running attempt is interrupted. If an
 * attempt fails and the signal has aborted, this throws the signal's reason instead of the attempt's error.
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
      await waitBeforeRetry(delay, signal);
      signal.throwIfAborted();
    }
  }
}

/** Resolves after `delay` ms. Resolves earlier if the browser reports that it is online again, or if the signal aborts. */
function waitBeforeRetry(delay: number, signal: AbortSignal): Promise<void> {
  const listeners = new AbortController();
  return new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delay);
    addEventListener("online", () => resolve(), { signal: listeners.signal });
    signal.addEventListener("abort", () => resolve(), { signal: listeners.signal });
    listeners.signal.addEventListener("abort", () => clearTimeout(timer));
  }).finally(() => listeners.abort());
}
