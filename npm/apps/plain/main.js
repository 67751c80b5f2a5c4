import { createChat } from "pipit-chat";

const toggle = document.querySelector("#toggle");
const output = document.querySelector("output");
let chat;

function mount() {
  const mounted = createChat({ sessionEndpoint: "/session" });
  mounted.on("chat:queued", () => (output.textContent = mounted.getState().state));
  chat = mounted;
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
