// The entry of `watchers.js`, the loader's only script of its own. It has what some pages need before their panel: watching whether an
// agent is available, following the page's modal elements and its scale, the launcher's labels other than `Chat`, forgetting a visitor,
// and a warning if no session can be got. It also has what few panels need: reading options from a text, sending what a visitor leaves for
// the host, and the hashes of the scripts that have single features.

import { assertOwnFile } from "./assets";
import { watchAvailability } from "./availability";
import type { AssetSource, InternalChat, LazyScripts } from "./chat-internals";
import { containEvents } from "./contained-events";
import type { Findings } from "./contract";
import { followModals } from "./modal-follower";
import { followScale } from "./page-scale";
import { addLabels } from "./launcher-labels";
import { styleLauncher } from "./old-browser";
import { warnWithoutSession } from "./session-warning";

export { readConfigText, withConfigText } from "./config-text";
export { forget } from "./forget";
export { sendToHost } from "./host-request";
export { followScale };

/**
 * The SHA-256, in base64, of each file that has a single feature, by the file's name. The build (`cargo xtask`) inserts this constant.
 * In the npm package it is empty.
 */
declare const HASHES: Record<string, string>;

/** Loads a script that has a single feature. `source` loads the files. */
export async function loadFeature<Name extends keyof LazyScripts>(source: AssetSource, name: Name): Promise<LazyScripts[Name]> {
  assertOwnFile(source);
  Object.assign(source.hashes, HASHES);
  return source.loadScript(name);
}

/** Runs the command `doctor`, which checks the page for problems. The command needs no panel. */
export async function runDoctor(chat: InternalChat, source: AssetSource): Promise<Findings> {
  const doctor = await loadFeature(source, "doctor");
  return doctor.runDoctor(chat, source);
}

/**
 * Labels the launcher, follows the modal elements and the scale of the page, and warns if no option says where sessions come from. With
 * the option `load: "idle"`, loads the panel when the browser has time. If the options ask for the availability of agents, watches it, and
 * resolves when it is known. In an old browser, where no chat can start, only styles the launcher. `source` loads the widget's files.
 */
export async function watch(chat: InternalChat, source: AssetSource): Promise<void> {
  assertOwnFile(source);
  if (!chat.launcher.styles) {
    styleLauncher(chat);
    return;
  }
  // A dialog of the page may close when the visitor presses something outside of its box, such as the launcher in the dialog.
  containEvents(chat.launcher.container);
  addLabels(chat);
  followModals(chat);
  followScale(chat);
  warnWithoutSession(chat);
  if (chat.options.load === "idle") {
    // The command loads the panel, and changes nothing.
    (self.requestIdleCallback ?? setTimeout)(() => chat.reportFailure(chat.transcript()));
  }
  if (chat.options.whenClosed || chat.options.whenNoAgents) {
    await watchAvailability(chat);
  }
}
