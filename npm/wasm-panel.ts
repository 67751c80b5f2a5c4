// The panel that runs by WASM: draws it, loads its conversation part, hands options and commands to it, and starts it again
// after a trap.

import { accentRule } from "./accent-palette";
import { loadScript } from "./assets";
import { createAttachments } from "./attachments";
import { optionNameOf } from "./attribute";
import type { InternalChat, Panel } from "./chat-internals";
import { type Options, STORAGE_PREFIX } from "./contract";
import { PipitError } from "./error";
import { loadLanguage, type PanelLanguage } from "./language-loader";
import { createNotifications, type Notifications } from "./notifications";
import { isLiveOption, optionsForWasm, validateOptions } from "./options";
import { handleReport } from "./panel-state";
import { Recovery } from "./recovery";
import { loadWithRetries } from "./retry";
import { isConversationInTab } from "./stored-conversation";
import { crashError, throwAsPipitError, withPipitErrors } from "./wasm-errors";
import type { WasmRuntime } from "./wasm";

/** The form for a message when no agent is available, unless the host sets `messageForm`. */
const DEFAULT_MESSAGE_FORM = [{ name: "emailAddress", required: true }, { name: "question", required: true }];

/** The page's running panel. A panel that is gone must not pass commands to the next one. */
let runningPanel: WasmPanel | undefined;

/** Starts the running panel again after a trap, or only gets a fresh instance ready for the next panel. */
export function recoverFromTrap(error: unknown, runtime: WasmRuntime): void {
  if (runningPanel) {
    runningPanel.recover(error);
  } else {
    void runtime.renew();
  }
}

export class WasmPanel {
  readonly #chat: InternalChat;
  readonly #runtime: WasmRuntime;
  readonly #accentSheet = new CSSStyleSheet();
  readonly #notifications: Notifications;
  readonly #recovery: Recovery;
  /** The checked options. */
  options: Options;
  /** Takes the panel's place when the WASM has broken too often. */
  fallbackCard: Panel | undefined;
  /** Resolves when the conversation part is loaded. The visitor can see the panel, and write in it, before. */
  #loaded: Promise<void> = Promise.resolve();
  #failLoading!: (error: PipitError) => void;

  constructor(chat: InternalChat, runtime: WasmRuntime, styles: CSSStyleSheet) {
    this.#chat = chat;
    this.#runtime = runtime;
    // The element may have got attributes since the chat was put on the page.
    const attributes = [...chat.host!.attributes].map(({ name }) => [optionNameOf(name), true]);
    this.options = validateOptions(chat.options, { ...chat.attributes, ...Object.fromEntries(attributes) });
    this.#notifications = createNotifications(this.options, chat.frame?.namespace);
    const root = chat.host!.shadowRoot!;
    // A list of its own, because the root's list changes when the WASM adds sheets.
    const sheets = [...root.adoptedStyleSheets, styles, this.#accentSheet];
    root.adoptedStyleSheets = sheets;
    this.#recovery = new Recovery(chat, sheets, this.#namespace);
    chat.launcher.button.setAttribute("aria-controls", "panel");
  }

  /** Draws the panel, and loads the conversation part in the background. */
  async start(): Promise<void> {
    const chat = this.#chat;
    const language = await loadLanguage(this.options.locale);
    chat.signal.throwIfAborted();
    this.#applyAccent();
    chat.reportFailure(this.#mount(language));
    runningPanel = this;
    chat.on("availability:changed", () => chat.reportFailure(this.call("setAvailability", chat.availability)));
    chat.signal.addEventListener("abort", () => this.#destroy());
  }

  /** Starts the panel again after a trap, with a fresh instance. */
  recover(trap: unknown): void {
    const error = crashError(trap);
    this.#failLoading(error);
    this.#loaded = this.#restart(error);
    this.#chat.reportFailure(this.#loaded);
  }

  /** Calls a command of the WASM as soon as the conversation part is loaded. */
  async call(command: string, argument?: unknown): Promise<unknown> {
    await this.#loaded;
    return this.callNow(command, argument);
  }

  /** Calls a command of the WASM that does not need the conversation part. */
  callNow(command: string, argument?: unknown): unknown {
    this.#chat.signal.throwIfAborted();
    return withPipitErrors(() => this.#runtime.instance.call(command, argument));
  }

  /** Changes options. `areAttributes` says that the names may include attributes of other scripts. */
  async update(changed: Options, areAttributes = false): Promise<void> {
    const current = this.options as Record<string, unknown>;
    const checked = Object.entries(validateOptions(changed, areAttributes ? changed : {}));
    const options: Options = Object.fromEntries(checked.filter(([name, value]) => isDifferent(current[name], value)));
    const names = Object.keys(options);
    if (names.length === 0) {
      return;
    }
    const fixedName = names.find((name) => !isLiveOption(name));
    if (fixedName) {
      throw new PipitError("E_OPTION", `the option \`${fixedName}\` cannot change any more, for the panel is there.`);
    }
    this.options = { ...this.options, ...options };
    this.#applyAccent();
    const language = "locale" in options ? await loadLanguage(options.locale) : {};
    await this.call("update", { ...optionsForWasm(options), ...language });
  }

  /** Draws the panel and loads the conversation part. Returns when that is loaded. */
  #mount(language: PanelLanguage): Promise<void> {
    const { instance } = this.#runtime;
    const { container } = this.#chat.launcher;
    const resumes = isConversationInTab(this.#namespace) || undefined;
    const options = { ...optionsForWasm(this.options), ...this.#services(), ...language, resumes, namespace: this.#chat.frame?.namespace };
    withPipitErrors(() => instance.mount(container, options, (name, payload) => handleReport(this.#chat, this.#notifications, name, payload)));
    const load = () => (instance.call("load") as Promise<void>).catch(throwAsPipitError);
    // `Promise.race` would keep the callers of `call` in memory for as long as an unsettled promise lives.
    this.#loaded = new Promise((resolve, reject) => {
      this.#failLoading = reject;
      loadWithRetries(load, this.#chat.signal).then(resolve, reject);
    });
    return this.#loaded;
  }

  async #restart(error: PipitError): Promise<void> {
    let loading: Promise<void> | undefined;
    this.fallbackCard = await this.#recovery.restart(error, {
      remount: async () => {
        const language = await loadLanguage(this.options.locale);
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

  #destroy(): void {
    if (runningPanel !== this) {
      return;
    }
    runningPanel = undefined;
    try {
      this.#runtime.instance.call("destroy");
    } catch {
      // The instance has just broken, so there is nothing to destroy.
    }
  }

  /** The names of storage and locks begin with this. */
  get #namespace(): string {
    return this.#chat.frame?.namespace ?? STORAGE_PREFIX;
  }

  #applyAccent(): void {
    this.#accentSheet.replaceSync(accentRule(this.options.accent) ?? "");
  }

  /** The options of the WASM that are functions and objects of this side. */
  #services(): object {
    const { messageEndpoint = "", messageForm = DEFAULT_MESSAGE_FORM } = this.options;
    const { availability, frame } = this.#chat;
    return {
      attachments: createAttachments(this.options, frame?.upload),
      notifications: this.#notifications,
      ...(availability && {
        initialAvailability: availability,
        messageForm,
        leaveMessage: frame?.leaveMessage ?? (async (answers: string) => (await loadScript("availability")).sendMessage(messageEndpoint, answers)),
      }),
    };
  }
}

/** Compares functions by identity and everything else as JSON, because attributes are parsed anew on every read. */
function isDifferent(current: unknown, next: unknown): boolean {
  return typeof next === "object" ? JSON.stringify(current) !== JSON.stringify(next) : current !== next;
}
