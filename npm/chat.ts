// The chat before its panel is there: the launcher, the events, and commands that wait. What commands do is in
// `panel.ts`, which is fetched when one of them, or the visitor, wants it.

import type { Chat as Api } from "./api";
import { PipitError } from "./error";
import type { State } from "./events";
import { fetchPanel, files, part } from "./assets";
import { type Launcher, dress, launcher } from "./launcher";
import type { Options } from "./options";
import type { PanelCommands } from "./panel";

/** Each kept conversation, and each lock of a tab that shows one, has a name that begins so. */
export const KEPT = "pipit.1.";

/** The commands that are the panel's: those that need one, and those that have nothing to do where there is none. */
const COMMANDS = ["open toggle startChat send setDraft setConsent transcript", "close endChat markRead"];

type Listen = (told: never) => void;

/** A chat, and what doors and panel do with it: that is not for hosts. */
export interface Chat extends Api {
  /** The element that it stands in, once it does. */
  host?: HTMLElement;
  launcher: Launcher;
  options: Options;
  /** What stood in attributes: those of no option are others' business. */
  attributes: object;
  state: State;
  /** Why nobody is there and what the panel does then, as `closed form`; nothing while somebody is. */
  away?: string;
  /** Aborts when the chat is taken off the page. */
  readonly signal: AbortSignal;
  /** Begins on an element of the page. Attributes come before options, and updates before both. */
  begin(host: HTMLElement, options: Options, attributes?: object): void;
  update(changed: Options, areAttributes?: boolean): Promise<void>;
  toggle(takesFocus?: boolean): Promise<void>;
  /** Tells the host's listeners, and those of the element. */
  tell(type: string, payload?: object): void;
  /** For what nobody waits for. */
  quietly(done: Promise<unknown>): Promise<unknown>;
}

// Closures, not a class: they make fewer bytes, and commands may be taken off the object.
export function newChat(): Chat {
  const bus = new EventTarget();
  const hears = new WeakMap<Listen, (event: Event) => void>();
  const life = new AbortController();
  const { signal } = life;
  let isReady: () => void;
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  let panel: Promise<PanelCommands> | undefined;

  const whenReady = async () => {
    await ready;
    signal.throwIfAborted();
  };

  const load = async () => {
    await whenReady();
    if (!panel) {
      panel = fetchPanel().then((make) => make(chat));
      panel.catch(() => (panel = undefined));
    }
    return panel;
  };

  const tell = (type: string, payload?: object) => {
    const detail = Object.freeze({ ...payload, type, time: Date.now() });
    if (!signal.aborted) {
      bus.dispatchEvent(new CustomEvent(type, { detail }));
      chat.host?.dispatchEvent(new CustomEvent(`pipit-${type.replace(":", "-")}`, { detail, bubbles: true, composed: true }));
    }
  };

  const quietly = (done: Promise<unknown>) =>
    done.catch((error: PipitError) => {
      signal.aborted || console.error(error);
      tell("error", { code: error.code });
    });

  const show = async (hidden: boolean) => {
    await whenReady();
    chat.host!.hidden = hidden;
    tell(hidden ? "widget:hidden" : "widget:shown");
  };

  const off = (type: string, listener: Listen) => bus.removeEventListener(type, hears.get(listener)!);

  const on = (type: string, listener: Listen, once = false) => {
    const hear = hears.get(listener) ?? ((event: Event) => listener((event as CustomEvent).detail as never));
    hears.set(listener, hear);
    bus.addEventListener(type, hear, { once });
    return () => off(type, listener);
  };

  const chat = {
    options: {} as Options,
    state: Object.freeze({ state: "idle", isOpen: false, unread: 0, connection: "none" }),
    signal,
    whenReady,
    tell,
    quietly,
    on,
    off,
    once: (type: string, listener: Listen) => on(type, listener, true),
    show: () => show(false),
    hide: () => show(true),
    getState: () => chat.state,
    doctor: async () => (await part("panel")).examine(chat, files),

    begin(host, options, attributes = {}) {
      chat.host = host;
      chat.attributes = attributes;
      chat.options = { ...options, ...attributes, ...chat.options };
      chat.launcher = launcher(host);
      dress(chat.launcher, chat.options);
      const { button, frame } = chat.launcher;
      const { mode = "floating", load: when = mode === "floating" || "eager" } = chat.options;
      const run = () => quietly(load());
      button.onclick = () => {
        if (!button.ariaDisabled) {
          button.ariaBusy = "true";
          quietly(chat.toggle(true)).finally(() => (button.ariaBusy = null));
        }
      };
      if (chat.options.whenClosed || chat.options.whenNoAgents) {
        frame.hidden = true;
        quietly(part("availability").then(({ watch }) => watch(chat)).finally(() => chat.away ?? (frame.hidden = false)));
      }
      if (when !== "manual") {
        button.onpointerenter = button.onfocus = () => fetchPanel().catch(() => {});
        when === "eager" ? run() : when === "idle" ? (self.requestIdleCallback ?? setTimeout)(run) : isKept().then((isKept) => isKept && run());
      }
      isReady();
      tell("ready");
    },

    async update(changed, areAttributes) {
      if (panel) {
        await (await panel).update(changed, areAttributes);
      }
      chat.options = { ...chat.options, ...changed };
      chat.host && dress(chat.launcher, chat.options);
    },

    async destroy() {
      if (!signal.aborted) {
        tell("destroy");
        life.abort(new PipitError("E_DESTROYED", "the chat is off the page."));
        isReady();
        chat.host?.remove();
      }
    },
  } as Partial<Chat> as Chat;

  COMMANDS.forEach((names, isIdle) => {
    for (const name of names.split(" ")) {
      (chat as unknown as Commands)[name] = async (...values) =>
        isIdle && !panel ? undefined : ((await load()) as unknown as Commands)[name]!(...values);
    }
  });
  return chat;
}

type Commands = Record<string, (...values: unknown[]) => unknown>;

/** Whether a conversation is kept, in this tab or in another one. */
async function isKept(): Promise<boolean> {
  const isOurs = (name?: string) => !!name?.startsWith(KEPT);
  try {
    return Object.keys(sessionStorage).some(isOurs) || (await navigator.locks.query()).held!.some(({ name }) => isOurs(name));
  } catch {
    return false; // The browser has no such thing, or does not let us look.
  }
}
