// Says why the panel's WASM could not be started.

import { PipitError } from "./error";

/** The smallest valid WASM module. */
export const EMPTY_WASM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/**
 * Returns the error to report. Starts an empty module to find out whether the page allows WebAssembly at all. `cause` is what was thrown
 * at the start.
 */
export async function describeStartFailure(cause: unknown): Promise<PipitError> {
  if (!self.WebAssembly) {
    return new PipitError("E_WASM_BLOCKED", "this browser has no WebAssembly; Apple's Lockdown Mode takes it away.", { cause });
  }
  try {
    // The module is instantiated, because WebKit compiles it even where the policy forbids WebAssembly.
    await WebAssembly.instantiate(EMPTY_WASM);
  } catch {
    return new PipitError("E_WASM_BLOCKED", "this page does not let WebAssembly run; add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy.", { cause });
  }
  const { message = cause } = Object(cause) as Partial<Error>;
  return new PipitError("E_CRASHED", `the panel could not be started: ${message}`, { cause });
}
