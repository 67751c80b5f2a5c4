// What the package's types must let pass, and what they must not: compiled only.

import { type Chat, PipitError, createChat, defineElement } from "pipit-chat";
// @ts-expect-error The test kit has its name, and is not there yet.
import "pipit-chat/testing";

const chat: Chat = createChat({ sessionEndpoint: "/session", theme: "dark" });
const off: () => void = chat.on("message:received", ({ text, isHtml, id, time }) => {
  const told: [string, boolean, string, number] = [text, isHtml, id, time];
  console.log(told);
});
chat.once("chat:ended", ({ reason, engagementId }) => console.log(reason.length, engagementId.length));
// @ts-expect-error There is no such event.
chat.on("message:lost", () => {});
// @ts-expect-error A text cannot be an option's list of choices.
createChat({ theme: "blue" });
// @ts-expect-error What is told cannot be changed.
chat.on("unread:changed", (told) => (told.count = 0));
const state: "idle" | "starting" | "queued" | "chatting" | "requeued" | "ended" | "failed" = chat.getState().state;
const isNew: boolean = defineElement();
chat.open().catch((error: unknown) => error instanceof PipitError && console.log(error.code, state, isNew, off));
