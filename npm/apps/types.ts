// Tests the npm package's types. This file is compiled and never runs. The line after each `@ts-expect-error` must not compile.

import { PipitChat, usePipit, usePipitEvent } from "pipit-chat/react";
import { type ConversationState, createConversation } from "pipit-chat/headless";
import { pipit, pipitChat } from "pipit-chat/svelte";
import { Agent, type InPageSandbox, Sandbox } from "pipit-chat/testing";
import { PipitChat as VueChat, usePipit as useVuePipit } from "pipit-chat/vue";
import { type Chat, PipitError, createChat, defineElement } from "pipit-chat";

const chat: Chat = createChat({ sessionEndpoint: "/session", theme: "dark" });
const off: () => void = chat.on("message:received", ({ text, isHtml, id, time }) => {
  const details: [string, boolean, string, number] = [text, isHtml, id, time];
  console.log(details);
});
chat.once("chat:ended", ({ reason, engagementId }) => console.log(reason.length, engagementId.length));
// @ts-expect-error No event has this name.
chat.on("message:lost", () => {});
// @ts-expect-error The option takes only its choices.
createChat({ theme: "blue" });
// @ts-expect-error An event is read-only.
chat.on("unread:changed", (event) => (event.count = 0));
const state: "idle" | "starting" | "queued" | "chatting" | "requeued" | "ended" | "failed" = chat.getState().state;
const isNew: boolean = defineElement();
chat.open().catch((error: unknown) => error instanceof PipitError && console.log(error.code, state, isNew, off));

PipitChat({ sessionEndpoint: "/session", beforeSend: (text) => text, on: { "message:received": ({ text }) => console.log(text) } });
// @ts-expect-error No event has this name.
usePipitEvent("message:lost", () => {});
const unread: number = usePipit().state.unread + useVuePipit().value.state.unread;
pipit.subscribe(({ chat: shown }) => void shown?.open());
pipitChat(document.body, { mode: "inline", assetBase: "/pipit" }).destroy();
// @ts-expect-error The option takes only its choices.
pipitChat(document.body, { mode: "big" });
console.log(unread, VueChat);

const conversation = createConversation({ sessionEndpoint: "/session", allowedHosts: ["chat.example"] });
const { entries, wait }: ConversationState = conversation.getState();
conversation.on("message:received", ({ text, isHtml }) => console.log(text, isHtml, wait?.position, entries.map((entry) => (entry.kind === "visitor" ? entry.delivery : entry.text))));
// @ts-expect-error No event of a conversation without a view has this name.
conversation.on("widget:opened", () => {});
// @ts-expect-error A conversation without a view has no look.
createConversation({ theme: "dark" });
// @ts-expect-error The state is read-only.
conversation.getState().unread = 0;

async function test(): Promise<void> {
  const sandbox: InPageSandbox = await Sandbox.inPage({ seed: 1, settings: { hold_ms: 1_000 } });
  const agent = await Agent.signIn({ sandbox, waitLimit: "5s" });
  const message = await agent.sees("message", /order/);
  console.log(message.type === "ChatPostMessage" && message.body.length, createChat(sandbox.options));
  await sandbox.advance("35s");
  // @ts-expect-error A duration has a unit.
  await sandbox.advance("soon");
  // @ts-expect-error An agent cannot see this.
  await agent.sees("everything");
}
test().catch(console.error);
