// Tests the npm package's types. This file is compiled and never runs. The line after each `@ts-expect-error` must not compile.

import { type Chat, PipitError, createChat, defineElement } from "pipit-chat";
// @ts-expect-error The name is reserved for a test kit that does not exist yet.
import "pipit-chat/testing";

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
