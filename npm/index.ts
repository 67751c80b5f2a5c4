// The entry of the npm package: `import { createChat } from "pipit-chat"`.

import { setAssetSource } from "./assets";
import type { LazyScripts } from "./chat-internals";
import { type Chat, OPTIONS, type Options } from "./contract";
import { defineElement, logAlreadyOnPage, pageChat, placeChat } from "./element";
import { PipitError } from "./error";
import { fetchPackageFile, setAssetBase } from "./package-assets";
import { pageDocument } from "./page-document";
import { createServerChat } from "./server-chat";

// `ChatEvent` is published under the name `Told`, by which custom-elements.json refers to it.
export type { Agent, AgentMessage, Answers, Chat, ChatEvent as Told, EventName, Events, Field, Finding, Findings, Listener, Message, Options, Session, SessionWanted, State, Wait } from "./contract";
export type { PipitChat } from "./element";
export { setAssetBase } from "./package-assets";
export { defineElement, PipitError };

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

setAssetSource({ loadScript: (name) => SCRIPTS[name](), fetchFile: fetchPackageFile, hashes: {} });

/** The options of `createChat`: those of the chat, and where the package's files are. */
export interface PackageOptions extends Options {
  /** The same as a call of `setAssetBase` with this address. */
  assetBase?: string | URL | undefined;
}

/**
 * Puts a chat on the page. A page has one chat at a time: if there is one already, this returns it and ignores `options`. If the page
 * is still loading and has no `<body>` or no `target` yet, the chat waits for it. On a web server, returns a chat that does nothing.
 *
 * @throws PipitError with `E_OPTION` if there is no option with a given name, and with `E_TARGET` if nothing on the page matches the
 * option `target`. The values of the other options are checked when the panel is loaded.
 */
export function createChat({ assetBase, ...options }: PackageOptions): Chat {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown !== undefined) {
    throw new PipitError("E_OPTION", `there is no option \`${unknown}\`.`);
  }
  if (assetBase !== undefined) {
    setAssetBase(assetBase);
  }
  if (!("document" in globalThis)) {
    return createServerChat();
  }
  defineElement();
  const chat = pageChat();
  if (chat.host) {
    logAlreadyOnPage();
    return chat;
  }
  try {
    return placeChat(options);
  } catch (error) {
    if (pageDocument.readyState !== "loading") {
      throw error;
    }
    const place = async () => {
      if (!chat.host) {
        placeChat(options);
      }
    };
    pageDocument.addEventListener("DOMContentLoaded", () => chat.reportFailure(place()), { signal: chat.signal });
    return chat;
  }
}
