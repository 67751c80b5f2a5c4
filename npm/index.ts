// The door for programs: `import { createChat } from "pipit-chat"`.

import type { Chat } from "./api";
import { defineElement, notice, pageChat, stand } from "./element";
import { type Parts, filesAre } from "./files";
import type { Options } from "./options";

export type { Answers, Chat, Finding } from "./api";
export type { PipitChat } from "./element";
export { PipitError } from "./error";
export type { Agent, AgentMessage, EventName, Events, Listener, Message, State, Told, Wait } from "./events";
export type { Field, Options, Session, SessionWanted } from "./options";
export { defineElement };

// Written out, each for itself: so a bundler sees which files belong to the package.
const FILES: Record<string, URL> = {
  "widget_bg.wasm": new URL("./widget_bg.wasm", import.meta.url),
  "pipit.css": new URL("./pipit.css", import.meta.url),
};

const PARTS: { [Name in keyof Parts]: () => Promise<Parts[Name]> } = {
  panel: () => import("./panel.js"),
  away: () => import("./away.js"),
  doctor: () => import("./doctor.js"),
};

filesAre({ part: (name) => PARTS[name](), url: (name) => FILES[name] ?? new URL(`./${name}`, import.meta.url) });

/**
 * Puts a chat on the page. There is one at a time: as long as it is there, it is what this returns.
 *
 * @throws PipitError `E_OPTION`, with the name of the option that is wrong.
 */
export function createChat(options: Options): Chat {
  defineElement();
  const chat = pageChat();
  if (!chat.host) {
    return stand(options);
  }
  notice();
  return chat;
}
