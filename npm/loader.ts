// The one script that a page embeds.
//
//   <script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>
//
// What cannot be an attribute, such as a function, stands in an object that is there before this script, and so may
// commands:
//
//   window.Pipit = { config: { getSession: … }, q: [["open"], ["on", "message:received", listener]] };
//
// From then on `Pipit` is the chat itself.

import { defineElement, notice, pageChat, stand } from "./element";
import { filesAre } from "./assets";
import { filesBeside } from "./hashed-assets";
import type { Options } from "./options";

type Command = [name: string, ...unknown[]];

/** What may stand in `Pipit` before. */
interface Before {
  config?: Options;
  q?: { push(command: Command): void; forEach?(each: (command: Command) => void): void };
}

const globals = window as unknown as Record<string, unknown>;

/** Only while a classic script runs does the browser say which one it is. */
const script = (document.currentScript ?? document.querySelector('script[src*="pipit"]')) as HTMLScriptElement;

filesAre(filesBeside(script));

if (defineElement()) {
  const before = globals["Pipit"] as Before | undefined;
  const { config = "", ...attributes } = script.dataset;
  const options = (globals[config] ?? before?.config) as Options;
  const chat = (globals["Pipit"] = pageChat());
  const push = ([name, ...values]: Command) => (chat as unknown as Record<string, (...values: unknown[]) => unknown>)[name]?.(...values);
  (chat as Before).q = { push };
  before?.q?.forEach?.(push);
  // An element that is in the page already, or comes before its end, is the chat.
  const standUp = () => chat.host || stand(options, attributes);
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", standUp) : queueMicrotask(standUp);
} else {
  notice();
}
