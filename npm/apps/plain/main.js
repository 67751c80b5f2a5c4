// A page without a build, which imports the package by an import map. A button adds and removes a chat. The page shows the chat's
// state. The e2e tests use it (`tests/e2e/tests/apps.rs`).

import { createChat } from "pipit-chat";

const toggle = document.querySelector("#toggle");
const output = document.querySelector("output");
let chat;

function mount() {
  const newChat = createChat({ sessionEndpoint: "/session" });
  newChat.on("chat:queued", () => (output.textContent = newChat.getState().state));
  chat = newChat;
  toggle.textContent = "Without a chat";
}

toggle.addEventListener("click", () => {
  if (chat) {
    chat.destroy();
    chat = undefined;
    output.textContent = "none";
    toggle.textContent = "With a chat";
  } else {
    mount();
  }
});
mount();
