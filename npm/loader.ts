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

import { defineElement, expect, isDefined, isStanding, stand } from "./element";
import { filesAre } from "./files";
import type { Options } from "./options";

type Command = [name: string, ...unknown[]];

/** What may stand in `Pipit` before. */
interface Before {
  config?: Options;
  q?: Command[];
}

const globals = window as unknown as Record<string, unknown>;

/** Only while a classic script runs does the browser say which one it is. */
const script = document.currentScript ?? document.querySelector('script[type="module"][src*="pipit"]');

if (isDefined()) {
  console.info("Pipit is already on this page, so its second script does nothing.");
} else if (script instanceof HTMLScriptElement) {
  begin(script);
} else {
  console.error("Pipit: no script tag of this page names it, so it cannot tell where its files are.");
}

function begin(script: HTMLScriptElement): void {
  const beside = (name: string) => new URL(name, script.src);
  filesAre({
    script: () => import(beside("panel.js").href) as Promise<typeof import("./panel")>,
    wasm: beside("widget_bg.wasm"),
    css: beside("pipit.css"),
    words: (name) => beside(`locales/${name}.json`),
  });
  const before = globals["Pipit"] as Before | undefined;
  const config = globals[script.dataset["config"] ?? ""] ?? before?.config;
  const { config: _, ...attributes } = script.dataset;
  const chat = expect();
  const push = ([name, ...values]: Command) => (chat as unknown as Record<string, (...values: unknown[]) => unknown>)[name]?.(...values);
  globals["Pipit"] = Object.assign(chat, { q: { push } });
  before?.q?.forEach(push);
  defineElement();
  // An element that is in the page already, or comes before its end, is the chat.
  const standUp = () => isStanding() || stand(config as Options, attributes);
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", standUp) : standUp();
}
