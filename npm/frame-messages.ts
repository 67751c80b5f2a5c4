// The types of the messages between the page that embeds the widget and the iframe ("the frame") in which the panel runs. Commands
// and events have their types in `contract.ts`. `frame-host.ts` runs on the page, `frame-client.ts` in the frame.

import type { Options, State } from "./contract";

/**
 * A message of the frame to the window of the page. The first one says whether WebAssembly can run in the frame, or why the frame
 * refuses the page. A refusal can also follow, because some browsers tell the frame the page's origin only when the page answers.
 */
export interface Offer {
  /** The random text that the page has put into the frame's address. It shows that the message comes from that frame. */
  pipit: string;
  /** Whether WebAssembly can run in the frame. Absent if the frame refuses the page. */
  runs?: boolean;
  /** Why the frame refuses the page, in plain words. */
  refused?: string;
}

/**
 * The argument of `begin`, the page's first call over the message port between page and frame. At this call, the frame creates its
 * chat.
 */
export interface FrameSetup {
  /** The part of the page's options that is passed to the frame: plain data, without functions. */
  options: Options;
  /** Which functions of the page the frame can call over the port. A member is true if the page has the function. */
  has: { getSession: boolean; availability: boolean; beforeSend: boolean; upload: boolean; leaveMessage: boolean; rate: boolean; mail: boolean };
  /** `floating` if the panel can be opened and closed; `page` if it always fills the frame. */
  mode: "floating" | "page";
}

/**
 * The state of the chat in the frame, and the content of the frame's launcher (the button that opens the panel). The page shows the
 * same content on its own launcher.
 */
export interface LauncherState {
  /** The accessible name of the button, in the language `lang`. */
  label: string;
  lang: string;
  /** The direction of `label`: `ltr` or `rtl`. */
  dir: string;
  /** The number of unread messages on the badge; empty if there is no badge. */
  badge: string;
  state: State;
}
