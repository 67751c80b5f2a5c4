// Hides or disables the launcher when no agent is available. Loaded only for sites that set `whenClosed` or `whenNoAgents`.

import { requestAvailability, sendMessage } from "./availability-request";
import type { InternalChat } from "./chat-internals";
import type { UnavailableAction } from "./contract";
import { chooseLanguage } from "./language";

/** The time in which an answer is used again instead of a new request, in ms. */
const VALID_FOR_MS = 60_000;

/** The launcher's labels out of hours and without agents, by language, as JSON. The site's build defines it. */
declare const UNAVAILABLE_LABELS: string;

export { sendMessage };

/** Checks the availability now, and again when the visitor returns to the page or uses the panel. */
export async function watchAvailability(chat: InternalChat): Promise<void> {
  let checkedAt = -Infinity;
  const check = async () => {
    if (performance.now() - checkedAt > VALID_FOR_MS) {
      checkedAt = performance.now();
      const status = await requestAvailability(chat.options).catch((error: unknown) => {
        // An open chat that nobody answers is better than a closed one that somebody would have answered.
        console.warn("Pipit could not find out whether somebody is there, so it takes it that somebody is:", error);
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
  const checkInBackground = () => void check();
  document.addEventListener("visibilitychange", checkInBackground, { signal: chat.signal });
  for (const event of ["widget:opened", "widget:closed", "chat:ended"] as const) {
    chat.on(event, checkInBackground);
  }
  await check();
}

function updateLauncher({ availability, launcher, options, state }: InternalChat): void {
  const { container, button } = launcher;
  const { status = "open", action } = availability ?? {};
  // The launcher stays usable during a conversation, even if no agent is available for new ones.
  const hasConversation = state.isOpen || state.state !== "idle";
  const applies = (candidate: UnavailableAction) => !hasConversation && action === candidate;
  container.hidden = applies("hide");
  button.ariaDisabled = applies("disable") ? "true" : null;
  if (applies("disable")) {
    const labels = JSON.parse(UNAVAILABLE_LABELS) as Record<string, Record<string, string>>;
    const label = options.words?.[status] ?? labels[chooseLanguage(options.locale)]![status]!;
    button.ariaLabel = label;
    button.title = label;
  } else {
    button.removeAttribute("title");
  }
}
