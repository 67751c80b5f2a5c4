// Tests that an error at the start of the panel says what it was. Only where the page does not allow WebAssembly, it names the missing
// source of the page's policy.

import { doesNotMatch, equal, match } from "node:assert/strict";
import { afterEach, test } from "node:test";
import { describeStartFailure } from "../start-failure";

const own = WebAssembly;
const define = (value: unknown) => Object.defineProperty(globalThis, "WebAssembly", { value, configurable: true, writable: true });
Object.defineProperty(globalThis, "self", { value: globalThis, configurable: true });
afterEach(() => define(own));

test("a page that does not allow WebAssembly is told what its policy lacks", async () => {
  const refuse = async () => {
    throw new own.CompileError("Refused by the policy.");
  };
  define({ instantiate: refuse });
  const cause = new own.CompileError("Refused by the policy.");
  const error = await describeStartFailure(cause);
  equal(error.code, "E_WASM_BLOCKED");
  match(error.message, /'wasm-unsafe-eval' to script-src/);
  equal(error.cause, cause);
});

test("a browser without WebAssembly is not blamed on the policy", async () => {
  define(undefined);
  const error = await describeStartFailure(new ReferenceError("WebAssembly is not defined"));
  equal(error.code, "E_WASM_BLOCKED");
  match(error.message, /no WebAssembly/);
  doesNotMatch(error.message, /wasm-unsafe-eval/);
});

test("any other failure is named", async () => {
  for (const cause of [new own.CompileError("too new"), new own.LinkError("no import"), new own.RuntimeError("unreachable"), new TypeError("patched"), "text", undefined]) {
    const error = await describeStartFailure(cause);
    equal(error.code, "E_CRASHED");
    doesNotMatch(error.message, /wasm-unsafe-eval/);
    match(error.message, new RegExp((cause as Error | undefined)?.message ?? String(cause)));
    equal(error.cause, cause);
  }
});
