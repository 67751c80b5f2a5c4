// The conversations that the package has as files, with the real chat as the visitor. They are played one after the other in one chat page;
// no time passes but by the script.
/// <reference types="vite/client" />

import { type Chat, createChat } from "pipit-chat";
import { type InPageSandbox, Sandbox, visitorOf } from "pipit-chat/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

/** The texts of the files, by their paths. */
const FILES: Record<string, string> = import.meta.glob("../node_modules/pipit-chat/testing/conversations/*.toml", {
  eager: true,
  import: "default",
  query: "?raw",
});

/** Words for which a chat has no command, and things of which it has no event. */
const BEYOND_A_CHAT = /"(?:type|sendAgain|allowPreview|reload|openTab)"|\b(?:left|file|survey|surveyByMail) =/;

const conversations = Object.entries(FILES).filter(([, text]) => !BEYOND_A_CHAT.test(text));

let sandbox: InPageSandbox;
let chat: Chat;

beforeEach(async () => {
  sandbox = await Sandbox.inPage({ seed: 1, start: new Date("2027-01-15T08:00:00Z") });
  chat = createChat(sandbox.options);
});

afterEach(async () => {
  await chat.forget();
  await chat.destroy();
  await sandbox.close();
});

test.each(conversations)("%s", async (_, script) => {
  await sandbox.play(script, visitorOf(chat));
});

test("a script fails on the line that is wrong, and says what was seen instead", async () => {
  const script = `title = "A wrong expectation"
steps = [
  { agent = "signIn" },
  { visitor = "start" },
  { agent = "accept" },
  { agent = "say", text = "Good morning" },
  { visitor = "sees", message = "Good evening" },
]`;
  await expect(sandbox.play(script, visitorOf(chat))).rejects.toThrow(/^line 7: The visitor did not see the message "Good evening" .*"Good morning"/);
});
