// Takes what the WASM reports: the state goes to the launcher and the element, events go to the host's listeners.

import type { InternalChat } from "./chat-internals";
import type { State } from "./contract";
import { deepFreeze } from "./freeze";
import { direction } from "./language";
import { setLabel, setPanelOpen } from "./launcher";
import type { Notifications } from "./notifications";

/** The payload of the report `state`: the state, and what the launcher shows. */
type StateReport = State & { label: string; badge: string; locale: string; leads: boolean };

/** The launcher changes at once. The listeners are called when the WASM is done, because they may call commands. */
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
