import type { ErrorCode } from "./contract";

/** Every error of the API is one of these, with a code that programs can test. */
export class PipitError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(`Pipit: ${message}`, options);
    this.code = code;
  }
}
