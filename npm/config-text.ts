// Reads options from a text: the element <pipit-chat> may have the attribute or the property `config` with options as JSON. The
// panel loads this file, in the script `watchers`, if there is such a text. The loader, which is kept small, does not parse the text. It loads the panel at
// once instead, unless the option `load` says otherwise.

import { watchAvailability } from "./availability";
import type { InternalChat } from "./chat-internals";
import type { Options } from "./contract";
import { PipitError } from "./error";
import { isFloating } from "./launcher";

/** Adds the options of the text `config`, if there is one, to the options of a chat whose panel is about to be created. */
export function readConfigText(chat: InternalChat): void {
  if (!("config" in chat.options)) {
    return;
  }
  chat.options = withConfigText(chat, chat.options);
  // `update` waits for the panel. Then it makes the launcher look as the options say.
  chat.reportFailure(chat.update({}));
  if (!isFloating(chat.options)) {
    chat.launcher.button.remove();
  }
  if (chat.options.whenClosed ?? chat.options.whenNoAgents) {
    chat.reportFailure(watchAvailability(chat));
  }
}

/**
 * Returns the given options with the options of the text `config` in place of the text. The other given options win over these. A
 * text that is no JSON object is reported and left out. The text that the chat has read last is left out, and not read again.
 */
export function withConfigText(chat: InternalChat, given: Options): Options {
  const { config, ...options } = given as Options & { config?: unknown };
  if (typeof config !== "string" || config === chat.configText) {
    return options;
  }
  chat.configText = config;
  try {
    // For a text that does not begin with `{`, `exec` returns null. Reading `[0]` then throws an error, so the text is reported.
    return { ...(JSON.parse(/^\s*\{[^]*/.exec(config)![0]) as Options), ...options };
  } catch {
    const message = `\`config\` is ignored, because \`${config}\` is not a JSON object. Write JSON, or set the property \`config\` to an object.`;
    chat.reportFailure(Promise.reject(new PipitError("E_OPTION", message)));
    return options;
  }
}
