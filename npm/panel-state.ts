// Handles what the WASM reports (`src/js_api/event_emitter.rs`): its state and its events. The state is shown by the launcher (the
// button that opens the panel) and by attributes of the element <pipit-chat>. Events are passed to the listeners of the host (the
// web team's code on the page).

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

/**
 * Handles a report: `state`, or an event by its name. The launcher changes at once. Listeners are called after the WASM has
 * returned, because they may call commands, and the WASM must not be entered again while it runs.
 */
export function handleReport(chat: InternalChat, notifications: Notifications, name: string, payload: object): void {
  if (name === "state") {
    const { label, badge, locale, leads, ...state } = payload as StateReport;
    notifications.setUnread(state.unread, leads);
    applyState(chat, state);
    setLabel(chat.launcher.button, label, locale, direction(locale), badge);
  } else {
    // Old browsers and some test environments have no `queueMicrotask`.
    void Promise.resolve().then(() => chat.emit(name, deepFreeze(payload)));
  }
}

/** Shows the state by the launcher and by the element's attributes. */
function applyState(chat: InternalChat, state: State): void {
  setPanelOpen(chat, state.isOpen);
  chat.state = Object.freeze(state);
  showStateByAttributes(chat);
}

/**
 * Sets the element's attributes for the state. Also called when an attribute has changed, because frameworks remove the attributes
 * that the page's HTML does not contain. An attribute that is right already is not set, because that would count as a change, too.
 */
export function showStateByAttributes({ host, state }: InternalChat): void {
  for (const name of ["state", "unread", "connection"] as const) {
    if (host!.getAttribute(name) !== `${state[name]}`) {
      host!.setAttribute(name, `${state[name]}`);
    }
  }
  host!.toggleAttribute("open", state.isOpen);
}
