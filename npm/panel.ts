// The panel: what is fetched when it is wanted. The JavaScript side of the WASM, and what the commands do.

import init, { call, mount } from "glue";
import type { Answers } from "./api";
import { attachments } from "./attachments";
import { optionOf } from "./attribute";
import { type Chat, KEPT } from "./chat";
import { PipitError } from "./error";
import type { State } from "./events";
import type { Files } from "./files";
import { ENGLISH, direction, known, wishes } from "./language";
import { CHAT, icon, sheet } from "./launcher";
import { paint } from "./look";
import { type News, news } from "./news";
import { LIVE, type Options, checked, forPanel } from "./options";

/** How long the words of a language may come later than the panel, in ms. */
const PATIENCE_MS = 1_000;

/** What is asked when nobody is there and the host does not say. */
const MESSAGE_FORM = [{ name: "emailAddress", required: true }, { name: "question", required: true }];

const DOWN = "M6 9.5l6 6 6-6";

/** Makes the panel of a chat. */
export type Loaded = (chat: Chat) => Promise<Panel>;

/** Gets ready what all panels of a page share. */
export async function load(wasm: Response, css: Response, files: Files): Promise<Loaded> {
  const [module, style] = await Promise.all([compiled(wasm), good(css).text()]);
  await init({ module_or_path: module });
  const styles = sheet(style);
  return async (chat) => {
    const panel = new Panel(chat, styles, files);
    await panel.begin();
    return panel;
  };
}

/** The panel that runs: commands for one that is gone must not reach the next. */
let running: Panel | undefined;

export class Panel {
  readonly #chat: Chat;
  readonly #files: Files;
  readonly #paint = new CSSStyleSheet();
  readonly #badge = document.createElement("span");
  readonly #news: News;
  #options: Options;
  /** Resolves when the conversation is here; the panel can be seen, and written in, before. */
  #here: Promise<void> = Promise.resolve();

  constructor(chat: Chat, styles: CSSStyleSheet, files: Files) {
    this.#chat = chat;
    this.#files = files;
    // The element may have got others since it began.
    const attributes = [...chat.host!.attributes].map(({ name }) => [optionOf(name), true]);
    this.#options = checked(chat.options, { ...chat.attributes, ...Object.fromEntries(attributes) });
    this.#news = news(this.#options);
    const { button } = chat.launcher;
    chat.host!.shadowRoot!.adoptedStyleSheets.push(styles, this.#paint);
    this.#badge.className = "badge";
    this.#badge.part.add("badge");
    button.setAttribute("aria-controls", "panel");
    button.addEventListener("keydown", ({ key }) => key === "Escape" && chat.state.isOpen && chat.quietly(this.close()));
  }

  async begin(): Promise<void> {
    const { launcher, signal } = this.#chat;
    launcher.button.ariaBusy = "true";
    try {
      const spoken = await this.#speak();
      signal.throwIfAborted();
      this.#dress();
      const options = { ...forPanel(this.#options), ...this.#parts(), ...spoken, resumes: keeps() || undefined };
      this.#here = now(() => mount(launcher.frame, options, (name, payload) => this.#hear(name, payload))).catch(told);
      this.#chat.quietly(this.#here);
      running = this;
      this.#chat.on("availability:changed", () => this.#chat.quietly(this.#do("availability", this.#chat.away)));
      signal.addEventListener("abort", () => running === this && call("destroy", undefined));
    } finally {
      launcher.button.ariaBusy = null;
    }
  }

  async open(takesFocus = navigator.userActivation?.isActive ?? false): Promise<void> {
    this.#now("open", takesFocus);
    this.#expand(true);
  }

  async close(): Promise<void> {
    this.#now("close");
    this.#expand(false);
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
    return (await this.#do("transcript", [format === "html", this.#options.title])) as string;
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

  /** What this side does for the panel. */
  #parts(): object {
    const { messageEndpoint: endpoint = "", messageForm = MESSAGE_FORM } = this.#options;
    return {
      attachments: attachments(this.#options),
      news: this.#news,
      ...(this.#chat.away !== undefined && {
        away: this.#chat.away,
        messageForm,
        leaveMessage: async (answers: string) => (await this.#files.part("away")).leave(endpoint, answers),
      }),
    };
  }

  async #do(command: string, argument?: unknown): Promise<unknown> {
    await this.#here;
    return this.#now(command, argument);
  }

  #now(command: string, argument?: unknown): unknown {
    this.#chat.signal.throwIfAborted();
    return now(() => call(command, argument));
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
      return { locale, language: await Promise.race([fetch(this.#files.url(`locales/${name}.json`)).then((words) => good(words).json()), late()]) };
    } catch (error) {
      console.warn(`Pipit speaks English, because its words for \`${name}\` did not come:`, error);
      return { locale: ENGLISH };
    }
  }

  /** What the WASM reports. The launcher follows at once, the host's listeners when the WASM is done. */
  #hear(name: string, payload: object): void {
    if (name === "state") {
      const { label, badge, locale, leads, ...state } = payload as Told;
      this.#news.tell(state.unread, leads);
      this.#show(label, badge, locale, state);
    } else {
      queueMicrotask(() => this.#chat.tell(name, frozen(payload)));
    }
  }

  #show(label: string, badge: string, locale: string, state: State): void {
    const chat = this.#chat;
    const { button } = chat.launcher;
    this.#expand(state.isOpen);
    chat.state = Object.freeze(state);
    for (const name of ["state", "unread", "connection"] as const) {
      chat.host!.setAttribute(name, `${state[name]}`);
    }
    chat.host!.toggleAttribute("open", state.isOpen);
    button.ariaLabel = label;
    button.lang = locale;
    button.dir = direction(locale);
    this.#badge.dataset["count"] = badge;
    badge ? button.append(this.#badge) : this.#badge.remove();
  }

  /** The launcher tells whether the panel is open, also before the conversation is here. */
  #expand(isOpen: boolean): void {
    const chat = this.#chat;
    const { button } = chat.launcher;
    if (chat.state.isOpen === isOpen) {
      return;
    }
    chat.state = Object.freeze({ ...chat.state, isOpen });
    button.ariaExpanded = `${isOpen}`;
    button.replaceChildren(icon(isOpen ? DOWN : CHAT));
    // The panel takes the focus with it when it goes, and only when it has gone can the launcher have it.
    if (!isOpen && chat.host!.shadowRoot!.activeElement) {
      setTimeout(() => button.focus({ preventScroll: true }));
    }
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

async function compiled(response: Response): Promise<WebAssembly.Module> {
  good(response);
  try {
    // Only with its media type is it compiled while it comes.
    return response.headers.get("content-type") === "application/wasm"
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    const fix = "this page does not let WebAssembly run; add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy.";
    throw new PipitError("E_WASM_BLOCKED", fix, { cause: error });
  }
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

/** Does something in the WASM, whose errors are texts: `E_FORM: the visitor …`. */
function now<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    return told(error);
  }
}

function told(error: unknown): never {
  if (error instanceof WebAssembly.RuntimeError) {
    throw new PipitError("E_CRASHED", "the chat broke.", { cause: error });
  }
  const [, code = "E_OPTION", text] = /^(?:Pipit: |(E_\w+): )?([^]*)$/.exec(String(error))!;
  throw new PipitError(code, text!, { cause: error });
}

/** Whether this tab keeps a conversation: what the panel shows is then known only when that is here. */
function keeps(): boolean {
  try {
    return Object.keys(sessionStorage).some((name) => name.startsWith(KEPT));
  } catch {
    return false; // The browser does not let us look.
  }
}

function frozen<T extends object>(told: T): T {
  Object.values(told).forEach((member) => member instanceof Object && frozen(member));
  return Object.freeze(told);
}
