// The panel that the WASM draws on the page. This file lets the WASM draw the panel, and then loads the conversation part (the WASM
// module that handles messages). It also passes options and commands to the WASM, and restarts the WASM after a trap (a Rust
// panic).

import { accentRule } from "./accent-palette";
import { loadFeature, loadScript } from "./assets";
import { createAttachments } from "./attachments";
import type { InternalChat, Panel } from "./chat-internals";
import { parseContacts } from "./contact";
import { type HostEndpoint, type Options, STORAGE_PREFIX } from "./contract";
import { PipitError } from "./error";
import { chooseLocale, loadLanguage, type PanelLanguage } from "./language-loader";
import { createNotifications, type Notifications } from "./notifications";
import { expandConfigText, mayChange, optionsForWasm, validateOptions } from "./options";
import { handleReport, showStateByAttributes } from "./panel-state";
import { restoreAfterReattachment } from "./reattachment";
import { Recovery } from "./recovery";
import { loadWithRetries } from "./retry";
import { isConversationInTab } from "./stored-conversation";
import { crashError, throwAsPipitError, withPipitErrors } from "./wasm-errors";
import { isTypingOnPage } from "./typing-on-page";
import type { WasmRuntime } from "./wasm";

/** The fields of the form for leaving a message when no agent is available. The option `messageForm` replaces them. */
const DEFAULT_MESSAGE_FORM = [{ __proto__: null, name: "emailAddress", required: true }, { __proto__: null, name: "question", required: true }];

/** The page's current panel. An older panel, whose chat was destroyed, must neither be restarted nor destroy the newer panel. */
let runningPanel: WasmPanel | undefined;

/** Restarts the running panel after a trap. If no panel runs, starts a fresh instance for the next panel. */
export function recoverFromTrap(error: unknown, runtime: WasmRuntime): void {
  if (runningPanel) {
    runningPanel.recover(error);
  } else {
    void runtime.renew();
  }
}

/** The panel of one chat. After a trap it stays the same object, with a fresh instance of the WASM. */
export class WasmPanel {
  readonly #chat: InternalChat;
  readonly #runtime: WasmRuntime;
  readonly #accentSheet = new CSSStyleSheet();
  readonly #notifications: Notifications;
  readonly #recovery: Recovery;
  /** The options that the web team has set, checked by `validateOptions`. */
  options: Options;
  /** The card with other ways of contact that replaces the panel when the WASM has broken too often. Undefined before that. */
  fallbackCard: Panel | undefined;
  /** The locale that was chosen last, for the texts that the panel shows or is loading. */
  #locale = "";
  /** Resolves when the conversation part has loaded. The visitor can already write in the panel before that. */
  #loaded: Promise<void> = Promise.resolve();
  /** Rejects `#loaded`. */
  #failLoading!: (error: PipitError) => void;

  constructor(chat: InternalChat, runtime: WasmRuntime, styles: CSSStyleSheet) {
    this.#chat = chat;
    this.#runtime = runtime;
    this.options = validateOptions(chat.options, chat.attributes);
    this.#notifications = createNotifications(this.options, chat.frame?.namespace);
    const root = chat.host!.shadowRoot!;
    // The WASM adds style sheets to the root's list. A restart needs the list without them.
    const sheets = [...root.adoptedStyleSheets, styles, this.#accentSheet];
    root.adoptedStyleSheets = sheets;
    this.#recovery = new Recovery(chat, sheets, this.#namespace);
    chat.launcher.button.setAttribute("aria-controls", "panel");
  }

  /** Draws the panel. The conversation part loads in the background. */
  async start(): Promise<void> {
    const chat = this.#chat;
    const language = await this.#loadLanguage();
    chat.signal.throwIfAborted();
    this.#applyAccent();
    chat.reportFailure(this.#mount(language));
    runningPanel = this;
    restoreAfterReattachment(chat, (takesFocus) => this.#callQuietly("reattach", takesFocus));
    chat.on("availability:changed", () => chat.reportFailure(this.call("setAvailability", chat.availability)));
    chat.signal.addEventListener("abort", () => this.#destroy());
    // If the panel was open before a page load, it is open again now, perhaps while the visitor types on the page.
    await this.giveWayToTyping();
  }

  /** Restarts the panel after a trap, with a fresh instance. */
  recover(trap: unknown): void {
    const error = crashError(trap);
    this.#failLoading(error);
    this.#loaded = this.#restart(error);
    this.#chat.reportFailure(this.#loaded);
  }

  /** Calls a command of the WASM as soon as the conversation part has loaded. */
  async call(command: string, argument?: unknown): Promise<unknown> {
    await this.#loaded;
    return this.callNow(command, argument);
  }

  /** Calls a command of the WASM at once, even if the conversation part has not loaded. */
  callNow(command: string, argument?: unknown): unknown {
    this.#chat.signal.throwIfAborted();
    return withPipitErrors(() => this.#runtime.instance.call(command, argument));
  }

  /**
   * Changes options. Also changes the language if the option `locale` or the page's language has changed. Throws `E_OPTION` if a
   * value is wrong, or if an option cannot change while the panel is on the page. If `areAttributes`, `changed` has the attributes
   * of the element: unknown names belong to other scripts and are ignored.
   */
  async update(changed: Options, areAttributes = false): Promise<void> {
    const given = await expandConfigText(this.#chat, changed);
    const current = this.options as Record<string, unknown>;
    const checked = Object.entries(validateOptions(given, areAttributes ? changed : {}, this.options));
    const options: Options = Object.fromEntries(checked.filter(([name, value]) => isDifferent(current[name], value)));
    const names = Object.keys(options);
    const fixedName = names.find((name) => !mayChange(name, current[name], options[name as keyof Options]));
    if (fixedName) {
      throw new PipitError("E_OPTION", `the option \`${fixedName}\` cannot change while the panel is on the page.`);
    }
    this.options = { __proto__: null, ...this.options, ...options } as Options;
    this.#applyAccent();
    if (areAttributes) {
      // The page may have removed the attributes that show the state.
      showStateByAttributes(this.#chat);
    }
    const { locale } = chooseLocale(this.options.locale);
    // The WASM gets the locale that was chosen, and only if it has changed.
    const { locale: _, ...changes } = optionsForWasm(options);
    if (locale !== this.#locale) {
      const language = await this.#loadLanguage();
      // The language may have changed again while its texts were loading. The latest change decides.
      Object.assign(changes, locale === this.#locale && language);
    }
    if (Object.keys(changes).length > 0) {
      await this.call("update", changes).catch((error: unknown) => {
        // The WASM has refused a value. Options that another call has changed in the meantime keep their new values.
        const refused = Object.entries(options).filter(([name, value]) => this.options[name as keyof Options] === value);
        this.options = { ...this.options, ...Object.fromEntries(refused.map(([name]) => [name, current[name]])) };
        this.#applyAccent();
        throw error;
      });
      if (options.prefill) {
        // If the visitor has changed, `#report` has dropped this option. It is about the new visitor.
        this.options = { ...this.options, prefill: options.prefill };
      }
    }
  }

  /** Handles a report of the WASM. */
  #report(name: string, payload: object): void {
    if (name === "forgotten") {
      // What the host knows about the visitor is forgotten, too.
      delete this.options.prefill;
      delete this.#chat.options.prefill;
    } else {
      handleReport(this.#chat, this.#notifications, name, payload);
    }
  }

  /** Chooses the language, and loads its texts. */
  async #loadLanguage(): Promise<PanelLanguage> {
    const choice = chooseLocale(this.options.locale);
    this.#locale = choice.locale;
    return loadLanguage(choice);
  }

  /** Draws the panel at once. The promise resolves when the conversation part has loaded. */
  #mount(language: PanelLanguage): Promise<void> {
    const { instance } = this.#runtime;
    const { container } = this.#chat.launcher;
    // `resumes` tells the WASM that this tab has stored a conversation. The WASM only checks whether `resumes` is given, so `false`
    // becomes undefined.
    const resumes = isConversationInTab(this.#namespace) || undefined;
    // Without a prototype, an option cannot come from `Object.prototype`, into which a script of the page may have put anything.
    const options = { __proto__: null, ...optionsForWasm(this.options), ...this.#hooks(), ...this.#services(), ...language, resumes, namespace: this.#chat.frame?.namespace };
    withPipitErrors(() => instance.mount(container, options, (name, payload) => this.#report(name, payload)));
    const load = () => (instance.call("load") as Promise<void>).catch(throwAsPipitError);
    // This is a new promise, so that `recover` can reject it when the WASM breaks. `Promise.race` with `instance.broken` would keep
    // every caller in memory, because that promise usually never settles.
    this.#loaded = new Promise((resolve, reject) => {
      this.#failLoading = reject;
      loadWithRetries(load, this.#chat.signal).then(resolve, reject);
    });
    return this.#loaded;
  }

  /** Resolves when the restarted panel has loaded the conversation part. Throws `error` if the fallback card replaces the panel. */
  async #restart(error: PipitError): Promise<void> {
    let loading: Promise<void> | undefined;
    this.fallbackCard = await this.#recovery.restart(error, {
      remount: async () => {
        const language = await this.#loadLanguage();
        await this.#runtime.renew();
        this.#chat.signal.throwIfAborted();
        loading = this.#mount(language);
      },
      open: (takesFocus) => this.callNow("open", takesFocus),
    });
    if (this.fallbackCard) {
      throw error;
    }
    await loading;
  }

  /** If the visitor types on the page, gives the page precedence over the panel. */
  async giveWayToTyping(): Promise<void> {
    if (isTypingOnPage(this.#chat.host!)) {
      await this.#chat.reportFailure(this.#giveWay());
    }
  }

  /** Gives the page precedence over the panel, until `result` is there or, without it, while the visitor types on the page. */
  async #giveWay(result?: PromiseLike<unknown>): Promise<void> {
    (await loadFeature("page-precedence")).giveWay(this.#chat, (command, argument) => this.#callQuietly(command, argument), result);
  }

  /** Returns a function that calls `hook`, a function of the page. While a promise of `hook` is open, the page has precedence. */
  #givingWay<Result>(hook: (value: never) => Result): (value: never) => Result {
    return (value) => {
      const result = hook(value);
      if ((result as PromiseLike<unknown> | undefined)?.then) {
        this.#chat.reportFailure(this.#giveWay(result as PromiseLike<unknown>));
      }
      return result;
    };
  }

  /** Lets the WASM remove its panel, unless a newer panel has replaced it. Called when the chat is taken off the page. */
  #destroy(): void {
    if (runningPanel !== this) {
      return;
    }
    runningPanel = undefined;
    this.#callQuietly("destroy");
  }

  /** Calls a command at once, and ignores an error. For commands that have nothing to do if the instance has just broken. */
  #callQuietly(command: string, argument?: unknown): void {
    try {
      this.#runtime.instance.call(command, argument);
    } catch {
      // The panel is being restarted, or the fallback card replaces it.
    }
  }

  /** The beginning of the names of stored items and browser locks. */
  get #namespace(): string {
    return this.#chat.frame?.namespace ?? STORAGE_PREFIX;
  }

  #applyAccent(): void {
    this.#accentSheet.replaceSync(accentRule(this.options.accent) ?? "");
  }

  /**
   * The functions in the options. Each call uses the function that the host has set last. The page has precedence while a function
   * runs that may ask the visitor something.
   */
  #hooks(): object {
    const latest = (name: "getSession" | "beforeSend" | "beforeRender") => (value: never) => (this.options[name] as (value: never) => unknown)(value);
    const hooks = { getSession: this.#givingWay(latest("getSession")), beforeSend: this.#givingWay(latest("beforeSend")), beforeRender: latest("beforeRender") };
    return Object.fromEntries(Object.entries(hooks).filter(([name]) => typeof this.options[name as keyof Options] === "function"));
  }

  /**
   * The options that this script adds: the objects and the functions by which the WASM calls TypeScript, the form for a message, and,
   * if it is known already, the availability of agents. The form is always given, because the availability may become known only
   * when the panel is on the page.
   */
  #services(): object {
    const { messageForm = DEFAULT_MESSAGE_FORM, contact, onRating, ratingEndpoint, transcriptEndpoint } = this.options;
    const { availability, frame } = this.#chat;
    return {
      attachments: createAttachments(this.options, frame?.upload),
      notifications: this.#notifications,
      // In the frame, `fetch` refuses requests that the deployment of the frame does not allow. The browser's own must not replace it.
      ...(!frame && {
        findFetch: async (url: string, headers: string[], isRefused: boolean) => (await loadFeature("fetch-check")).findWorkingFetch(url, headers, isRefused),
      }),
      messageForm,
      contacts: parseContacts(contact),
      sendToHost: frame?.sendToHost ?? (async (endpoint: HostEndpoint, body: string) => (await loadScript("watchers")).sendToHost(this.options, endpoint, body)),
      rates: onRating ?? ratingEndpoint,
      mails: transcriptEndpoint,
      ...(availability && { initialAvailability: availability }),
    };
  }
}

/** Compares objects as JSON, because options from attributes are parsed again on every read. */
function isDifferent(current: unknown, next: unknown): boolean {
  return typeof next === "object" ? JSON.stringify(current) !== JSON.stringify(next) : current !== next;
}
