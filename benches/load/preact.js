// The minimal chat that the benchmark `load.js` compares Pipit with: a button, a panel, messages and a text field. It is written by
// hand with Preact. It is a single script, so it has to fetch nothing when the visitor opens it. It sends nothing to a server.

import { h, render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const CSS = `
  :host { all: initial; font: 15px/1.4 system-ui, sans-serif; color: #1c2624 }
  button { font: inherit; border: 0; border-radius: 999px; background: #1f6f5c; color: #fff; cursor: pointer }
  .launcher { position: fixed; inset: auto 20px 20px auto; width: 60px; height: 60px; font-size: 24px }
  .panel { position: fixed; inset: auto 20px 96px auto; width: 384px; height: 560px; display: flex; flex-direction: column;
    border-radius: 20px; background: #fff; box-shadow: 0 8px 40px #0003; overflow: hidden }
  h2 { margin: 0; padding: 16px 20px; font-size: 16px; border-bottom: 1px solid #e4e9e8 }
  ol { flex: 1; margin: 0; padding: 16px; overflow: auto; list-style: none }
  li { margin: 4px 0 4px auto; width: fit-content; max-width: 75%; padding: 8px 14px; border-radius: 16px;
    background: #1f6f5c; color: #fff; overflow-wrap: anywhere }
  form { display: flex; gap: 8px; padding: 12px; border-top: 1px solid #e4e9e8 }
  textarea { flex: 1; font: inherit; height: 24px; padding: 8px 14px; border: 1px solid #9aa; border-radius: 20px; resize: none }
  form button { padding: 0 16px }
`;

function Chat() {
  const [isOpen, setIsOpen] = useState(false);
  const [messages, setMessages] = useState([]);
  const [draft, setDraft] = useState("");
  const textField = useRef();
  const messageList = useRef();
  useEffect(() => isOpen && textField.current.focus(), [isOpen]);
  useEffect(() => messageList.current && (messageList.current.scrollTop = messageList.current.scrollHeight), [messages]);
  const send = (event) => {
    event.preventDefault();
    if (draft.trim()) {
      setMessages([...messages, draft]);
      setDraft("");
    }
  };
  return [
    isOpen &&
      h("section", { class: "panel", "aria-label": "Chat", onKeyDown: ({ key }) => key === "Escape" && setIsOpen(false) }, [
        h("h2", null, "Support"),
        h("ol", { ref: messageList, role: "log" }, messages.map((text, index) => h("li", { key: index }, text))),
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
const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
root.adoptedStyleSheets = [sheet];
document.body.append(host);
render(h(Chat), root);
