// Labels the launcher (the button that opens the panel) in the languages in which the label is not `Chat`. The loader has no labels, so
// that it stays small: it loads this file, in the script `watchers`, when a page is in one of these languages.

import type { InternalChat } from "./chat-internals";

/** The launcher's label in each of these languages, by the first part of the language's tag. The build inserts this constant. */
declare const LAUNCHER_LABELS: Record<string, string>;

/** Gives the launcher its labels. If it is in one of these languages, labels it now. */
export function addLabels(chat: InternalChat): void {
  chat.launcher.labels = LAUNCHER_LABELS;
  // Without a change, this command only makes the launcher look as the options say. A loaded panel sets the label itself.
  chat.reportFailure(chat.update({}));
}
