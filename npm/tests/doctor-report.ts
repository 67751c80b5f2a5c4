// Tests that the record for a report of a bug has what a developer needs, and nothing that is secret or that a visitor wrote.

import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { test } from "node:test";
import type { InternalChat } from "../chat-internals";
import { makeReport, withoutSecrets } from "../doctor-report";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxMjM0NTY3ODkwIn0.QnLQv3ocb28Kk23FKM6P504czd6Fwiq2";

/** Defines globals of a browser. */
function define(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

define({
  location: { origin: "https://shop.example", href: "https://shop.example/orders/4711?mail=mia@example.com" },
  isSecureContext: true,
  navigator: { userAgent: "Browser/1", language: "de" },
  document: { documentElement: { lang: "en" } },
  innerWidth: 800,
  innerHeight: 600,
  devicePixelRatio: 2,
  performance: {
    getEntriesByType: () => [{ name: "https://cdn.example/pipit/panel-3F.js?v=1" }, { name: `https://shop.example/orders?token=${TOKEN}` }],
  },
});

const chat = {
  state: { state: "chatting", isOpen: true, unread: 2, connection: "connected" },
  options: {
    jwt: TOKEN,
    visitorKey: "customer-20931",
    prefill: { firstName: "Mia" },
    sessionEndpoint: "https://shop.example/session?key=1234",
    theme: "dark",
    title: "Mia's shop",
    // An attribute of another script.
    mia: "Mia",
    getSession: () => TOKEN,
  },
} as unknown as InternalChat;

const finding = { check: "session", isFine: false, message: `\`getSession\` returns ${TOKEN} for https://shop.example/a/b?mail=mia@example.com.`, fix: "x" };

test("the record has the state, the kinds of the options and the findings", () => {
  const record = JSON.parse(makeReport(chat, [finding], "https://cdn.example/pipit/pipit.js"));
  equal(record.page, "https://shop.example");
  deepEqual(record.chat, { state: "chatting", isOpen: true, unread: 2, connection: "connected" });
  equal(record.settings.theme, "dark");
  equal(record.settings.jwt, "(string)");
  equal(record.settings.mia, undefined);
  equal(record.settings.getSession, "(function)");
  deepEqual(record.files, ["panel-3F.js"]);
  match(record.findings[0].message, /^`getSession` returns \(hidden\) for https:\/\/shop\.example\/…/);
});

test("the record has no token, no value of the visitor and no path of the page", () => {
  for (const baseUrl of ["https://cdn.example/pipit/pipit.js", undefined]) {
    const text = makeReport(chat, [finding], baseUrl);
    doesNotMatch(text, /eyJ|QnLQ|Mia|mia@|20931|4711|orders|key=1234/);
  }
});

test("what looks like a secret is hidden, and usual sentences stay", () => {
  for (const secret of [TOKEN, "SessionId 3f0c9a7be1d24c5a9f00aa11bb22cc33", "https://a.example/b?c=d", "http://127.0.0.1:8461/engagement/api?pool=1"]) {
    const hidden = withoutSecrets(`Before ${secret} after`);
    match(hidden, /^Before .*(\(hidden\)|…).* after$/);
    doesNotMatch(hidden, /eyJ|3f0c9a|c=d|pool/);
  }
  const sentence = "The header `frame-ancestors` of frame.html does not have 'self'; add script-src 'wasm-unsafe-eval'.";
  equal(withoutSecrets(sentence), sentence);
  const host = "The chat server https://chat-server-1.long-name.custhelp.com:8443 cannot be reached.";
  equal(withoutSecrets(host), host.replace("8443", "8443/…"));
});
