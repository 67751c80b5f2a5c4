// Handles the reports of the WASM (`src/js_api/event_emitter.rs`). The state goes to the launcher and the element's attributes,
// events go to the host's listeners.

import type { InternalChat } from "./chat-internals";
import type { State } from "./contract";
import { deepFreeze } from "./freeze";
import { direction } from "./language";
import { setLabel, setPanelOpen } from "./launcher";
import type { Notifications } from "./notifications";

/**
 * The payload of the report `state`: the state of the chat, the label and badge of the launcher with their language, and
 * whether this tab leads (talks to the server for all tabs of the site).
 */
type StateReport = State & { label: string; badge: string; locale: string; leads: boolean };

/** The launcher changes at once. Listeners are called after the WASM has returned, because they may call commands. */
export function handleReport(chat: InternalChat, notifications: Notifications, name: string, payload: object): void {
  if (name === "state") {
    const { label, badge, locale, leads, ...state } = payload as StateReport;
    notifications.setUnread(state.unread, leads);
    applyState(chat, state);
    setLabel(chat.launcher.button, label, locale, direction(locale), badge);
  } else {
    queueMicrotask(() => chat.emit(name, deepFreeze(payload)));
  }
}

function applyState(chat: InternalChat, state: State): void {
  setPanelOpen(chat, state.isOpen);
  chat.state = Object.freeze(state);
  for (const name of ["state", "unread", "connection"] as const) {
    chat.host!.setAttribute(name, `${state[name]}`);
  }
  chat.host!.toggleAttribute("open", state.isOpen);
}
