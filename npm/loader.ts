// The one script that a page embeds. It loads the widget beside it and mounts it in a shadow root.
//
//   <script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>
//
// What cannot be an attribute, such as a function, stands in an object that is there before this script:
//
//   window.Pipit = { config: { getSession: () => fetch("/session", { method: "POST" }).then((r) => r.json()) } };

import { attachments, type Attachments, type FileOptions } from "./attachments";
import { away, type Away, type AwayOptions } from "./away";
import { type Language, speak } from "./language";
import { news, type News } from "./news";

/** The options that are texts: `data-session-endpoint` gives `sessionEndpoint`. `src/options.rs` says what they mean. */
const TEXTS = [
  "jwt", "sessionEndpoint", "site", "pool", "baseUrl", "surveyBase", "surveyTemplate", "title", "theme", "accent",
  "side", "mode", "consent", "locale", "uploadEndpoint", "whenClosed",
  "whenNoAgents", "queueId", "messageEndpoint", "sound", "titleCount",
] as const;

/** What the widget takes. */
type Options = { [name in (typeof TEXTS)[number]]?: string } & {
  allowedHosts?: string[];
  getSession?: () => Promise<unknown>;
  target?: string;
  words?: Record<string, unknown>;
  form?: object[];
  prefill?: Record<string, unknown>;
} & FileOptions & Omit<AwayOptions, "queueId">;

/** How long the words of a language may come later than the widget, in ms. */
const PATIENCE_MS = 1_000;

/** What wasm-bindgen makes of `src/lib.rs`. */
interface Widget {
  default(source: { module_or_path: URL }): Promise<unknown>;
  mount(root: Element, options: Options & Language & Away & { attachments: Attachments; news: News }): void;
}

/** Only while the script itself runs does the browser say which one it is. */
const script = document.currentScript as HTMLScriptElement | null;

/** Set once on the window, by whichever copy of the loader comes first. */
const loaded = Symbol.for("pipit.loaded");

if (loaded in window) {
  console.info("Pipit is already on this page, so its second script tag does nothing.");
} else {
  Object.defineProperty(window, loaded, { value: true });
  start().catch((error: unknown) => {
    console.error(`Pipit could not start, so this page has no chat: ${reason(error)}`);
  });
}

async function start(): Promise<void> {
  if (!script) {
    throw new Error("its script tag must not have type=\"module\".");
  }
  const beside = (name: string) => new URL(name, script.src);
  const { target, uploadEndpoint, uploadTypes, uploadMaxBytes, ...others } = options(script.dataset);
  const { whenClosed, whenNoAgents, availability, queueId, messageEndpoint, messageForm, ...more } = others;
  const { sound, titleCount, ...given } = more;
  // What the loader does for the widget.
  const parts = {
    attachments: attachments({ uploadEndpoint, uploadTypes, uploadMaxBytes }, beside),
    news: news({ sound, titleCount }, beside),
    ...away({ whenClosed, whenNoAgents, availability, queueId, messageEndpoint, messageForm }, given, beside),
  };
  const patience = new AbortController();
  const language = speak(given.locale, patience.signal, beside);
  const [widget, style] = await Promise.all([
    load(beside("widget.js")),
    styleSheet(beside("pipit.css")),
    pageIsRead(),
  ]);
  await widget.default({ module_or_path: beside("widget_bg.wasm") });
  setTimeout(() => patience.abort(new Error("they took too long.")), PATIENCE_MS);
  widget.mount(host(style, place(given.mode, target)), { ...given, ...parts, ...(await language) });
}

async function load(url: URL): Promise<Widget> {
  return (await import(url.href)) as Widget;
}

/** Fetched and adopted: neither a `<style>` nor a `<link>` would pass every page's content security policy. */
async function styleSheet(url: URL): Promise<CSSStyleSheet> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url.href} answered with status ${response.status}.`);
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await response.text());
  return sheet;
}

async function pageIsRead(): Promise<void> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
  }
}

/** The element that the widget's is put into: the one that `target` matches, else the whole page. */
function place(mode: string | undefined, target: string | undefined): Element {
  if (target === undefined && mode === "inline") {
    throw new Error("its mode is inline, so `target` must say by a selector into which element it goes.");
  }
  const element = target === undefined ? document.body : document.querySelector(target);
  if (!element) {
    throw new Error(`no element of this page matches its target, ${target}.`);
  }
  return element;
}

/** Puts the widget's element behind what the place holds. Returns where in its shadow root the widget draws. */
function host(style: CSSStyleSheet, place: Element): Element {
  const element = document.createElement("pipit-chat");
  const shadow = element.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [style];
  const root = shadow.appendChild(document.createElement("div"));
  place.append(element);
  return root;
}

/** Attributes win over the object. Those that are not ours, as other tools set them, are left alone. */
function options(data: DOMStringMap): Options {
  const options = { ...globalConfig(data["config"]) };
  for (const name of TEXTS) {
    const text = data[name];
    if (text !== undefined) {
      options[name] = text;
    }
  }
  const target = data["target"];
  if (target !== undefined) {
    options.target = target;
  }
  const hosts = data["allowedHosts"];
  if (hosts !== undefined) {
    options.allowedHosts = hosts.split(",").map((host) => host.trim());
  }
  const types = data["uploadTypes"];
  if (types !== undefined) {
    options.uploadTypes = types.split(",");
  }
  return options;
}

/** The object that `data-config` names, or `Pipit.config`. */
function globalConfig(name: string | undefined): Options | undefined {
  const globals = window as unknown as Record<string, unknown>;
  if (name) {
    return globals[name] as Options | undefined;
  }
  return (globals["Pipit"] as { config?: Options } | undefined)?.config;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
