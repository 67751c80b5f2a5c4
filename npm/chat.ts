// The chat before its panel is there: the launcher, the events, and commands that wait. What commands do is in
// `panel.ts`, which is fetched when one of them, or the visitor, wants it.

import type { Chat as Api } from "./api";
import { PipitError } from "./error";
import type { State } from "./events";
import { fetchPanel } from "./files";
import { type Launcher, dress, launcher } from "./launcher";
import type { Options } from "./options";
import type { Panel } from "./panel";

/** Each kept conversation, and each lock of a tab that shows one, has a name that begins so. */
const KEPT = "pipit.1.";

/** The commands that are the panel's: those that need one, and those that have nothing to do where there is none. */
const COMMANDS = { true: "open toggle startChat send setDraft setConsent", false: "close endChat markRead" };

type Listen = (told: never) => void;
type Commands = Record<string, (...values: unknown[]) => unknown>;

/** What its commands take and give is said in `api.ts`. */
export interface Chat extends Api {}

export class Chat {
  readonly #bus = new EventTarget();
  readonly #hears = new WeakMap<Listen, (event: Event) => void>();
  /** Over when the chat is taken off the page. */
  readonly #life = new AbortController();
  readonly #ready: Promise<void>;
  #isReady!: () => void;
  #panel: Promise<Panel> | undefined;

  /** What the panel works with. */
  host: HTMLElement | undefined;
  launcher!: Launcher;
  options: Options = {};
  /** What stood in attributes: those of no option are others' business. */
  attributes: object = {};
  state: State = Object.freeze({ state: "idle", isOpen: false, unread: 0, connection: "none", isLoaded: false });
  readonly signal = this.#life.signal;

  constructor() {
    this.#ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.signal.onabort = () => reject(this.signal.reason);
    });
    this.#ready.catch(() => {});
  }

  /** Begins on an element of the page. Attributes come before options, and updates before both. */
  begin(host: HTMLElement, options: Options, attributes: object): void {
    this.host = host;
    this.attributes = attributes;
    this.options = { ...options, ...attributes, ...this.options };
    this.launcher = launcher(host);
    const { button } = this.launcher;
    const { load, mode } = this.options;
    dress(this.launcher, this.options);
    const run = () => this.quietly(this.#load());
    button.onclick = () => this.quietly(this.state.isOpen ? this.close() : this.#call("open", true));
    if (load !== "manual") {
      button.onpointerenter = button.onfocus = () => void fetchPanel().catch(() => {});
    }
    if (load === "eager" || (!load && mode && mode !== "floating")) {
      run();
    } else if (load === "idle") {
      (self.requestIdleCallback ?? setTimeout)(run);
    } else if (load !== "manual") {
      void isKept().then((isKept) => isKept && run());
    }
    this.#isReady();
    this.tell("ready");
  }

  whenReady(): Promise<void> {
    return this.#ready;
  }

  getState(): State {
    return this.state;
  }

  async show(hidden = false): Promise<void> {
    await this.#ready;
    this.host!.hidden = hidden;
    this.tell(hidden ? "widget:hidden" : "widget:shown");
  }

  hide(): Promise<void> {
    return this.show(true);
  }

  async update(changed: Options, attributes?: object | undefined): Promise<void> {
    if (this.#panel) {
      await (await this.#panel).update(changed, attributes);
    }
    this.options = { ...this.options, ...changed };
    this.host && dress(this.launcher, this.options);
  }

  on(type: string, listener: Listen, once = false): () => void {
    const hear = this.#hears.get(listener) ?? ((event: Event) => listener((event as CustomEvent).detail as never));
    this.#hears.set(listener, hear);
    this.#bus.addEventListener(type, hear, { once });
    return () => this.off(type as never, listener as never);
  }

  once(type: string, listener: Listen): () => void {
    return this.on(type, listener, true);
  }

  off(type: string, listener: Listen): void {
    this.#bus.removeEventListener(type, this.#hears.get(listener)!);
  }

  async destroy(): Promise<void> {
    if (!this.signal.aborted) {
      this.tell("destroy");
      this.#life.abort(new PipitError("E_DESTROYED", "this chat was taken off the page."));
      this.host?.remove();
    }
  }

  /** Tells the host's listeners, and those of the element. */
  tell(type: string, payload?: object): void {
    const detail = Object.freeze({ ...payload, type, time: Date.now() });
    if (!this.signal.aborted) {
      this.#bus.dispatchEvent(new CustomEvent(type, { detail }));
      this.host?.dispatchEvent(new CustomEvent(`pipit-${type.replace(":", "-")}`, { detail, bubbles: true, composed: true }));
    }
  }

  /** For what nobody waits for. */
  quietly(done: Promise<unknown>): void {
    done.catch((error: PipitError) => {
      this.signal.aborted || console.error(error);
      this.tell("error", { code: error.code });
    });
  }

  async #call(command: string, ...values: unknown[]): Promise<unknown> {
    return ((await this.#load()) as unknown as Commands)[command]!(...values);
  }

  async #load(): Promise<Panel> {
    await this.#ready;
    this.#panel ??= fetchPanel().then((panel) => panel(this)).catch((error) => {
      this.#panel = undefined;
      throw error;
    });
    return this.#panel;
  }

  static {
    for (const [needsPanel, names] of Object.entries(COMMANDS)) {
      for (const name of names.split(" ")) {
        (this.prototype as unknown as Commands)[name] = async function (this: Chat, ...values) {
          return needsPanel === "true" || this.#panel ? this.#call(name, ...values) : undefined;
        };
      }
    }
  }
}

const isOurs = (name?: string) => !!name?.startsWith(KEPT);

/** Whether this tab keeps a conversation. */
export function keeps(): boolean {
  try {
    return Object.keys(sessionStorage).some(isOurs);
  } catch {
    return false; // The browser does not let us look.
  }
}

/** Whether a conversation is kept, in this tab or in another one. */
async function isKept(): Promise<boolean> {
  try {
    return keeps() || !!(await navigator.locks.query()).held?.some(({ name }) => isOurs(name));
  } catch {
    return false; // The browser has no locks.
  }
}
