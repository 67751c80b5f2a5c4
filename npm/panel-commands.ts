// Performs the chat's commands if the WASM draws the panel on the page. A command that is not defined here is only passed to the
// WASM (`src/js_api`). The commands that are defined here also change something in TypeScript, or convert their arguments.

import { loadScript } from "./assets";
import type { InternalChat, Panel } from "./chat-internals";
import type { Answers, Options, PanelCommandName } from "./contract";
import { setPanelOpen } from "./launcher";
import { assertAvailable } from "./open-links";
import type { Forgetting } from "./stored-conversation";
import { takesFocus } from "./typing-on-page";
import type { WasmPanel } from "./wasm-panel";

/**
 * Creates the commands of a panel. If the fallback card (a card with other ways of contact) has replaced the panel, `run` passes
 * every command to the card.
 */
export function createPanelCommands(chat: InternalChat, panel: WasmPanel): Panel {
  // `callNow` calls the WASM at once. `call` first waits until the part of the WASM with the conversation has loaded.
  const open = async (isWanted?: boolean, isByLink = false) => {
    // If the visitor has clicked a link that opens the chat, and the chat is not available, the browser follows the link.
    if (isByLink) {
      assertAvailable(chat);
    }
    if (!isWanted) {
      await panel.giveWayToTyping();
    }
    panel.callNow("open", takesFocus(chat.host!, isWanted));
    setPanelOpen(chat, true);
  };
  const close = async () => {
    panel.callNow("close");
    setPanelOpen(chat, false);
  };
  const commands: { [Name in PanelCommandName | "forget"]?: (...values: never[]) => Promise<unknown> } = {
    open,
    close,
    toggle: async (isWanted?: boolean) => (chat.state.isOpen ? close() : open(isWanted)),
    async startChat(answers?: Answers) {
      // The form takes its first values from the option `prefill`, so the answers are added to that option.
      if (answers) {
        await panel.update({ prefill: { ...panel.options.prefill, ...answers } });
      }
      await panel.call("startChat");
    },
    setConsent: async (consent: string) => panel.call("setConsent", consent === "granted"),
    transcript: async (format?: string) => panel.call("transcript", { format, title: panel.options.title }),
    update: async (changed: Options, areAttributes?: boolean) => panel.update(changed, areAttributes),
    async forget(wanted?: Partial<Forgetting>) {
      try {
        panel.callNow("forget", wanted);
      } catch {
        // The conversation part is not loaded.
        await (await loadScript("watchers")).forget(chat, wanted, true);
      }
    },
  };
  return {
    async run(name, ...values) {
      if (panel.fallbackCard) {
        return panel.fallbackCard.run(name, ...values);
      }
      const command = commands[name] ?? ((value: unknown) => panel.call(name, value));
      return (command as (...values: unknown[]) => Promise<unknown>)(...values);
    },
  };
}
