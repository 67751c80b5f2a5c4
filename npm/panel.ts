// The entry of `panel.js`, which the loader fetches when the visitor or the host wants the panel. It creates a panel that runs
// by WASM on the page, or in an iframe if the page does not allow WebAssembly.

import { assertOk, loadScript, setAssetSource } from "./assets";
import type { AssetSource, InternalChat, Panel, PanelFactory } from "./chat-internals";
import type { Finding } from "./contract";
import { PipitError } from "./error";
import { createSheet, isFloating } from "./launcher";
import { createPanelCommands } from "./panel-commands";
import { startWasm, type WasmRuntime } from "./wasm";
import { recoverFromTrap, WasmPanel } from "./wasm-panel";

/** The hashes of the files that only the panel loads, as in `hashed-assets.ts`. The site's build defines it. */
declare const HASHES: Record<string, string>;

/** The panel's style sheet. The site's build defines it. */
declare const PANEL_CSS: string;

const BLOCKED_MESSAGE = "this page does not let WebAssembly run; add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy.";

/** Compiles the WASM. The result creates the page's panel, and the next one after a `destroy`. */
export async function loadPanel(wasm: Response, source: AssetSource): Promise<PanelFactory> {
  useAssetSource(source);
  const styles = createSheet(PANEL_CSS);
  assertOk(wasm);
  let runtime: WasmRuntime;
  try {
    runtime = await startWasm(wasm, recoverFromTrap);
  } catch (cause) {
    const error = new PipitError("E_WASM_BLOCKED", BLOCKED_MESSAGE, { cause });
    const { createFramePanel } = await loadScript("frame-host");
    return (chat) => createFramePanel(chat, styles, source, error);
  }
  return (chat) => createWasmPanel(chat, runtime, styles);
}

/** Runs the doctor, which needs no panel. */
export async function runDoctor(chat: InternalChat, source: AssetSource): Promise<readonly Finding[]> {
  useAssetSource(source);
  return (await loadScript("doctor")).runDoctor(chat, source);
}

/** Takes over the loader's source of files, and adds the hashes of those that only the panel loads. */
function useAssetSource(source: AssetSource): void {
  Object.assign(source.hashes, HASHES);
  setAssetSource(source);
}

async function createWasmPanel(chat: InternalChat, runtime: WasmRuntime, styles: CSSStyleSheet): Promise<Panel> {
  const panel = new WasmPanel(chat, runtime, styles);
  const commands = createPanelCommands(chat, panel);
  if (isFloating(chat.options)) {
    // Keys that are pressed in the panel itself stop there. These come from the launcher or from slotted content.
    chat.launcher.container.addEventListener("keydown", ({ key, isComposing }) => {
      if (key === "Escape" && !isComposing && chat.state.isOpen) {
        chat.reportFailure(commands.run("close"));
      }
    });
  }
  await panel.start();
  return commands;
}
