// Turns what the WASM throws into errors of the API.

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

/** Throws an error of the WASM as a `PipitError`. Its own errors are plain objects; an `Error` is a trap. */
export function throwAsPipitError(error: unknown): never {
  if (error instanceof Error) {
    throw crashError(error);
  }
  const { code, message } = error as { code: ErrorCode; message: string };
  throw new PipitError(code, message, { cause: error });
}

export const crashError = (cause: unknown): PipitError => new PipitError("E_CRASHED", "the chat broke.", { cause });
