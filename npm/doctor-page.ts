// The checks of the command `doctor` that concern the page, the browser and the widget's files.

import { hasWasmType, WASM_TYPE } from "./assets";
import { missingFeatures } from "./browser-features";
import type { AssetSource, InternalChat } from "./chat-internals";
import type { Options } from "./contract";
import type { CheckResult } from "./doctor-problems";
import { corsFix, isWebPage, request, takePolicyFix } from "./doctor-request";
import type { PipitError } from "./error";
import { ancestorsProblem } from "./frame-ancestors";
import { ENGLISH } from "./language";
import { chooseLocale } from "./language-loader";
import { validateOptions } from "./options";
import { EMPTY_WASM } from "./start-failure";

/** How long the check `page` waits for the launcher, and the check `panel` for the panel, in ms. */
export const PATIENCE_MS = 10_000;

/** Resolves with `late` after the time in ms, unless the promise settles before. */
export function withTimeout<Value, Late>(promise: Promise<Value>, ms: number, late: Late): Promise<Value | Late> {
  return Promise.race([promise, new Promise<Late>((resolve) => setTimeout(() => resolve(late), ms))]);
}

/** Checks that the chat is on the page. Puts it back if the page has removed it. */
export async function checkPage(chat: InternalChat): Promise<CheckResult> {
  const late = await withTimeout(chat.whenReady(), PATIENCE_MS, "late").catch((error: PipitError) => error);
  if (typeof late === "object" && late.code === "E_DESTROYED") {
    return ["destroyed", "This chat was taken off the page by `destroy`.", "Put a chat on the page again with `createChat`, and use the chat that it returns."];
  }
  if (typeof late === "object") {
    return ["not-on-page", late.message, "Correct the option `target`, or add the element to the page before the chat."];
  }
  return late === "late" ? ["not-on-page", "No chat is on the page.", "Call `createChat`, or add the element <pipit-chat> or the script's tag to the page's body."] : "The chat is on the page.";
}

/**
 * Returns the options with those of the text `config` in place of the text. Undefined if the text is no JSON object. A loaded panel has
 * read the text already, and has removed it from the options.
 */
export function withOptionsOfText({ options: given, configText }: InternalChat): Options | undefined {
  const { config = configText, ...options } = given as Options & { config?: unknown };
  if (typeof config !== "string") {
    return options;
  }
  try {
    return { ...(JSON.parse(/^\s*\{[^]*/.exec(config)![0]) as Options), ...options };
  } catch {
    return undefined;
  }
}

/** Checks the names and values of the options, except the values that only the WASM checks. */
export function checkOptions(chat: InternalChat): CheckResult {
  const { attributes } = chat;
  const all = withOptionsOfText(chat);
  if (!all) {
    return ["config-unreadable", "The text `config` is not a JSON object, so it is ignored.", "Write JSON, or set the property `config` to an object."];
  }
  try {
    validateOptions(all, attributes);
    return "The options have known names and values.";
  } catch (error) {
    return ["option-refused", (error as Error).message, "Correct it; docs/embed.md lists the options."];
  }
}

/** Checks that the browser is new enough. */
export function checkBrowser(): CheckResult {
  const missing = missingFeatures();
  return missing.length === 0
    ? "The browser is new enough."
    : ["browser-too-old", `This browser is too old for the panel: it does not have ${missing.join(", ")}. Visitors see your other ways of contact.`, "Use Chrome or Edge 123, Firefox 128, Safari 17.5, or newer. Set the option `contact`."];
}

/** The result of `checkPolicy`. `checkFrame` reads it, because a second attempt would cause a second violation of the policy. */
let isWasmAllowed = false;

/** Checks that the page's Content-Security-Policy lets WebAssembly run. */
export async function checkPolicy(): Promise<CheckResult> {
  isWasmAllowed = false;
  if (!("WebAssembly" in self)) {
    return ["wasm-missing", "This browser has no WebAssembly; Apple's Lockdown Mode takes it away.", "Set the option `contact`, which visitors then see."];
  }
  try {
    // The module is instantiated, because WebKit compiles it even where the policy forbids WebAssembly.
    await WebAssembly.instantiate(EMPTY_WASM);
    isWasmAllowed = true;
    return "WebAssembly may run.";
  } catch {
    return ["wasm-blocked", "The page's policy does not let WebAssembly run.", (await takePolicyFix()) ?? "Add to the page's Content-Security-Policy: script-src 'wasm-unsafe-eval'"];
  }
}

/** Checks the files that a conversation needs: both large WASM modules, and the texts of the visitor's language. */
export async function checkFiles({ options }: InternalChat, source: AssetSource): Promise<CheckResult> {
  const { name: language } = chooseLocale(options.locale);
  const languages = language === ENGLISH ? [] : [`locales/${language}.json`];
  // The loader of the script tag knows the hash of the second module only if the panel is loaded. The check `panel` then tries it.
  const conversation = source.loaderUrl === undefined || "split_conversation.wasm" in source.hashes ? ["split_conversation.wasm"] : [];
  for (const name of ["widget_bg.wasm", ...conversation, ...languages.filter((file) => source.loaderUrl === undefined || file in source.hashes)]) {
    const problem = await checkFile(name, source);
    if (problem) {
      return problem;
    }
  }
  return "The widget's files can be fetched.";
}

/** Checks one file. Undefined if it can be fetched and is what it should be. */
async function checkFile(name: string, source: AssetSource): Promise<CheckResult | undefined> {
  let failure: unknown;
  const response = await source.fetchFile(name).catch((error: unknown) => {
    failure = error;
    return undefined;
  });
  const beside = "Put all files of the widget beside each other; with the npm package, run `npx pipit-chat copy-assets DIRECTORY` and call setAssetBase().";
  if (!response) {
    return explainFileFailure(name, failure, source, beside);
  }
  if (!response.ok) {
    return ["file-missing", `${response.url} answers with status ${response.status}.`, beside];
  }
  if (isWebPage((await response.clone().text()).slice(0, 100))) {
    return ["file-is-page", `${response.url} is a web page, as servers of single-page apps answer for unknown addresses.`, beside];
  }
  return name.endsWith(".wasm") && !hasWasmType(response) ? ["file-type", `${response.url} has the media type ${response.headers.get("content-type")}, so the browser compiles it late.`, `Its server has to send Content-Type: ${WASM_TYPE}`] : undefined;
}

/** Says why a file could not be fetched. */
async function explainFileFailure(name: string, failure: unknown, source: AssetSource, beside: string): Promise<CheckResult> {
  const fix = await takePolicyFix();
  if (fix !== undefined) {
    return ["file-blocked-by-policy", `The page's Content-Security-Policy does not let ${name} load.`, fix];
  }
  const { message } = Object(failure) as Partial<Error>;
  if (message?.includes("is a web page")) {
    return ["file-is-page", message, beside];
  }
  const address = addressOf(name, source) ?? addressIn(message ?? "");
  const outcome = address === undefined ? undefined : await request(address, {});
  switch (outcome?.kind) {
    case "answer":
      return outcome.response.ok
        ? ["file-changed", `${address} is not the file that was built: its content has another hash.`, "Serve the files as they are; no proxy may minify or change them. Replace all of them together."]
        : ["file-missing", `${address} answers with status ${outcome.response.status}.`, beside];
    case "cors":
      return ["file-blocked-by-cors", `${address} is there, but this page may not read it.`, corsFix()];
    default:
      return ["file-unreachable", `${address ?? name} cannot be reached${address === undefined && message ? `: ${message}` : ""}.`, beside];
  }
}

/** Returns the address of a file beside the loader of the script tag (`hashed-assets.ts`). Undefined in the npm package. */
function addressOf(name: string, { hashes, loaderUrl }: AssetSource): string | undefined {
  const hash = hashes[name];
  return loaderUrl === undefined || hash === undefined ? undefined : new URL(name.replace(".", `-${hash.replace(/\W/g, "").slice(0, 8)}.`), loaderUrl).href;
}

/** Returns the first address in a text. */
const addressIn = (text: string): string | undefined => /https?:\/\/\S+?(?=[\s`'")]|$)/.exec(text)?.[0];

/**
 * Checks who may embed `frame.html`. If a page does not allow WebAssembly, the panel runs in an iframe with this file. Two things
 * keep other sites from embedding the file: the list of origins in it, and the directive `frame-ancestors` in the headers of its
 * response, which takes effect before any script runs. Only a page of the same origin as the file can read these headers.
 */
export async function checkFrame(_: InternalChat, { loaderUrl, frameBase }: AssetSource): Promise<CheckResult> {
  const base = loaderUrl ?? frameBase?.();
  const address = base === undefined ? undefined : new URL("frame.html", base);
  const outcome = address && (await request(address.href, { credentials: "same-origin" }));
  await takePolicyFix();
  if (!address || outcome?.kind !== "answer" || !outcome.response.ok) {
    return "No frame.html is beside the widget's script: where WebAssembly may not run, the widget shows your other ways of contact.";
  }
  const [, listed = ""] = /name="pipit-frame-origins" content="([^"]*)"/.exec(await outcome.response.text()) ?? [];
  const isOwnOrigin = address.origin === location.origin;
  // The list does not matter on the file's own origin, which may always embed it, nor if WebAssembly may run on this page: the widget
  // then does not need the frame.
  if (!isOwnOrigin && !isWasmAllowed && !listed.split(" ").includes(location.origin)) {
    return ["frame-unlisted", `The widget's frame may not be embedded by ${location.origin}.`, `Build the widget's files with: cargo xtask bundle --frame-origins ${location.origin}`];
  }
  if (!isOwnOrigin) {
    return "This page cannot read the headers of frame.html, which is of another origin; its server has to send `frame-ancestors` with it.";
  }
  const problem = ancestorsProblem(outcome.response.headers.get("content-security-policy") ?? "", address.origin, listed.split(" ").filter(Boolean));
  return problem === undefined ? "Only pages that you list may embed the frame." : ["frame-header", problem, `Its server has to send Content-Security-Policy: ${`frame-ancestors 'self' ${listed}`.trim()}`];
}

/** Checks that the browser lets the page use its session storage, where the conversation is stored for a reload. */
export function checkStorage(): CheckResult {
  try {
    sessionStorage.setItem("pipit.doctor", "");
    sessionStorage.removeItem("pipit.doctor");
    return "A conversation continues after a reload.";
  } catch {
    return ["storage-blocked", "This browser stores nothing for this page.", "A conversation ends with a reload, and the visitor is warned. There is nothing to change on the page."];
  }
}

/** Checks that the middle of the launcher (the button that opens the panel) is in the window, and that nothing covers it. */
export function checkPlace(chat: InternalChat): CheckResult {
  const { host, launcher } = chat;
  if (host?.hidden) {
    return ["chat-hidden", "The command `hide` has hidden the chat.", "Call `show`."];
  }
  const box = launcher?.button.getBoundingClientRect();
  if (!host || !box?.width) {
    return explainMissingLauncher(chat);
  }
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const root = host.getRootNode() as Document | ShadowRoot;
  const topElement = root.elementFromPoint(x, y);
  if (!topElement) {
    return ["launcher-outside", "The launcher is outside the window.", "Set --pipit-offset-inline and --pipit-offset-block."];
  }
  // An element inside <pipit-chat>, such as the launcher, is reported as <pipit-chat>.
  if (topElement === host) {
    return "Nothing covers the launcher.";
  }
  const id = topElement.id && `#${topElement.id}`;
  const classes = [...topElement.classList].map((name) => `.${name}`).join("");
  return ["launcher-covered", `\`${topElement.localName}${id}${classes}\` covers the launcher.`, "Lower its z-index, raise --pipit-z-index, or move the launcher by --pipit-offset-block."];
}

/** Says why the launcher has no size. */
function explainMissingLauncher({ options, launcher, availability, state }: InternalChat): CheckResult {
  if ((options.mode ?? "floating") !== "floating") {
    return "The panel is always open, so there is no launcher.";
  }
  if (launcher?.button.hidden || launcher?.container.hidden) {
    return `The launcher is hidden, because the service is ${availability?.status === "noAgents" ? "without agents" : "closed"} and the options want that.`;
  }
  return state.isOpen ? "The open panel is in the launcher's place." : ["launcher-hidden", "A style of the page hides the chat.", "Look for a rule such as `display: none` that applies to <pipit-chat> or to an element around it."];
}
