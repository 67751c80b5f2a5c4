// The loader, `pipit.js`: the only script that a page embeds. It puts the launcher (the button that opens the
// panel) on the page.
//
//   <script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>
//
// Some tag managers drop attributes. The options can then be in the address: `/pipit/pipit.js?session-endpoint=%2Fsession`.
//
// The page may define the object `window.Pipit` before this script runs. The object has options that cannot be attributes, such as
// functions, and commands to perform as soon as possible:
//
//   window.Pipit = { config: { getSession: … }, q: [["open"], ["on", "message:received", listener]] };
//
// When this script has run, `Pipit` is an object with all commands (`global-chat.ts`).

import { setAssetSource } from "./assets";
import type { Options } from "./contract";
import { defineElement, logAlreadyOnPage, placeUnlessOnPage } from "./element";
import { createGlobalChat, type QueuedCommand } from "./global-chat";
import { assetsBeside } from "./hashed-assets";
import { pageDocument } from "./page-document";
import { findRunningScript } from "./script-tag";

/** What `window.Pipit` may be before this script runs: `q` is a list. In the chat that replaces the object, `q` has only `push`. */
interface Preset {
  config?: Options;
  q?: { push(command: QueuedCommand): void; forEach?(action: (command: QueuedCommand) => void): void };
}

const globals = window as unknown as Record<string, unknown>;

/**
 * Returns a global variable that a script of the page has set. `window.Pipit` may also be an element whose name or id is `Pipit`. Such
 * an element is not an own property of `window`, so it is left out.
 */
const ownGlobal = (name: string): unknown => (Object.hasOwn(globals, name) ? globals[name] : undefined);

/** The tag of this script, with its options. */
const script = findRunningScript();

setAssetSource(assetsBeside(script));

// False if another copy of this script has already defined the element <pipit-chat>.
if (defineElement()) {
  const preset = ownGlobal("Pipit") as Preset | undefined;
  // The attribute `data-config` names a global variable that has the options, instead of `window.Pipit.config`.
  const { config = "", ...attributes } = script.options;
  const options = (ownGlobal(config) ?? preset?.config) as Options;
  const { chat, perform } = createGlobalChat();
  globals["Pipit"] = chat;
  preset?.q?.forEach?.(perform);
  const place = async () => {
    // An element in the page's HTML takes the chat in a microtask, too (`element.ts`). `defineElement` has queued that microtask
    // already, so it runs before the rest of this function.
    await undefined;
    placeUnlessOnPage(options, attributes);
  };
  if (pageDocument.readyState === "loading") {
    addEventListener("DOMContentLoaded", place);
  } else {
    place();
  }
} else {
  logAlreadyOnPage();
}
