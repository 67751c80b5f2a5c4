// The only script that a page embeds:
//
//   <script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>
//
// Options that cannot be attributes, such as functions, are in an object that the page defines before this script runs,
// and so are commands:
//
//   window.Pipit = { config: { getSession: … }, q: [["open"], ["on", "message:received", listener]] };
//
// From then on `Pipit` is the chat itself.

import { setAssetSource } from "./assets";
import type { Options } from "./contract";
import { defineElement, logAlreadyOnPage, pageChat, placeChat } from "./element";
import { assetsBeside } from "./hashed-assets";

type QueuedCommand = [name: string, ...values: unknown[]];

/** What `window.Pipit` may be before the script runs. */
interface Preset {
  config?: Options;
  q?: { push(command: QueuedCommand): void; forEach?(action: (command: QueuedCommand) => void): void };
}

const globals = window as unknown as Record<string, unknown>;

/** The browser names the running script only while a classic script runs, so a module has to look for its tag. */
const script = (document.currentScript ?? document.querySelector('script[src*="pipit"]')) as HTMLScriptElement;

setAssetSource(assetsBeside(script));

if (defineElement()) {
  const preset = globals["Pipit"] as Preset | undefined;
  const { config = "", ...attributes } = script.dataset;
  const options = (globals[config] ?? preset?.config) as Options;
  const chat = pageChat();
  globals["Pipit"] = chat;
  const push = ([name, ...values]: QueuedCommand) => (chat as unknown as Record<string, (...values: unknown[]) => unknown>)[name]?.(...values);
  (chat as Preset).q = { push };
  preset?.q?.forEach?.(push);
  // If the page has an element of its own by then, that element is the chat, and this does nothing.
  const placeUnlessOnPage = () => {
    if (!chat.host) {
      placeChat(options, attributes);
    }
  };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", placeUnlessOnPage);
  } else {
    queueMicrotask(placeUnlessOnPage);
  }
} else {
  logAlreadyOnPage();
}
