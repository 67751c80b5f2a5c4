// The error class of the public API.

import type { ErrorCode } from "./contract";

/** Every command that fails throws this error. Programs test the code; the message is for developers. */
export class PipitError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(`Pipit: ${message}`, options);
    this.code = code;
  }
}
