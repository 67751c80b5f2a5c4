// Chatscope (npm `@chatscope/chat-ui-kit-react`), as its documentation embeds it, in the panel of `launcher.js`.

import styles from "@chatscope/chat-ui-kit-styles/dist/default/styles.min.css";
import { ChatContainer, MainContainer, Message, MessageInput, MessageList } from "@chatscope/chat-ui-kit-react";
import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";
import { adoptStyles, postMessage } from "./shared.js";

function Chat({ register }) {
  const [messages, setMessages] = useState([]);
  const add = (direction, texts) => setMessages((before) => [...before, ...texts.map((text) => ({ direction, text }))]);
  register((texts) => add("incoming", texts));
  const send = (_html, text) => {
    add("outgoing", [text]);
    postMessage(text);
  };
  const rows = messages.map(({ direction, text }, index) => createElement(Message, { key: index, model: { message: text, direction, position: "single" } }));
  return createElement(
    MainContainer,
    null,
    createElement(ChatContainer, null, createElement(MessageList, null, rows), createElement(MessageInput, { placeholder: "Write a message", attachButton: false, onSend: send })),
  );
}

/** Draws the chat into `place`. Returns the functions that the bench calls. */
export function show(place) {
  adoptStyles(document, styles);
  const root = createRoot(place);
  const chat = { receive: () => {}, destroy: () => root.unmount() };
  const register = (receive) => Object.assign(chat, { receive });
  root.render(createElement(Chat, { register }));
  return { receive: (texts) => chat.receive(texts), destroy: chat.destroy };
}
