// Finds out whether an agent is available, and hides or disables the launcher (the button that opens the panel) if the page asks for
// that. The page asks by the options `whenClosed` (what the widget does out of hours) and `whenNoAgents` (what it does when no agent
// is available): this file handles their values `hide` and `disable`. The values `inform` and `form` are for the panel, which gets
// the availability from here. `watchers.ts` uses this file if the page sets one of these options.

import { requestAvailability } from "./availability-request";
import type { InternalChat } from "./chat-internals";
import type { UnavailableAction } from "./contract";
import { chooseLanguage } from "./language";
import { pageDocument } from "./page-document";

/** A request for the availability is sent only if the latest one began longer ago than this, in ms. */
const VALID_FOR_MS = 60_000;

/**
 * A JSON object that has, for each language, the launcher's labels `closed` (out of hours) and `noAgents`. The build of the widget
 * replaces this name by the text.
 */
declare const UNAVAILABLE_LABELS: string;

/** The launcher's style while it is disabled. */
const DISABLED_RULE = ".launcher[aria-disabled]{filter:grayscale(1);cursor:default}";

/** The label that a launcher had when it was disabled. */
const enabledLabels = new WeakMap<HTMLElement, string | null>();

/** Returns the time since the page began to load, in ms. A script of the page may have broken `Date` and `performance`. */
const time = (): number => new Event("").timeStamp;

/** For each chat whose availability is watched, what `watchAvailability` has returned. */
const watched = new WeakMap<InternalChat, Promise<void>>();

/** Watches the availability of agents until the chat is destroyed. Resolves when it is known. Later calls for a chat only wait. */
export function watchAvailability(chat: InternalChat): Promise<void> {
  const watching = watched.get(chat) ?? startWatching(chat);
  watched.set(chat, watching);
  return watching;
}

/**
 * Checks the availability now, and updates the launcher. Does both again when the page is hidden or shown, when the panel is opened
 * or closed, and when a conversation ends, but sends a request only if the latest one began more than `VALID_FOR_MS` ago. When the
 * page changes its language, only updates the launcher.
 */
async function startWatching(chat: InternalChat): Promise<void> {
  /** When the latest request began, as `time` gives it. */
  let checkedAt = -Infinity;
  const check = async () => {
    if (time() - checkedAt > VALID_FOR_MS) {
      checkedAt = time();
      const status = await requestAvailability(chat.options).catch((error: unknown) => {
        // Without an answer, the chat is taken to be open: a chat that seems closed while agents are waiting would be worse.
        console.warn("Pipit could not find out whether an agent is available, so it assumes that one is:", error);
        return "open" as const;
      });
      if (status !== chat.availability?.status) {
        const { whenClosed, whenNoAgents } = chat.options;
        chat.availability = { status, action: { open: undefined, closed: whenClosed, noAgents: whenNoAgents }[status] };
        chat.emit("availability:changed", { availability: status });
      }
    }
    updateLauncher(chat);
  };
  const { styles } = chat.launcher;
  styles.insertRule(DISABLED_RULE, styles.cssRules.length);
  const checkInBackground = () => void check();
  pageDocument.addEventListener("visibilitychange", checkInBackground, { signal: chat.signal });
  const languageObserver = new MutationObserver(() => updateLauncher(chat));
  languageObserver.observe(pageDocument.documentElement, { attributeFilter: ["lang"] });
  chat.signal.addEventListener("abort", () => languageObserver.disconnect());
  for (const event of ["widget:opened", "widget:closed", "chat:ended"] as const) {
    chat.on(event, checkInBackground);
  }
  await check();
}

/** Hides, disables or enables the launcher, as the current availability and the options require. */
function updateLauncher({ availability, launcher, options, state }: InternalChat): void {
  const { container, button } = launcher;
  // The launcher stays usable during a conversation and while the panel is open, even if no agent is available for new
  // conversations.
  const hasConversation = state.isOpen || state.state !== "idle";
  if (!availability && !hasConversation) {
    return; // The first check is not over, so the launcher stays hidden.
  }
  const { status = "open", action } = availability ?? {};
  const mustApply = (candidate: UnavailableAction) => !hasConversation && action === candidate;
  container.hidden = mustApply("hide");
  // The title of a disabled launcher is its label, which says why it is disabled. If it still has this label, it gets the one from
  // before back. A panel may have set another label in the meantime.
  if (button.ariaDisabled && button.ariaLabel === button.title) {
    button.ariaLabel = enabledLabels.get(button) ?? null;
  }
  button.ariaDisabled = mustApply("disable") ? "true" : null;
  if (mustApply("disable")) {
    enabledLabels.set(button, button.ariaLabel);
    const labels = JSON.parse(UNAVAILABLE_LABELS) as Record<string, Record<string, string>>;
    const label = options.words?.[status] ?? labels[chooseLanguage(options.locale)]![status]!;
    button.ariaLabel = label;
    button.title = label;
  } else {
    button.removeAttribute("title");
  }
}
