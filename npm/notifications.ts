// What is done about messages that nobody sees: a soft sound, and their number in the page's title. Each is loaded
// when there is first one.

import { part } from "./assets";

/** What a host may say of it. */
export interface NewsOptions {
  /** `off`: there is none, and no switch for it. */
  sound?: "on" | "off" | undefined;
  /** `on`: the number of unread messages stands before the page's title. */
  titleCount?: "on" | "off" | undefined;
}

/** What `src/config/notifications.rs` takes of it, and what the panel tells. */
export interface News {
  /** Whether the visitor has turned the sound off; nothing where there is none. */
  readonly isMuted: boolean | undefined;
  setMuted(isMuted: boolean): void;
  /** So many messages are unread now. Only the tab that leads is heard: else each would be. */
  tell(unread: number, leads: boolean): void;
}

/** Remembered for the site, so in all its tabs. */
const KEY = "pipit.muted";

export function news({ sound, titleCount }: NewsOptions): News {
  let isMuted = false;
  let before = 0;
  return {
    get isMuted() {
      return sound === "off" ? undefined : (stored() ?? isMuted);
    },
    setMuted(now) {
      isMuted = now;
      try {
        localStorage.setItem(KEY, String(now));
      } catch {
        // Storage is blocked: it holds for this page.
      }
    },
    tell(unread, leads) {
      const [isMore, isChanged] = [unread > before, unread !== before];
      before = unread;
      if (isChanged && titleCount === "on") {
        part("title").then((title) => title.titleCount(before), missing);
      }
      if (isMore && leads && this.isMuted === false && navigator.userActivation?.hasBeenActive) {
        part("sound").then((sound) => sound.chime()).catch(missing);
      }
    },
  };
}

function stored(): boolean | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === null ? undefined : kept === "true";
  } catch {
    return undefined;
  }
}

/** The visitor sees the message all the same. */
function missing(error: unknown): void {
  console.warn("Pipit could not tell of a new message by the title or a sound:", error);
}
