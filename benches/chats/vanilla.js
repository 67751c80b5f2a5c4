// The floor: a chat without any library, which only appends elements. No chat that draws messages can do much less.

import { adoptStyles, PANEL_CSS, postMessage } from "./shared.js";

/** The number of rows in a chunk. The browser skips the layout of chunks that are out of sight. */
const ROWS_PER_CHUNK = 32;

/** An element with a class, a text and children. */
function element(name, { className = "", text = "", children = [], ...attributes }) {
  const created = document.createElement(name);
  created.className = className;
  created.textContent = text;
  created.append(...children);
  Object.entries(attributes).forEach(([attribute, value]) => created.setAttribute(attribute, value));
  return created;
}

const field = element("textarea", { placeholder: "Write a message", "aria-label": "Write a message" });
const list = element("div", { className: "list", role: "log" });
const form = element("form", { children: [field, element("button", { text: "Send" })] });
const panel = element("section", { className: "panel", "aria-label": "Chat", children: [element("h2", { text: "Support" }), list, form] });
const launcher = element("button", { className: "launcher", text: "…", "aria-label": "Chat" });

/** The texts that the next frame draws. */
let waitingTexts = [];

/** Draws all texts that have come since the last frame. */
function draw() {
  let chunk = list.lastElementChild;
  for (const text of waitingTexts) {
    if (!chunk || chunk.childElementCount === ROWS_PER_CHUNK) {
      chunk = element("div", { className: "chunk" });
      list.append(chunk);
    }
    chunk.append(element("div", { className: "row", text }));
  }
  waitingTexts = [];
  list.scrollTop = list.scrollHeight;
}

function receive(texts) {
  if (!waitingTexts.length) {
    requestAnimationFrame(draw);
  }
  waitingTexts.push(...texts);
}

function send(event) {
  event.preventDefault();
  const text = field.value;
  if (text.trim()) {
    field.value = "";
    receive([text]);
    postMessage(text);
  }
}

form.addEventListener("submit", send);
field.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && send(event));
launcher.addEventListener("click", () => {
  panel.hidden = !panel.hidden;
  panel.style.display = panel.hidden ? "none" : "";
  field.focus();
});
panel.hidden = true;
panel.style.display = "none";

const host = document.createElement("vanilla-chat");
const root = host.attachShadow({ mode: "open" });
adoptStyles(root, PANEL_CSS);
root.append(panel, launcher);
document.body.append(host);
window.peer = {
  receive,
  destroy() {
    host.remove();
    list.replaceChildren();
    window.peer = undefined;
  },
};
