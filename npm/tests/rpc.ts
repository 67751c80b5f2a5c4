// Tests what a call over a message port fails with if the called function fails.

import { equal, match } from "node:assert/strict";
import { test } from "node:test";
import { PipitError } from "../error";
import { connect } from "../rpc";

/** Calls a function of the other side that throws `failure`. Returns the error of the call. */
async function failureOfCall(failure: unknown): Promise<PipitError> {
  const { port1, port2 } = new MessageChannel();
  connect(port2, {
    fail() {
      throw failure;
    },
  });
  const call = connect(port1, {});
  try {
    return (await call("fail").then(
      () => undefined,
      (error: unknown) => error,
    )) as PipitError;
  } finally {
    port1.close();
  }
}

test("an error keeps its code if it is one of Pipit's", async () => {
  const error = await failureOfCall(new PipitError("E_OPTION", "wrong."));
  equal(error.code, "E_OPTION");
  equal(error.message, "Pipit: wrong.");
});

test("any other value becomes E_FRAME", async () => {
  // The `code` of a `DOMException` is a number.
  const failures = [new DOMException("No.", "AbortError"), new TypeError("No."), { code: 7, message: "No." }, { code: {}, message: "No." }];
  for (const failure of failures) {
    const error = await failureOfCall(failure);
    equal(error.code, "E_FRAME");
    match(error.message, /No\./);
  }
  for (const failure of [undefined, null, "No.", 7]) {
    equal((await failureOfCall(failure)).code, "E_FRAME");
  }
});
