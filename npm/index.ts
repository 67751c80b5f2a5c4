// The entry of the npm package: `import { createChat } from "pipit-chat"`.

import { setAssetSource } from "./assets";
import type { LazyScripts } from "./chat-internals";
import { type Chat, OPTIONS, type Options } from "./contract";
import { defineElement, logAlreadyOnPage, pageChat, PipitChat, placeChat } from "./element";
import { PipitError } from "./error";
import { fetchPackageFile, frameBase, setAssetBase } from "./package-assets";
import { pageDocument } from "./page-document";
import { createInertChat } from "./inert-chat";

// `ChatEvent` is published under the name `Told`, by which custom-elements.json refers to it.
export type { Agent, AgentMessage, Answers, Chat, ChatEvent as Told, EventName, Events, Field, Finding, Findings, Listener, Message, Options, Rating, Session, SessionWanted, State, Wait } from "./contract";
export type { PipitChat } from "./element";
export type { PipitChatAttributes, PipitChatEvents } from "./element-attributes";
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

/** Loads a script. Fails with `E_NOT_LOADED`, as the script tag's loader does. */
function loadScript<Name extends keyof LazyScripts>(name: Name): Promise<LazyScripts[Name]> {
  return SCRIPTS[name]().catch((cause: unknown) => {
    throw new PipitError("E_NOT_LOADED", `the script \`${name}\` of pipit-chat did not load: the build has left it out, the network failed, or the page's Content-Security-Policy forbids it.`, { cause });
  });
}

setAssetSource({ loadScript, fetchFile: fetchPackageFile, frameBase, hashes: {} });

/** The options of `createChat`: those of the chat, and where the package's files are. */
export interface PackageOptions extends Options {
  /** The same as a call of `setAssetBase` with this address. */
  assetBase?: string | URL | undefined;
}

/**
 * Puts a chat on the page. A page has one chat at a time: if there is one already, this returns it and ignores `options`. If the page
 * is still loading and has no `<body>` or no `target` yet, the chat waits for it. On a web server, and in a browser that is much too
 * old, returns a chat that does nothing.
 *
 * @throws PipitError with `E_ARGUMENT` if `options` is no object, with `E_OPTION` if there is no option with a given name, and with
 * `E_TARGET` if nothing on the page matches the option `target`. The values of the other options are checked when the panel is loaded.
 */
export function createChat(options: PackageOptions = {}): Chat {
  // Callers without TypeScript may give anything.
  if (typeof options !== "object" || options === null) {
    throw new PipitError("E_ARGUMENT", "createChat() takes an object with options.");
  }
  const { assetBase, ...others } = options;
  const unknown = Object.keys(others).find((name) => !(name in OPTIONS) || name in Object.prototype);
  if (unknown !== undefined) {
    throw new PipitError("E_OPTION", `there is no option \`${unknown}\`.`);
  }
  if (assetBase !== undefined) {
    setAssetBase(assetBase);
  }
  if (!("document" in globalThis)) {
    return createInertChat("there is no page here, so createChat() returns a chat that does nothing. Call it in the browser.");
  }
  try {
    return createOnPage(others);
  } catch (error) {
    if (error instanceof PipitError) {
      throw error;
    }
    console.error(new PipitError("E_BROWSER", "this browser is too old for the chat.", { cause: error }));
    return createInertChat("this browser is too old, so createChat() returns a chat that does nothing.");
  }
}

function createOnPage(options: Options): Chat {
  if (!defineElement() && customElements.get("pipit-chat") !== PipitChat) {
    return createByOtherCopy(options);
  }
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

/** Lets another copy of the package, or `pipit.js`, put the chat on the page: it has defined the element. Returns that copy's chat. */
function createByOtherCopy(options: Options): Chat {
  console.info("Pipit: another copy of pipit-chat, or `pipit.js`, is on this page already, so the chat is of that copy. Bundle the package once.");
  const there = pageDocument.querySelector("pipit-chat");
  if (there) {
    return there.chat;
  }
  const { target = "body" } = options;
  const home = typeof target === "string" ? pageDocument.querySelector(target) : target;
  if (!home) {
    throw new PipitError("E_TARGET", `\`${target as string}\` is not on the page.`);
  }
  const element = pageDocument.createElement("pipit-chat");
  element.config = options;
  home.append(element);
  return element.chat;
}
