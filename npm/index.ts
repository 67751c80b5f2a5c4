// The entry of the npm package: `import { createChat } from "pipit-chat"`.

import { setAssetSource } from "./assets";
import type { LazyScripts } from "./chat-internals";
import type { Chat, Options } from "./contract";
import { defineElement, logAlreadyOnPage, pageChat, placeChat } from "./element";
import { FILES } from "package-files";

// `ChatEvent` is published under the name `Told`, by which custom-elements.json refers to it.
export type { Agent, AgentMessage, Answers, Chat, ChatEvent as Told, EventName, Events, Field, Finding, Listener, Message, Options, Session, SessionWanted, State, Wait } from "./contract";
export type { PipitChat } from "./element";
export { PipitError } from "./error";
export { defineElement };

/** The scripts that are loaded on demand. Each `import` names its file literally, so that a bundler finds the file. */
const SCRIPTS: { [Name in keyof LazyScripts]: () => Promise<LazyScripts[Name]> } = {
  panel: () => import("./panel"),
  doctor: () => import("./doctor"),
  "fallback-card": () => import("./fallback-card"),
  "fetch-check": () => import("./fetch-check"),
  "file-transfer": () => import("./file-transfer"),
  "frame-host": () => import("./frame-host"),
  "page-precedence": () => import("./page-precedence"),
  sound: () => import("./sound"),
  title: () => import("./title"),
  watchers: () => import("./watchers"),
};

// `FILES` has the addresses of the package's files that are not scripts; the build makes it. The files are fetched without a check
// of their hashes, because they are delivered together with this script.
setAssetSource({ loadScript: (name) => SCRIPTS[name](), fetchFile: async (name) => fetch(FILES[name]!), hashes: {} });

/**
 * Puts a chat on the page. A page has one chat at a time: if there is one already, this returns it and ignores `options`.
 *
 * @throws PipitError with `E_TARGET` if nothing on the page matches the option `target`. Other options are checked when
 * the panel is loaded.
 */
export function createChat(options: Options): Chat {
  defineElement();
  if (!pageChat().host) {
    return placeChat(options);
  }
  logAlreadyOnPage();
  return pageChat();
}
