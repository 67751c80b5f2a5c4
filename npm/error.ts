// The error class of the public API.

import type { ErrorCode } from "./contract";

/**
 * The error with which the promise of a command rejects if the command fails. `createChat` throws it too. Programs test the code;
 * the message is for developers.
 */
export class PipitError extends Error {
  override name = "PipitError";
  declare readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(`Pipit: ${message}`, options);
    this.code = code;
  }
}
