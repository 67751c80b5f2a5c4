// Notifies the visitor of messages that arrive while the panel is closed or the page is hidden: by a soft sound, and by the
// number of unread messages in the page's title. Also warns the visitor that the conversation is about to end. Sound and title are
// scripts that are loaded when they are first needed.

import { loadFeature } from "./assets";
import type { Options } from "./contract";

/** The WASM uses `isMuted` and `setMuted` for the sound's switch; `panel-state.ts` calls `setUnread`. */
export interface Notifications {
  /** Whether the visitor has turned the sound off. Undefined if the option `sound` is `off`. */
  readonly isMuted: boolean | undefined;
  /** Turns the sound off or on, for the whole site. */
  setMuted(isMuted: boolean): void;
  /**
   * Takes the current number of unread messages. If it has changed, shows it in the page's title; if it has grown, plays the sound. The
   * options can turn off both; the visitor can turn off the sound. Of all tabs of the site, only the leader (the tab that talks to the chat server)
   * plays the sound; otherwise every tab would play it.
   */
  setUnread(unread: number, isLeader: boolean): void;
  /**
   * Shows a warning before the page's title, and plays the sound in the leader, because the conversation is about to end. An empty
   * text removes the warning. The option `titleCount` has no influence.
   */
  warn(text: string, isLeader: boolean): void;
}

/**
 * The beginning of the key in the local storage, which all tabs of the site share. A chat in an iframe passes another beginning.
 */
const DEFAULT_NAMESPACE = "pipit.";

/** Creates the notifications of one chat, from the chat's options. */
export function createNotifications({ sound, titleCount }: Options, namespace = DEFAULT_NAMESPACE): Notifications {
  const storageKey = `${namespace}muted`;
  /** The visitor's choice on this page, if the browser did not store it: its storage is full, or the page may not use it. */
  let notStored: boolean | undefined;
  let currentUnread = 0;
  let currentWarning = "";
  /** The values are read after the script has loaded, because they may have changed again by then. */
  const updateTitle = () => {
    loadFeature("title").then(({ showInTitle }) => showInTitle(currentWarning, titleCount === "on" ? currentUnread : 0), logFailure);
  };
  const playSound = (isLeader: boolean, isMuted: boolean | undefined) => {
    // Browsers play no sound before the visitor has clicked or typed on the page.
    if (isLeader && isMuted === false && navigator.userActivation?.hasBeenActive) {
      loadFeature("sound").then(({ playChime }) => playChime()).catch(logFailure);
    }
  };
  return {
    get isMuted() {
      return sound === "off" ? undefined : (notStored ?? readMuted(storageKey));
    },
    setMuted(isMuted) {
      notStored = undefined;
      try {
        localStorage.setItem(storageKey, String(isMuted));
      } catch {
        // The choice lasts until the page is reloaded.
        notStored = isMuted;
      }
    },
    setUnread(unread, isLeader) {
      const hasGrown = unread > currentUnread;
      const hasChanged = unread !== currentUnread;
      currentUnread = unread;
      if (hasChanged && titleCount === "on") {
        updateTitle();
      }
      if (hasGrown) {
        playSound(isLeader, this.isMuted);
      }
    },
    warn(text, isLeader) {
      if (text !== currentWarning) {
        currentWarning = text;
        updateTitle();
        if (text) {
          playSound(isLeader, this.isMuted);
        }
      }
    },
  };
}

/** Returns the stored choice; false if the visitor has made none, or if the browser does not let the page use its storage. */
function readMuted(storageKey: string): boolean {
  try {
    return localStorage.getItem(storageKey) === "true";
  } catch {
    return false;
  }
}

/** Logs a failure. No event `error` reports it, because the visitor still sees the message. */
function logFailure(error: unknown): void {
  console.warn("Pipit could not announce a new message by the title or by a sound:", error);
}
