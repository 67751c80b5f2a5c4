// The panel: what is fetched when it is wanted. The JavaScript side of the WASM, and what the commands do.

import type { Answers, Finding } from "./api";
import { attachments } from "./attachments";
import { optionOf } from "./attribute";
import { type Chat, KEPT } from "./chat";
import { PipitError } from "./error";
import { type State, frozen } from "./events";
import { type Files, filesAre, get, part } from "./assets";
import { ENGLISH, direction, known, wishes } from "./language";
import { expand, floats, isGesture, label, sheet } from "./launcher";
import { paint } from "./accent-palette";
import { type News, news } from "./notifications";
import { LIVE, type Options, checked, forPanel } from "./options";
import { type Wasm, instance, unlock } from "./wasm";

/** How long the words of a language may come later than the panel, in ms. */
const PATIENCE_MS = 1_000;

/** What is asked when nobody is there and the host does not say. */
const MESSAGE_FORM = [{ name: "emailAddress", required: true }, { name: "question", required: true }];

/** How often the WASM may break before the visitor is told that it does not work. */
const MOST_CRASHES = 3;

/** How long the conversation's part is waited for before it is asked for again, in ms: at first, and at most. */
const [SOON_MS, LATE_MS] = [1_000, 30_000];

/** The files that only the panel loads, as in `hashed-assets.ts`; where there is no script tag it is empty. */
declare const HASHES: Record<string, string>;

/** The panel's style sheet, put here by the site's build. */
declare const PANEL_CSS: string;

const FIX = "this page does not let WebAssembly run; add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy.";

/** Makes the panel of a chat. */
export type Loaded = (chat: Chat) => Promise<PanelCommands>;

/** What the chat asks of a panel, whatever kind it is. */
export type PanelCommands = Pick<Panel, "open" | "close" | "toggle" | "startChat" | "endChat" | "send" | "setDraft" | "setConsent" | "markRead" | "transcript" | "update">;

/** What all panels of a page share. */
interface Shared {
  readonly styles: CSSStyleSheet;
  /** The instance that runs. */
  wasm: Wasm;
  /** Puts another one in its place. */
  renew(): Promise<void>;
}

/** Gets ready what all panels of a page share. */
export async function load(wasm: Response, files: Files): Promise<Loaded> {
  know(files);
  const styles = sheet(PANEL_CSS);
  good(wasm);
  const shared = await started(wasm, styles).catch((cause: unknown) => new PipitError("E_WASM_BLOCKED", FIX, { cause }));
  if (shared instanceof PipitError) {
    const { framed } = await part("framed");
    return (chat) => framed(chat, styles, files, shared);
  }
  return async (chat) => {
    const panel = new Panel(chat, shared);
    await panel.begin();
    return panel;
  };
}

/** Has the doctor look at the page; it needs no panel. */
export async function examine(chat: Chat, files: Files): Promise<readonly Finding[]> {
  know(files);
  return (await part("doctor")).doctor(chat, files);
}

function know(files: Files): void {
  Object.assign(files.hashes, HASHES);
  filesAre(files);
}

/** The panel that runs: commands for one that is gone must not reach the next. */
let running: Panel | undefined;

export class Panel {
  readonly #chat: Chat;
  readonly #shared: Shared;
  readonly #paint = new CSSStyleSheet();
  readonly #news: News;
  /** The style sheets without those that the WASM adds. */
  readonly #sheets: CSSStyleSheet[];
  #options: Options;
  #fail!: (error: PipitError) => void;
  #crashes = 0;
  /** What is there once it has broken too often. */
  #instead: PanelCommands | undefined;
  /** Resolves when the conversation is here; the panel can be seen, and written in, before. */
  #here: Promise<void> = Promise.resolve();

  constructor(chat: Chat, shared: Shared) {
    this.#chat = chat;
    this.#shared = shared;
    // The element may have got others since it began.
    const attributes = [...chat.host!.attributes].map(({ name }) => [optionOf(name), true]);
    this.#options = checked(chat.options, { ...chat.attributes, ...Object.fromEntries(attributes) });
    this.#news = news(this.#options);
    const { button, frame } = chat.launcher;
    const root = chat.host!.shadowRoot!;
    this.#sheets = root.adoptedStyleSheets = [...root.adoptedStyleSheets, shared.styles, this.#paint];
    button.setAttribute("aria-controls", "panel");
    // From the launcher, and from what the host has put into the panel; the panel itself lets no key through.
    if (floats(chat.options)) {
      frame.addEventListener("keydown", ({ key, isComposing }) => key === "Escape" && !isComposing && chat.state.isOpen && chat.quietly(this.close()));
    }
  }

  async begin(): Promise<void> {
    const { signal } = this.#chat;
    const spoken = await this.#speak();
    signal.throwIfAborted();
    this.#dress();
    this.#mount(spoken);
    this.#chat.quietly(this.#here);
    running = this;
    this.#chat.on("availability:changed", () => this.#chat.quietly(this.#do("setAvailability", asAvailability(this.#chat.away))));
    signal.addEventListener("abort", () => running === this && this.#leave());
  }

  /** The WASM broke. Another one goes on with what is kept; when that does not help, the visitor is told so. */
  recover(error: unknown): void {
    this.#fail(crashed(error));
    this.#here = this.#restart(crashed(error));
    this.#chat.quietly(this.#here);
  }

  async open(takesFocus = isGesture()): Promise<void> {
    if (this.#instead) {
      return this.#instead.open();
    }
    this.#now("open", takesFocus);
    expand(this.#chat, true);
  }

  async close(): Promise<void> {
    if (this.#instead) {
      return this.#instead.close();
    }
    this.#now("close");
    expand(this.#chat, false);
  }

  async toggle(takesFocus?: boolean): Promise<void> {
    return this.#chat.state.isOpen ? this.close() : this.open(takesFocus);
  }

  async startChat(answers?: Answers): Promise<void> {
    if (answers) {
      await this.update({ prefill: { ...this.#options.prefill, ...answers } });
    }
    await this.#do("startChat");
  }

  async endChat(): Promise<void> {
    await this.#do("endChat");
  }

  async send(text: string): Promise<void> {
    await this.#do("send", text);
  }

  async setDraft(text: string): Promise<void> {
    await this.#do("setDraft", text);
  }

  async setConsent(consent: string): Promise<void> {
    await this.#do("setConsent", consent === "granted");
  }

  async markRead(): Promise<void> {
    await this.#do("markRead");
  }

  async transcript(format?: string): Promise<string> {
    return (await this.#do("transcript", { format, title: this.#options.title })) as string;
  }

  async update(changed: Options, areAttributes = false): Promise<void> {
    const was = this.#options as Record<string, unknown>;
    const options = Object.fromEntries(Object.entries(checked(changed, areAttributes ? changed : {})).filter(([name, value]) => differs(was[name], value)));
    if (Object.keys(options).length === 0) {
      return;
    }
    const fixed = Object.keys(options).find((name) => !LIVE.includes(name));
    if (fixed) {
      throw new PipitError("E_OPTION", `the option \`${fixed}\` cannot change any more, for the panel is there.`);
    }
    this.#options = { ...this.#options, ...options };
    this.#dress();
    await this.#do("update", { ...forPanel(options), ...("locale" in options && (await this.#speak())) });
  }

  /** Draws the panel, and has the conversation come. */
  #mount(spoken: object): void {
    const { wasm } = this.#shared;
    const options = { ...forPanel(this.#options), ...this.#parts(), ...spoken, resumes: keeps() || undefined };
    said(() => wasm.mount(this.#chat.launcher.frame, options, (name, payload) => this.#hear(name, payload)));
    // Not a race: a promise that is never kept holds on to all that wait for it.
    this.#here = new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#load(wasm).then(resolve, reject);
    });
  }

  /** Loads the conversation's part, as often as it takes. */
  async #load(wasm: Wasm): Promise<void> {
    const { signal } = this.#chat;
    for (let wait = SOON_MS; ; wait = Math.min(2 * wait, LATE_MS)) {
      try {
        return await (wasm.call("load") as Promise<void>).catch(told);
      } catch (error) {
        signal.throwIfAborted();
        if ((error as PipitError).code !== "E_NOT_LOADED") {
          throw error;
        }
        console.warn("Pipit will try again:", error);
        await online(wait, signal);
        signal.throwIfAborted();
      }
    }
  }

  async #restart(error: PipitError): Promise<void> {
    const chat = this.#chat;
    const { frame, button } = chat.launcher;
    const root = chat.host!.shadowRoot!;
    const { isOpen } = chat.state;
    const hadFocus = !!root.activeElement && root.activeElement !== button;
    chat.quietly(Promise.reject(error));
    [...frame.children].forEach((child) => child === button || child.remove());
    root.adoptedStyleSheets = this.#sheets;
    const telling = part("fallback-card");
    await unlock();
    if (++this.#crashes > MOST_CRASHES) {
      this.#instead = (await telling).instead(chat, "broken", error);
      throw error;
    }
    const spoken = await this.#speak();
    await this.#shared.renew();
    chat.signal.throwIfAborted();
    this.#mount(spoken);
    const here = this.#here;
    const goesOn = keeps();
    if (isOpen) {
      this.#now("open", hadFocus);
    }
    if (isOpen || goesOn) {
      // Where the panel is closed, when it is opened.
      chat.quietly(Promise.all([telling, drawn(frame)]).then(([mishap, panel]) => mishap.tellRestart(chat, panel, goesOn)));
    }
    await here;
  }

  #leave(): void {
    running = undefined;
    try {
      this.#shared.wasm.call("destroy");
    } catch {
      // It has just broken, and is gone already.
    }
  }

  /** What this side does for the panel. */
  #parts(): object {
    const { messageEndpoint: endpoint = "", messageForm = MESSAGE_FORM } = this.#options;
    return {
      attachments: attachments(this.#options),
      notifications: this.#news,
      ...(this.#chat.away !== undefined && {
        initialAvailability: asAvailability(this.#chat.away),
        messageForm,
        leaveMessage: async (answers: string) => (await part("availability")).leave(endpoint, answers),
      }),
    };
  }

  async #do(command: string, argument?: unknown): Promise<unknown> {
    await this.#here;
    return this.#now(command, argument);
  }

  #now(command: string, argument?: unknown): unknown {
    this.#chat.signal.throwIfAborted();
    return said(() => this.#shared.wasm.call(command, argument));
  }

  #dress(): void {
    this.#paint.replaceSync(paint(this.#options.accent) ?? "");
  }

  /** The locale and its words. Never fails: when they do not come in time, the language is English. */
  async #speak(): Promise<{ locale: string; language?: unknown }> {
    const { name, locale } = chosen(this.#options.locale);
    if (name === ENGLISH) {
      return { locale };
    }
    try {
      // Beside the fetch, for a page may have wrapped that.
      return { locale, language: await Promise.race([get(`locales/${name}.json`).then((words) => good(words).json()), late()]) };
    } catch (error) {
      console.warn(`Pipit speaks English, because its words for \`${name}\` did not come:`, error);
      return { locale: ENGLISH };
    }
  }

  /** What the WASM reports. The launcher follows at once, the host's listeners when the WASM is done. */
  #hear(name: string, payload: object): void {
    if (name === "state") {
      const { label: text, badge, locale, leads, ...state } = payload as Told;
      this.#news.tell(state.unread, leads);
      this.#show(state);
      label(this.#chat.launcher.button, text, locale, direction(locale), badge);
    } else {
      queueMicrotask(() => this.#chat.tell(name, frozen(payload)));
    }
  }

  #show(state: State): void {
    const chat = this.#chat;
    expand(chat, state.isOpen);
    chat.state = Object.freeze(state);
    for (const name of ["state", "unread", "connection"] as const) {
      chat.host!.setAttribute(name, `${state[name]}`);
    }
    chat.host!.toggleAttribute("open", state.isOpen);
  }
}

/** How things stand, and what the launcher says of it. */
type Told = State & { label: string; badge: string; locale: string; leads: boolean };

/** Functions are compared themselves, all else by what it says: attributes are read anew each time. */
function differs(was: unknown, is: unknown): boolean {
  return typeof is === "object" ? JSON.stringify(was) !== JSON.stringify(is) : was !== is;
}

/** The language that `choose` finds, and its tag for `Intl`. */
function chosen(wanted: string | undefined): { name: string; locale: string } {
  const tags = wishes(wanted).filter(known);
  const name = known(tags[0] ?? "") ?? ENGLISH;
  // A page in `en` says nothing of the country, and times are written otherwise in each: the visitor's browser knows.
  const ofName = tags.filter((tag) => known(tag) === name).map((tag) => new Intl.Locale(tag.replace(/_/g, "-")));
  return { name, locale: `${ofName.find(({ region }) => region) ?? ofName[0] ?? ENGLISH}` };
}

/** The first instance. Where WASM is refused, Chromium refuses to compile it, WebKit to make an instance of it. */
async function started(response: Response, styles: CSSStyleSheet): Promise<Shared> {
  // Only with its media type is it compiled while it comes.
  const module = await (response.headers.get("content-type") === "application/wasm"
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer()));
  const renew = async () => {
    shared.wasm = await instance(module);
    // Without a panel nobody misses it, but the next one needs another.
    shared.wasm.broken.catch((error: unknown) => (running ? running.recover(error) : renew()));
  };
  const shared: Shared = { styles, renew, wasm: undefined! };
  await renew();
  return shared;
}

function good(response: Response): Response {
  if (response.ok) {
    return response;
  }
  throw new PipitError("E_NOT_LOADED", `${response.url} answered with status ${response.status}.`);
}

function late(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("they took too long.")), PATIENCE_MS));
}

/** When a while is over, or before, as soon as the browser is on the network again or nobody waits any more. */
function online(wait: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  return new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, wait);
    addEventListener("online", () => resolve(), over);
    signal.addEventListener("abort", () => resolve(), over);
    over.signal.addEventListener("abort", () => clearTimeout(timer));
  }).finally(() => over.abort());
}

/** The panel, as soon as it is drawn. */
function drawn(frame: HTMLElement): Promise<Element> {
  return new Promise((resolve) => {
    const look = () => {
      const panel = frame.querySelector("#panel");
      if (panel) {
        watching.disconnect();
        resolve(panel);
      }
    };
    const watching = new MutationObserver(look);
    watching.observe(frame, { childList: true, subtree: true });
    look();
  });
}

/** Does something in the WASM, whose errors are objects: `{ code: "E_FORM", message: "the visitor …" }`. */
function said<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    return told(error);
  }
}

const crashed = (cause: unknown) => new PipitError("E_CRASHED", "the chat broke.", { cause });

function told(error: unknown): never {
  if (error instanceof Error) {
    // The WASM's own errors are plain objects.
    throw crashed(error);
  }
  const { code, message } = error as { code: string; message: string };
  throw new PipitError(code, message, { cause: error });
}

/** What the WASM takes of the text `closed form`, which is empty while somebody is there. */
function asAvailability(away = ""): { status: string; action?: string | undefined } {
  const [status, action] = away.split(" ");
  return { status: status || "open", action };
}

/** Whether this tab keeps a conversation: what the panel shows is then known only when that is here. */
function keeps(): boolean {
  try {
    return Object.keys(sessionStorage).some((name) => name.startsWith(KEPT));
  } catch {
    return false; // The browser does not let us look.
  }
}
