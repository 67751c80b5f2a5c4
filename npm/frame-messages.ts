// The messages between the page and its frame, besides commands and events. `frame-host.ts` runs on the page,
// `frame-client.ts` in the frame.

import type { Options, State } from "./contract";

/** The frame's first message to the page: WebAssembly runs here, or the reason why the frame refuses the page. */
export interface Offer {
  pipit: string;
  runs?: boolean;
  refused?: string;
}

/** The argument of `begin`, the page's first call over the port. */
export interface FrameSetup {
  options: Options;
  /** Which functions of the page the frame can call over the port. */
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
