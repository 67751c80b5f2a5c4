// Tests of `doctor-request.ts`, which checks requests for `doctor()`.

import { equal } from "node:assert/strict";
import { test } from "node:test";
import { policySource } from "../doctor-request";

test("what a policy has blocked is named as a policy writes it", () => {
  Object.assign(globalThis, { location: { origin: "https://shop.example" } });
  const sources = {
    "https://cdn.example/pipit/it.wasm": "https://cdn.example",
    "https://shop.example/pipit/it.wasm": "'self'",
    "wasm-eval": "'wasm-unsafe-eval'",
    inline: "'inline'",
    data: "data:",
    blob: "blob:",
  };
  for (const [blocked, expected] of Object.entries(sources)) {
    equal(policySource(blocked), expected);
  }
});
