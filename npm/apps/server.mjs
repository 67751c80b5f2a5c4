// Runs on Node.js, as a server does that draws pages: imports every entry of the package and calls it where there is no page.
// `cargo xtask test e2e` runs this file.

import assert from "node:assert/strict";
import { createChat, defineElement, PipitError, setAssetBase } from "pipit-chat";
import * as headless from "pipit-chat/headless";
import * as react from "pipit-chat/react";
import * as svelte from "pipit-chat/svelte";
import * as vue from "pipit-chat/vue";
import { createElement } from "react";
import { renderToString } from "react-dom/server";

assert.equal(typeof defineElement, "function");
setAssetBase("/pipit");
const chat = createChat({ sessionEndpoint: "/chat-session", assetBase: "/pipit" });
await chat.open();
await chat.destroy();
assert.deepEqual([...(await chat.doctor())], []);
assert.equal(chat.getState().state, "idle");
chat.on("ready", () => assert.fail())();
assert.throws(() => createChat({ nope: 1 }), (error) => error instanceof PipitError && error.code === "E_OPTION");

const conversation = headless.createConversation({ sessionEndpoint: "/chat-session" });
assert.equal(conversation.getState().state, "idle");
await assert.rejects(conversation.startChat(), (error) => error instanceof headless.PipitError && error.code === "E_BROWSER");
assert.throws(() => headless.createConversation({ theme: "dark" }), (error) => error.code === "E_OPTION");

const Status = () => react.usePipit().state.state;
assert.equal(renderToString(createElement("p", {}, createElement(react.PipitChat, { sessionEndpoint: "/chat-session" }), createElement(Status))), "<p>idle</p>");
svelte.pipit.subscribe(({ state }) => assert.equal(state.state, "idle"))();
assert.equal(vue.PipitChat.name, "PipitChat");
