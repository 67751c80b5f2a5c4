// The chat as the loader has it: launcher, events and commands. A command loads the panel if it needs one; the panel then
// performs it (`panel-commands.ts`).

import { assetSource, fetchPanel, loadScript } from "./assets";
import type { InternalChat, Panel } from "./chat-internals";
import { COMMANDS, type Options, type PanelCommandName } from "./contract";
import { PipitError } from "./error";
import { applyOptions, createLauncher, isFloating } from "./launcher";
import { isConversationInSite } from "./stored-conversation";

type AnyListener = (event: never) => void;

/** Creates a chat that is not on the page yet. */
// Closures instead of a class make fewer bytes, and let a host pass a command on without its object.
export function createPageChat(): InternalChat {
  const target = new EventTarget();
  const handlers = new WeakMap<AnyListener, (event: Event) => void>();
  const lifetime = new AbortController();
  const { signal } = lifetime;
  let setReady: () => void;
  const ready = new Promise<void>((resolve) => (setReady = resolve));
  let panel: Promise<Panel> | undefined;

  const whenReady = async () => {
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

  const emit = (type: string, details?: object) => {
    const detail = Object.freeze({ ...details, type, time: Date.now() });
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

  const setHidden = async (isHidden: boolean) => {
    await whenReady();
    chat.host!.hidden = isHidden;
    emit(isHidden ? "widget:hidden" : "widget:shown");
  };

  const off = (type: string, listener: AnyListener) => target.removeEventListener(type, handlers.get(listener)!);

  const on = (type: string, listener: AnyListener, once = false) => {
    const handler = handlers.get(listener) ?? ((event: Event) => listener((event as CustomEvent).detail as never));
    handlers.set(listener, handler);
    target.addEventListener(type, handler, { once });
    return () => off(type, listener);
  };

  const panelCommands = Object.fromEntries(
    Object.entries(COMMANDS).map(([name, { needsPanel }]) => [
      name,
      async (...values: unknown[]) => {
        if (panel || needsPanel) {
          return (await loadPanel()).run(name as PanelCommandName, ...values);
        }
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
    on,
    off,
    once: (type: string, listener: AnyListener) => on(type, listener, true),
    show: () => setHidden(false),
    hide: () => setHidden(true),
    getState: () => chat.state,
    doctor: async () => (await loadScript("panel")).runDoctor(chat, assetSource),

    attachTo(host, options, attributes = {}) {
      chat.host = host;
      chat.attributes = attributes;
      chat.options = { ...options, ...attributes, ...chat.options };
      chat.launcher = createLauncher(host);
      applyOptions(chat.launcher, chat.options);
      const { button, container } = chat.launcher;
      const { whenClosed, whenNoAgents, load = isFloating(chat.options) ? "interaction" : "eager" } = chat.options;
      const loadInBackground = () => reportFailure(loadPanel());
      button.onclick = () => {
        if (!button.ariaDisabled) {
          button.ariaBusy = "true";
          reportFailure(chat.toggle(true)).finally(() => (button.ariaBusy = null));
        }
      };
      if (whenClosed || whenNoAgents) {
        container.hidden = true;
        const watching = loadScript("availability").then(({ watchAvailability }) => watchAvailability(chat));
        reportFailure(watching).finally(() => {
          // If the script could not be loaded, the launcher is shown as if agents were available.
          if (!chat.availability) {
            container.hidden = false;
          }
        });
      }
      if (load !== "manual") {
        const prefetch = () => fetchPanel().catch(() => {});
        button.onpointerenter = prefetch;
        button.onfocus = prefetch;
        if (load === "eager") {
          loadInBackground();
        } else if (load === "idle") {
          (self.requestIdleCallback ?? setTimeout)(loadInBackground);
        } else {
          isConversationInSite().then((isStored) => {
            if (isStored) {
              loadInBackground();
            }
          });
        }
      }
      setReady();
      emit("ready");
    },

    async update(changed, areAttributes) {
      if (panel) {
        await (await panel).run("update", changed, areAttributes);
      }
      chat.options = { ...chat.options, ...changed };
      if (chat.host) {
        applyOptions(chat.launcher, chat.options);
      }
    },

    async destroy() {
      if (!signal.aborted) {
        emit("destroy");
        lifetime.abort(new PipitError("E_DESTROYED", "the chat is off the page."));
        setReady();
        chat.host?.remove();
      }
    },
  } as Partial<InternalChat> as InternalChat;
  return chat;
}
