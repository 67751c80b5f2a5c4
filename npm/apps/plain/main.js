import { createChat } from "pipit-chat";

const [toggle, output] = ["#toggle", "output"].map((it) => document.querySelector(it));
let chat;

function mount() {
  chat = createChat({ sessionEndpoint: "/session" });
  const own = chat;
  own.on("chat:queued", () => (output.textContent = own.getState().state));
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
