// Creates the chat object, by which the host (the web team's code on the page) gives commands and gets events. A command that needs
// the panel loads the panel. A loaded panel performs the commands that the table `COMMANDS` (`contract.ts`) lists. The member
// `chat.host` is not the host, but the element <pipit-chat>, as is the parameter `host` of `attachTo`. This file is kept small,
// because it is part of the loader (`pipit.js`), which every page loads.

import { assetSource, fetchPanel, loadScript } from "./assets";
import type { InternalChat, Panel } from "./chat-internals";
import { COMMANDS, type Options, type PanelCommandName } from "./contract";
import { PipitError } from "./error";
import { applyOptions, createLauncher, isFloating } from "./launcher";
import { pageDocument } from "./page-document";
import { watchPage } from "./page-events";
import { ifConversationInSite } from "./stored-conversation";

type AnyListener = (event: never) => void;

/** Returns the time in ms since 1970; 0 if a script of the page has broken `Date`. */
const now = (): number => {
  try {
    return Date.now();
  } catch {
    return 0;
  }
};

/** Dispatches the events of all chats that this page has, one after another. */
const target = new EventTarget();

/** Creates the commands `on`, `once` and `off`. Their listeners are removed when the signal aborts. */
export function createListeners(signal?: AbortSignal) {
  /** For each listener of the host, the function that is registered at `target` in its place. */
  const handlers = new WeakMap<AnyListener, (event: Event) => void>();

  const off = (type: string, listener: AnyListener) => target.removeEventListener(type, handlers.get(listener)!);

  const on = (type: string, listener: AnyListener, once = false) => {
    const handler = handlers.get(listener) ?? ((event: Event) => listener((event as CustomEvent).detail as never));
    handlers.set(listener, handler);
    target.addEventListener(type, handler, { once, signal: signal! });
    return () => off(type, listener);
  };

  return { on, off, once: (type: string, listener: AnyListener) => on(type, listener, true) };
}

/**
 * Creates a chat without an element. `attachTo` gives it the element `chat.host`, in which the launcher and the panel are shown.
 * Every command that needs the launcher first calls `bringToPage`, because the page may have removed the element.
 */
// The commands are closures instead of methods of a class: closures take fewer bytes, and a host can pass them on as functions.
export function createPageChat(bringToPage: () => void): InternalChat {
  const lifetime = new AbortController();
  const { signal } = lifetime;
  /** Resolves `ready`. Called when the launcher (the button that opens the panel) is on the page, or the chat is destroyed. */
  let setReady: () => void;
  const ready = new Promise<void>((resolve) => (setReady = resolve));
  /** Undefined until the panel is needed, and again after it could not be loaded. */
  let panel: Promise<Panel> | undefined;
  /** Set by the first call of `watch`, so that the script is loaded once. */
  let watching: Promise<unknown> | undefined;

  // A destroyed chat counts as ready, so that waiting commands fail instead of waiting for ever.
  const whenReady = async () => {
    // An element that the page has just inserted takes the chat first, in a microtask.
    await undefined;
    if (!signal.aborted) {
      bringToPage();
    }
    await ready;
    signal.throwIfAborted();
  };

  const loadPanel = async () => {
    await whenReady();
    if (!panel) {
      panel = fetchPanel().then((createPanel) => createPanel(chat));
      panel.catch(() => (panel = undefined));
    }
    return panel;
  };

  // The host's listeners get the event, and the element sends it as a DOM event. A destroyed chat emits nothing more.
  const emit = (type: string, details?: object) => {
    const detail = Object.freeze({ ...details, type, time: now() });
    if (!signal.aborted) {
      target.dispatchEvent(new CustomEvent(type, { detail }));
      chat.host?.dispatchEvent(new CustomEvent(`pipit-${type.replace(":", "-")}`, { detail, bubbles: true, composed: true }));
    }
  };

  const reportFailure = (action: Promise<unknown>) =>
    action.catch((error: PipitError) => {
      if (!signal.aborted) {
        console.error(error);
      }
      emit("error", { code: error.code });
    });

  /** Loads the script `watchers`, which does what the loader leaves to it. The first call decides; later calls do nothing. */
  const watch = () => {
    watching ??= reportFailure(loadScript("watchers").then((script) => script.watch(chat, assetSource))).finally(() => (chat.launcher.button.hidden = false));
  };

  const setHidden = async (isHidden: boolean) => {
    await whenReady();
    chat.host!.hidden = isHidden;
    emit(isHidden ? "widget:hidden" : "widget:shown");
  };

  const panelCommands = Object.fromEntries(
    Object.entries(COMMANDS).map(([name, needsPanel]) => [
      name,
      async (...values: unknown[]) => {
        if (panel || needsPanel) {
          return (await loadPanel()).run(name as PanelCommandName, ...values);
        }
        // Without a panel, there is nothing that this command could close, end, mark or change.
        return undefined;
      },
    ]),
  );

  const chat = {
    ...panelCommands,
    options: {} as Options,
    state: Object.freeze({ state: "idle", isOpen: false, unread: 0, connection: "none" }),
    signal,
    whenReady,
    emit,
    reportFailure,
    ...createListeners(signal),
    show: () => setHidden(false),
    hide: () => setHidden(true),
    getState: () => chat.state,
    doctor: async () => (await loadScript("watchers")).runDoctor(chat, assetSource),
    forget: async (wanted) => (panel ? (await panel).run("forget", wanted) : (await loadScript("watchers")).forget(chat, wanted)),

    attachTo(host, options, attributes = {}) {
      chat.host = host;
      chat.attributes = attributes;
      // `chat.options` holds the options that `update` set before this call. They win over all others.
      chat.options = { ...options, ...attributes, ...chat.options };
      chat.launcher = createLauncher(host);
      // Without a change, this call removes the prototype of the options and applies them to the launcher.
      chat.update({});
      const { button } = chat.launcher;
      const all = chat.options;
      const load = all.load ?? (isFloating(all) && !("config" in all) ? "interaction" : "eager");
      const loadPanelInBackground = () => reportFailure(loadPanel());
      button.onclick = () => {
        // `availability.ts` sets `ariaDisabled` if the page asks for that when no agent is available. `toggle(true)`: an opened panel
        // takes the focus.
        if (!button.ariaDisabled) {
          button.ariaBusy = "true";
          reportFailure(chat.toggle(true)).finally(() => (button.ariaBusy = null));
        }
      };
      // The launcher stays hidden until it is known whether an agent is available. If the script `watchers` could not be loaded, the
      // launcher is shown as if an agent were available.
      button.hidden = !!(all.whenClosed || all.whenNoAgents);
      // Without a way to get sessions, the script warns the web team. Outside of a modal element, the widget would be inert. With `idle`,
      // the script loads the panel when the browser has time.
      if (button.hidden || load === "idle" || !(all.getSession || all.sessionEndpoint || all.jwt) || pageDocument.querySelector(":modal")) {
        watch();
      }
      watchPage(chat, watch);
      if (load !== "manual") {
        // A failure is not reported here: the command that needs the panel tries again, and reports its own failure.
        button.onpointerenter = fetchPanel;
        button.onfocus = fetchPanel;
        if (load === "eager") {
          loadPanelInBackground();
        } else {
          // The panel is loaded now only if there may be a conversation to continue.
          ifConversationInSite(loadPanelInBackground);
        }
      }
      setReady();
      emit("ready");
    },

    async update(changed, areAttributes) {
      // The panel throws an error if an option is wrong. Wrong options are then not kept. Without a panel, the options are checked
      // when the panel is created.
      if (panel) {
        await (await panel).run("update", changed, areAttributes);
      }
      // Without a prototype, an option cannot come from `Object.prototype`, into which a script of the page may have put anything.
      chat.options = { __proto__: null, ...chat.options, ...changed } as Options;
      // Later checks ignore an unknown name only if it is in `chat.attributes`.
      if (areAttributes) {
        Object.assign(chat.attributes, changed);
      }
      if (chat.host && applyOptions(chat.launcher, chat.options, !panel)) {
        watch();
      }
    },

    async destroy() {
      if (!signal.aborted) {
        // Without an element, there is nothing that the page could notice.
        if (chat.host) {
          emit("destroy");
        }
        lifetime.abort(new PipitError("E_DESTROYED", "it is not on the page."));
        setReady();
        chat.host?.remove();
      }
    },
  } as Partial<InternalChat> as InternalChat;
  return chat;
}
