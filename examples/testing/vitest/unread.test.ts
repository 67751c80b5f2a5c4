// A component of the page, with the real chat and a chat server in the page. No time passes but by `sandbox.advance`.

import { type Chat, createChat } from "pipit-chat";
import { Agent, type InPageSandbox, Sandbox } from "pipit-chat/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import { showUnread } from "../page/unread";

let sandbox: InPageSandbox;
let chat: Chat;
let agent: Agent;
let output: HTMLOutputElement;

beforeEach(async () => {
  sandbox = await Sandbox.inPage({ seed: 1, start: new Date("2027-01-15T08:00:00Z") });
  agent = await Agent.signIn({ sandbox });
  output = document.body.appendChild(document.createElement("output"));
  chat = createChat(sandbox.options);
  showUnread(chat, output);
});

afterEach(async () => {
  await chat.forget();
  await chat.destroy();
  await sandbox.close();
  output.remove();
});

test("messages that arrive while the chat is closed are counted", async () => {
  await chat.send("Hello");
  await agent.accept();
  await agent.sees("message", "Hello");
  await chat.close();
  await agent.say("Are you still there?");
  await expect.element(output).toHaveTextContent("1");
});

test("a visitor who writes nothing for ten minutes is told that the chat has ended", async () => {
  await chat.send("Hello");
  await agent.accept();
  await agent.sees("message", "Hello");
  await agent.say("Good morning.");
  await expect.element(page.getByText("Good morning.")).toBeVisible();
  await sandbox.advance("11min");
  await agent.sees("end", "IDLE_TIMEOUT");
  expect(chat.getState().state).toBe("ended");
});
