// A visitor and an agent talk on the page. The visitor is the browser; the agent is the test.

import { expect, test } from "@playwright/test";
import { Agent, Sandbox } from "pipit-chat/testing";

const sandbox = Sandbox.at("http://127.0.0.1:8461");
let agent: Agent;

test.beforeEach(async ({ page }) => {
  await sandbox.reset();
  agent = await Agent.signIn({ sandbox });
  await page.goto(`/?session-endpoint=${sandbox.options.sessionEndpoint}`);
});
test.afterEach(() => agent.signOut());

test("a visitor asks, and the agent answers", async ({ page }) => {
  await page.getByRole("button", { name: "Chat" }).click();
  const field = page.getByRole("textbox", { name: "Write a message" });
  await field.fill("Where is my order?");
  await field.press("Enter");

  await agent.accept();
  await agent.sees("message", "Where is my order?");
  await agent.say("It is on its way.");
  await expect(page.getByText("It is on its way.")).toBeVisible();

  await agent.sayHtml("It arrives <b>today</b>.");
  await expect(page.locator("b", { hasText: "today" })).toBeVisible();

  // What the visitor types can be seen before it is sent.
  await field.pressSequentially("Than");
  await agent.sees("preview", "Than");

  await agent.conclude();
  await expect(page.getByRole("button", { name: "New chat" })).toBeVisible();
});

test("messages that arrive while the chat is closed are counted", async ({ page }) => {
  await page.getByRole("button", { name: "Chat" }).click();
  const field = page.getByRole("textbox", { name: "Write a message" });
  await field.fill("Hello");
  await field.press("Enter");
  await agent.accept();
  await agent.sees("message", "Hello");
  await page.getByRole("button", { name: "Minimize chat" }).click();
  await agent.say("Are you still there?");
  await expect(page.getByRole("status")).toHaveText("1");
});

test("a message whose answer is lost is not sent twice", async ({ page }) => {
  await page.getByRole("button", { name: "Chat" }).click();
  const field = page.getByRole("textbox", { name: "Write a message" });
  await field.fill("Hello");
  await field.press("Enter");
  await agent.accept();
  await agent.sees("message", "Hello");
  await sandbox.breakNetwork("consumer/postMessage", { somebody_else: { sends: "html", processed: true } });
  await field.fill("One kettle, please");
  await field.press("Enter");
  await agent.sees("message", "One kettle, please");
  await expect(page.getByText("One kettle, please")).toHaveCount(1);
});
