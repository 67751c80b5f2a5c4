// Converts what the panel's WASM throws into a `PipitError`. Hosts (the web teams' code on the pages) get an error of the
// WASM only in this form.

import type { ErrorCode } from "./contract";
import { PipitError } from "./error";

/** Calls a function of the WASM, and throws its errors as `PipitError`s. */
export function withPipitErrors<T>(callWasm: () => T): T {
  try {
    return callWasm();
  } catch (error) {
    return throwAsPipitError(error);
  }
}

/**
 * Throws an error of the WASM as a `PipitError`. The Rust code throws plain objects with a code and a message
 * (`src/page_error.rs`). An `Error` means a Rust panic, now (the browser throws it) or earlier (`wasm.ts` throws it); the
 * instance cannot be used any more.
 */
export function throwAsPipitError(error: unknown): never {
  if (error instanceof Error) {
    throw crashError(error);
  }
  const { code, message } = error as { code: ErrorCode; message: string };
  throw new PipitError(code, message, { cause: error });
}

/** Creates the error of a Rust panic. */
export const crashError = (cause: unknown): PipitError => new PipitError("E_CRASHED", "the chat broke.", { cause });
