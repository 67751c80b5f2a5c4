// Turns what the WASM throws into a `PipitError`, which hosts get from every command.

import type { ErrorCode } from "./contract";
import { PipitError } from "./error";

/** Enters the WASM, and throws its errors as `PipitError`s. */
export function withPipitErrors<T>(enter: () => T): T {
  try {
    return enter();
  } catch (error) {
    return throwAsPipitError(error);
  }
}

/**
 * Throws an error of the WASM as a `PipitError`. The Rust code throws plain objects with a code and a message
 * (`src/page_error.rs`). An `Error` comes from the browser: a Rust panic, after which the instance cannot be used.
 */
export function throwAsPipitError(error: unknown): never {
  if (error instanceof Error) {
    throw crashError(error);
  }
  const { code, message } = error as { code: ErrorCode; message: string };
  throw new PipitError(code, message, { cause: error });
}

export const crashError = (cause: unknown): PipitError => new PipitError("E_CRASHED", "the chat broke.", { cause });
