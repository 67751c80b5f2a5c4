// Notifies the visitor of messages that arrive while the panel is closed or the page is hidden: by a soft sound, and by the
// number of unread messages in the page's title. Sound and title are scripts that are loaded when they are first needed.

import { loadScript } from "./assets";
import type { Options } from "./contract";

/** The WASM calls the first two to draw the sound's switch (`src/config/notifications.rs`); `panel-state.ts` calls the last. */
export interface Notifications {
  /** Whether the visitor has turned the sound off. Undefined if the host allows no sound. */
  readonly isMuted: boolean | undefined;
  /** Turns the sound off or on, for the whole site. */
  setMuted(isMuted: boolean): void;
  /** Takes the number of unread messages. The sound plays only in the leading tab; otherwise every tab would play it. */
  setUnread(unread: number, isLeader: boolean): void;
}

/** The beginning of the key in the local storage, which all tabs of the site share. A chat in an iframe has its own. */
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

/** A failure is not reported to the host, because the visitor still sees the message itself. */
function logFailure(error: unknown): void {
  console.warn("Pipit could not tell of a new message by the title or a sound:", error);
}
