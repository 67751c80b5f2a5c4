// Tests the types of <pipit-chat> in the templates of Vue and Svelte, and in the DOM. This file is compiled and never runs.

import "pipit-chat/elements/svelte";
import "pipit-chat/elements/vue";
import { defineElement } from "pipit-chat";
import type { SvelteHTMLElements } from "svelte/elements";
import type { GlobalComponents } from "vue";

defineElement();
export const chat = document.querySelector("pipit-chat")?.chat;
document.addEventListener("pipit-message-received", (event) => console.log((event as CustomEvent<{ text: string }>).detail.text));
export const svelte: SvelteHTMLElements["pipit-chat"] = { "session-endpoint": "/session", side: "left" };
// @ts-expect-error The attribute takes only its choices.
export const wrongSvelte: SvelteHTMLElements["pipit-chat"] = { side: "top" };
type VueProps = InstanceType<GlobalComponents["pipit-chat"]>["$props"];
export const vue: VueProps = { "session-endpoint": "/session", side: "left" };
