// Reads the options that are the text of the attribute `config`, or of the property `config`, of the element <pipit-chat>. The panel
// loads this script if an element has such a text. The loader does not parse the text; it loads the panel at once.

import type { AssetSource, InternalChat } from "./chat-internals";
import type { Options } from "./contract";
import { PipitError } from "./error";
import { isFloating } from "./launcher";

/** Reads the text `config` of a chat whose panel is about to be created. The launcher follows the options as soon as the panel is there. */
export function readConfigText(chat: InternalChat, loadScript: AssetSource["loadScript"]): void {
  const { whenClosed, whenNoAgents } = chat.options;
  chat.options = withConfigText(chat, chat.options);
  chat.reportFailure(chat.update({}));
  if (!isFloating(chat.options)) {
    chat.launcher.button.remove();
  }
  // With one of these options, the loader has loaded the script already.
  if (!(whenClosed ?? whenNoAgents) && (chat.options.whenClosed ?? chat.options.whenNoAgents)) {
    chat.reportFailure(loadScript("watchers").then(({ watchAvailability }) => watchAvailability(chat)));
  }
}

/**
 * Replaces the text `config` by the options that it has as JSON. The other options win over these. A text that is no JSON object is
 * reported and ignored. A text that the chat has read already is left out.
 */
export function withConfigText(chat: InternalChat, given: Options): Options {
  const { config, ...options } = given as Options & { config?: unknown };
  if (typeof config !== "string" || config === chat.configText) {
    return options;
  }
  chat.configText = config;
  try {
    // `exec` returns null for a text that does not begin as an object.
    return { ...(JSON.parse(/^\s*\{[^]*/.exec(config)![0]) as Options), ...options };
  } catch {
    const message = `\`config\` is ignored, because \`${config}\` is not a JSON object. Write JSON, or set the property \`config\` to an object.`;
    chat.reportFailure(Promise.reject(new PipitError("E_OPTION", message)));
    return options;
  }
}
