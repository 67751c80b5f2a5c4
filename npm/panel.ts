// The entry of `panel.js`. The loader (`pipit.js`) fetches it when the visitor or the host (the web team's code on the page) first
// needs the panel. The WASM draws the panel on the page, or in an iframe if the page does not allow WebAssembly.

import { assertOk, loadScript, setAssetSource } from "./assets";
import type { AssetSource, InternalChat, Panel, PanelFactory } from "./chat-internals";
import type { Finding } from "./contract";
import { containEvents } from "./contained-events";
import { PipitError } from "./error";
import { createSheet, isFloating } from "./launcher";
import { createPanelCommands } from "./panel-commands";
import { watchSendKey } from "./send-key";
import { startWasm, type WasmRuntime } from "./wasm";
import { recoverFromTrap, WasmPanel } from "./wasm-panel";

/**
 * The SHA-256, in base64, of each file that only the panel loads, by the file's name. The build (`cargo xtask`) inserts this
 * constant. In the npm package it is empty.
 */
declare const HASHES: Record<string, string>;

/** The panel's style sheet. The build inserts this constant. */
declare const PANEL_CSS: string;

const BLOCKED_MESSAGE = "this page does not let WebAssembly run; add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy.";

/**
 * Compiles the WASM. Returns the function that creates the panel of a chat; a page may have several chats, one after another. If the
 * WASM cannot be started, the page is taken not to allow WebAssembly, and the function creates a panel in an iframe.
 */
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
    return async (chat) => {
      await readConfigText(chat);
      containEvents(chat.launcher.container);
      return createFramePanel(chat, styles, source, error);
    };
  }
  return (chat) => createWasmPanel(chat, runtime, styles);
}

/** Runs the command `doctor`, which checks the page for problems. The command needs no panel. */
export async function runDoctor(chat: InternalChat, source: AssetSource): Promise<readonly Finding[]> {
  useAssetSource(source);
  return (await loadScript("doctor")).runDoctor(chat, source);
}

/** Watches the page's modal elements and, if the options ask for it, whether an agent is available (`watchers.ts`). Needs no panel. */
export async function watch(chat: InternalChat, source: AssetSource): Promise<void> {
  useAssetSource(source);
  return (await loadScript("watchers")).watch(chat);
}

/**
 * Makes this script load files by `source`, the loader's object, and adds the hashes of the files that only the panel loads.
 * Throws `E_NOT_LOADED` if the loader is written into the page's HTML instead of being a file of its own.
 */
function useAssetSource(source: AssetSource): void {
  // The loader takes options from its address. The address of a loader in the page's HTML is that of the page, and anybody can make a
  // link to the page with options in it.
  if (source.loaderUrl?.split("?")[0] === location.href.split(/[?#]/)[0]) {
    throw new PipitError("E_NOT_LOADED", "`pipit.js` has to be a file of its own.");
  }
  Object.assign(source.hashes, HASHES);
  setAssetSource(source);
}

/** Reads the options that the element <pipit-chat> has as a text. */
async function readConfigText(chat: InternalChat): Promise<void> {
  if ("config" in chat.options) {
    (await loadScript("config-text")).readConfigText(chat, loadScript);
  }
}

/** Creates a panel that the WASM draws on the page. */
async function createWasmPanel(chat: InternalChat, runtime: WasmRuntime, styles: CSSStyleSheet): Promise<Panel> {
  await readConfigText(chat);
  const panel = new WasmPanel(chat, runtime, styles);
  const commands = createPanelCommands(chat, panel);
  if (isFloating(chat.options)) {
    // The panel itself handles Escape that is pressed in it, and prevents the default. Other events come from the launcher (the
    // button that opens the panel), or from elements that the page has put into <pipit-chat>.
    chat.launcher.container.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented && chat.state.isOpen) {
        // If the widget is in a dialog of the page, the browser would close that dialog, too.
        event.preventDefault();
        chat.reportFailure(commands.run("close"));
      }
    });
  }
  containEvents(chat.launcher.container);
  watchSendKey(chat.launcher.container);
  await panel.start();
  return commands;
}
