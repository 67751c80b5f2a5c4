// Tests how the command `doctor` reads sessions. `crates/wire` has the same cases for the reader of a conversation.

import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import cases from "../../crates/wire/src/tests/sessions.json";
import { chatServerOf, isExpired, operationAddress, readGivenSession, readSession } from "../doctor-session";

test("sessions are read as the WASM reads them", () => {
  for (const { text, session } of cases) {
    deepEqual(readSession(text) ?? null, session, text);
  }
});

test("an option may be a token alone, a text or an object", () => {
  const bare = { token: "a.b.c", site: "", pool: "", domain: "", port: 0 };
  for (const given of ["a.b.c", " a.b.c\n", '{"jwt":"a.b.c"}', { jwt: "a.b.c" }]) {
    deepEqual(readGivenSession(given), bare, JSON.stringify(given));
  }
  for (const given of ["", " ", "<html>", undefined, null, 17, () => {}, {}]) {
    equal(readGivenSession(given), undefined, String(given));
  }
});

test("only this machine is called without encryption, and options win over the session", () => {
  const session = (domain: string, port = 0) => ({ token: "a.b.c", site: "demo", pool: "", domain, port });
  equal(chatServerOf({}, session("Chat.example")).origin, "https://chat.example");
  equal(chatServerOf({}, session("chat.example:1", 8461)).origin, "https://chat.example:8461");
  equal(chatServerOf({}, session("localhost", 8471)).origin, "http://localhost:8471");
  equal(chatServerOf({}, session("[::1]:8471")).origin, "http://[::1]:8471");
  deepEqual(chatServerOf({ baseUrl: "https://other.example/", site: "own", pool: "1:1" }, session("chat.example")), { origin: "https://other.example", site: "own", pool: "1:1" });
  deepEqual(chatServerOf({}, undefined), { origin: "", site: "", pool: "" });
  equal(operationAddress({ origin: "https://chat.example", site: "a/b", pool: "297:1" }, "getMessages"), "https://chat.example/engagement/api/consumer/a%2Fb/v1/getMessages?pool=297%3A1");
});

test("a token without a readable time is not over", () => {
  const token = (claims: string) => `e.${btoa(claims)}.e`;
  equal(isExpired(token('{"exp":1}'), 2_000), true);
  equal(isExpired(token('{"exp":3}'), 2_000), false);
  for (const claims of ["{}", '{"exp":"1"}', "null", "?"]) {
    equal(isExpired(token(claims), 2_000), false, claims);
  }
  equal(isExpired("a", 2_000), false);
});
