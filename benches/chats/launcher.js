// A launcher for published chats that have none. Like Pipit's, it fetches the chat when the pointer is over it or presses it. The
// attribute `data-panel` of the script's tag names the module with the chat, whose function `show(place)` draws it.

import { adoptStyles, PANEL_CSS } from "./shared.js";

const { panel } = document.currentScript.dataset;
const host = document.createElement("lazy-chat");
const place = document.createElement("section");
place.className = "panel";
const launcher = document.createElement("button");
launcher.className = "launcher";
launcher.textContent = "…";
adoptStyles(document, PANEL_CSS);

/** The module of the chat, as soon as somebody needs it. */
let chatModule;
const load = () => (chatModule ??= import(panel));
launcher.addEventListener("pointerenter", load);
launcher.addEventListener(
  "click",
  async () => {
    host.append(place);
    const { receive, destroy } = (await load()).show(place);
    window.peer = {
      receive,
      destroy() {
        destroy();
        host.remove();
        window.peer = undefined;
      },
    };
  },
  { once: true },
);
host.append(launcher);
document.body.append(host);
