// The chat with the page's own markup. `pipit-chat/headless` has the conversation; this file draws it.

import { createConversation } from "pipit-chat/headless";

const conversation = createConversation({ sessionEndpoint: "/session" });
window.conversation = conversation;

const chat = document.querySelector("#chat");
const status = chat.querySelector("[role=status]");
const log = chat.querySelector("ol");
const form = chat.querySelector("form");
const preview = chat.querySelector("#preview");

/** What the visitor reads about each state. */
const STATUS = {
  idle: () => "Schreiben Sie uns.",
  starting: () => "Wir verbinden Sie.",
  queued: ({ wait }) => (wait.position === 1 ? "Sie sind als Nächstes an der Reihe." : `Vor Ihnen: ${wait.position - 1}`),
  requeued: () => "Sie werden weitergegeben.",
  chatting: ({ agents }) => `Sie sprechen mit ${agents.map(({ name }) => name).join(", ")}.`,
  ended: () => "Der Chat ist beendet.",
  failed: ({ code }) => `Das hat nicht geklappt (${code}).`,
};

/** The text of a message or a notice. Its HTML is not used: it comes from outside the page. */
function textOf({ kind, text, name, notice, delivery }) {
  switch (kind) {
    case "visitor":
      return `Sie: ${text}${{ failed: " (nicht angekommen)", unknown: " (vielleicht nicht angekommen)" }[delivery] ?? ""}`;
    case "agent":
      return `${name}: ${text}`;
    default:
      return text ?? `${notice} ${name ?? ""}`;
  }
}

function draw() {
  const state = conversation.getState();
  status.textContent = STATUS[state.state](state);
  log.replaceChildren(...state.entries.map((entry) => Object.assign(document.createElement("li"), { textContent: textOf(entry) })));
  // The visitor has to know that agents read what is typed.
  preview.hidden = !state.isPreviewSent;
  // What the visitor types stays; a draft from before a reload comes back.
  form.elements.text.value ||= state.draft;
}

conversation.subscribe(draw);
form.elements.text.addEventListener("input", ({ target }) => conversation.typeDraft(target.value));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  conversation.send(form.elements.text.value);
  form.reset();
});
preview.querySelector("button").addEventListener("click", () => conversation.allowSneakPreview(false));
chat.querySelector("#end").addEventListener("click", () => conversation.endChat());
chat.hidden = false;
draw();
