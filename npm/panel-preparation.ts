// Does what few pages need before their panel is created, on the page or in an iframe.

import { loadScript } from "./assets";
import type { InternalChat } from "./chat-internals";
import { isZoomed } from "./page-scale";

/** Reads the options that the element <pipit-chat> has as a text, and undoes the zoom of the page's styles. Few pages have either. */
export async function prepare(chat: InternalChat): Promise<void> {
  if ("config" in chat.options || isZoomed(chat.launcher)) {
    const { followScale, readConfigText } = await loadScript("watchers");
    readConfigText(chat);
    followScale(chat);
  }
}
