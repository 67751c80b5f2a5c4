// The door for programs: `import { createChat } from "pipit-chat"`.

import type { Chat } from "./api";
import { defineElement, notice, pageChat, stand } from "./element";
import { type Parts, filesAre } from "./assets";
import type { Options } from "./options";
import { FILES } from "package-files";

export type { Answers, Chat, Finding } from "./api";
export type { PipitChat } from "./element";
export { PipitError } from "./error";
export type { Agent, AgentMessage, EventName, Events, Listener, Message, State, Told, Wait } from "./events";
export type { Field, Options, Session, SessionWanted } from "./options";
export { defineElement };

// Written out, each for itself, as in `package-files`: so a bundler sees which files belong to the package.
const PARTS: { [Name in keyof Parts]: () => Promise<Parts[Name]> } = {
  panel: () => import("./panel"),
  availability: () => import("./availability"),
  doctor: () => import("./doctor"),
  "file-transfer": () => import("./file-transfer"),
  sound: () => import("./sound"),
  title: () => import("./title"),
  "fallback-card": () => import("./fallback-card"),
  framed: () => import("./framed"),
};

filesAre({ part: (name) => PARTS[name](), get: async (name) => fetch(FILES[name]!), hashes: {} });

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
