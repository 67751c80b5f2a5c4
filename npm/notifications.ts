// Notifies the visitor of messages that nobody sees: by a soft sound, and by their number in the page's title. The scripts
// that do it are loaded when they are first needed.

import { loadScript } from "./assets";
import type { Options } from "./contract";

/** What the WASM needs to draw the switch of the sound (`src/config/notifications.rs`), and what the panel calls. */
export interface Notifications {
  /** Whether the visitor has turned the sound off. Undefined if the host allows no sound. */
  readonly isMuted: boolean | undefined;
  /** Turns the sound off or on, for the whole site. */
  setMuted(isMuted: boolean): void;
  /** Takes the number of unread messages. Only the leading tab plays the sound; otherwise every tab would. */
  setUnread(unread: number, isLeader: boolean): void;
}

/** The namespace of the key in the local storage, which all tabs of the site share. A frame has its own. */
const DEFAULT_NAMESPACE = "pipit.";

export function createNotifications({ sound, titleCount }: Options, namespace = DEFAULT_NAMESPACE): Notifications {
  const storageKey = `${namespace}muted`;
  let isMutedOnPage = false;
  let lastUnread = 0;
  return {
    get isMuted() {
      return sound === "off" ? undefined : (readMuted(storageKey) ?? isMutedOnPage);
    },
    setMuted(isMuted) {
      isMutedOnPage = isMuted;
      try {
        localStorage.setItem(storageKey, String(isMuted));
      } catch {
        // Without storage, the choice lasts as long as this page.
      }
    },
    setUnread(unread, isLeader) {
      const hasGrown = unread > lastUnread;
      const hasChanged = unread !== lastUnread;
      lastUnread = unread;
      if (hasChanged && titleCount === "on") {
        // The number may change again while the script is loaded.
        loadScript("title").then(({ showUnreadCount }) => showUnreadCount(lastUnread), logFailure);
      }
      if (hasGrown && isLeader && this.isMuted === false && navigator.userActivation?.hasBeenActive) {
        loadScript("sound").then(({ playChime }) => playChime()).catch(logFailure);
      }
    },
  };
}

function readMuted(storageKey: string): boolean | undefined {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === null ? undefined : stored === "true";
  } catch {
    return undefined;
  }
}

/** The visitor sees the message all the same. */
function logFailure(error: unknown): void {
  console.warn("Pipit could not tell of a new message by the title or a sound:", error);
}
