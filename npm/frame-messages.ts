// What crosses between the page and its frame, beside commands and events: `frame-host.ts` is on the page, `frame-client.ts` in the
// frame.

import type { Options, State } from "./contract";

/** What the frame sends to the page at first: it may run, or why it refuses the page. */
export interface Offer {
  pipit: string;
  runs?: boolean;
  refused?: string;
}

/** What the page passes to `begin`, its first call over the port. */
export interface FrameSetup {
  options: Options;
  /** What can be asked of the page over the port. */
  has: { getSession: boolean; availability: boolean; beforeSend: boolean; upload: boolean; leaveMessage: boolean };
  mode: "floating" | "page";
}

/** The state of the chat in the frame, and what its launcher shows. */
export interface LauncherState {
  label: string;
  lang: string;
  dir: string;
  badge: string;
  state: State;
}
