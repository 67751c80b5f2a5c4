// Tests how the answer to an upload is read. If the answer gives no address at which the agent can fetch the file, the visitor must
// not see the file as sent.

import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { uploadResult } from "../file-transfer";

/** The address of the upload endpoint, after redirects. */
const ENDPOINT = "https://host.example/a/upload";

const resultOf = (responseText: string, status = 200) => uploadResult({ status, responseText, responseURL: ENDPOINT });

// `uploadResult` warns on the console about each answer without an address.
console.warn = () => {};

test("an answer with an https address is a success, and the address may be relative", () => {
  deepEqual(resultOf(`{"url":"https://files.example/1"}`), { status: "done", url: "https://files.example/1" });
  deepEqual(resultOf(`{"url":"../files/1"}`), { status: "done", url: "https://host.example/files/1" });
});

test("an answer without an https address is a refusal", () => {
  const answers = ["", "OK", "<!doctype html>", "{}", "null", "[]", "7", `"url"`, `{"url":null}`, `{"url":7}`, `{"url":{}}`, `{"url":""}`, `{"url":"http://files.example/1"}`, `{"url":"javascript:1"}`];
  for (const answer of answers) {
    deepEqual(resultOf(answer), { status: "refused" }, answer);
  }
});

test("an answer with an error in its body or with an error status is a refusal", () => {
  deepEqual(resultOf(`{"url":"https://files.example/1","error":1}`), { status: "refused" });
  deepEqual(resultOf(`{"url":"https://files.example/1","errorMessage":"no"}`), { status: "refused" });
  deepEqual(resultOf(`{"url":"https://files.example/1"}`, 500), { status: "refused" });
});
