// The tuned minimum to compare with: a chat that is written by hand with Preact. It is a single script, so it has to fetch nothing
// when the visitor opens it. It draws at most once a frame. A new message only renders the last chunk of rows again, and the browser
// skips the layout of chunks that are out of sight.

import { Component, h, options, render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { adoptStyles, PANEL_CSS, postMessage } from "./shared.js";

/** The number of rows in a chunk. */
const ROWS_PER_CHUNK = 32;

// Preact renders when the browser is about to draw, and not after each change.
options.debounceRendering = requestAnimationFrame;

/** A chunk of rows. `texts` is a new array if the chunk has changed. */
class Chunk extends Component {
  shouldComponentUpdate({ texts }) {
    return texts !== this.props.texts;
  }

  render({ texts }) {
    return h(
      "div",
      { class: "chunk" },
      texts.map((text, index) => h("div", { class: "row", key: index }, text)),
    );
  }
}

/** Adds texts to chunks: the last chunk is replaced, and all chunks before it stay the same. */
function addTexts(chunks, texts) {
  const all = [...(chunks.at(-1) ?? []), ...texts];
  const added = [];
  for (let start = 0; start < all.length; start += ROWS_PER_CHUNK) {
    added.push(all.slice(start, start + ROWS_PER_CHUNK));
  }
  return [...chunks.slice(0, -1), ...added];
}

function Chat({ register }) {
  const [isOpen, setIsOpen] = useState(false);
  const [chunks, setChunks] = useState([]);
  const [draft, setDraft] = useState("");
  const textField = useRef();
  const list = useRef();
  useEffect(() => isOpen && textField.current.focus(), [isOpen]);
  useEffect(() => list.current && (list.current.scrollTop = list.current.scrollHeight), [chunks]);
  const receive = (texts) => setChunks((before) => addTexts(before, texts));
  register(receive);
  const send = (event) => {
    event.preventDefault();
    if (draft.trim()) {
      receive([draft]);
      setDraft("");
      postMessage(draft);
    }
  };
  return [
    isOpen &&
      h("section", { class: "panel", "aria-label": "Chat", onKeyDown: ({ key }) => key === "Escape" && setIsOpen(false) }, [
        h("h2", null, "Support"),
        h("div", { class: "list", ref: list, role: "log" }, chunks.map((texts, index) => h(Chunk, { key: index, texts }))),
        h("form", { onSubmit: send }, [
          h("textarea", {
            ref: textField,
            value: draft,
            placeholder: "Write a message",
            "aria-label": "Write a message",
            onInput: ({ target }) => setDraft(target.value),
            onKeyDown: (event) => event.key === "Enter" && !event.shiftKey && send(event),
          }),
          h("button", null, "Send"),
        ]),
      ]),
    h("button", { class: "launcher", "aria-label": "Chat", "aria-expanded": `${isOpen}`, onClick: () => setIsOpen(!isOpen) }, "…"),
  ];
}

const host = document.createElement("preact-chat");
const root = host.attachShadow({ mode: "open" });
adoptStyles(root, PANEL_CSS);
document.body.append(host);
window.peer = {
  destroy() {
    render(null, root);
    host.remove();
    window.peer = undefined;
  },
};
render(h(Chat, { register: (receive) => Object.assign(window.peer, { receive }) }), root);
