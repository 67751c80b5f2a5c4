// The entry of `panel.js`. The loader (`pipit.js`) fetches it when the visitor or the host (the web team's code on the page) first
// needs the panel. The WASM draws the panel on the page, or in an iframe if the page does not allow WebAssembly.

import { assertOk, assertOwnFile, isResponse, loadFeature, loadScript, setAssetSource } from "./assets";
import type { AssetSource, InternalChat, Panel, PanelFactory } from "./chat-internals";
import { containEvents } from "./contained-events";
import { PipitError } from "./error";
import { createSheet, isFloating } from "./launcher";
import { isZoomed } from "./page-scale";
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

/**
 * Compiles the WASM. Returns the function that creates the panel of a chat; a page may have several chats, one after another. If the
 * WASM cannot be started, the page probably does not allow WebAssembly, and the function creates a panel in an iframe.
 */
export async function loadPanel(fetched: Response, source: AssetSource): Promise<PanelFactory> {
  assertOwnFile(source);
  Object.assign(source.hashes, HASHES);
  setAssetSource(source);
  const styles = createSheet(PANEL_CSS);
  let wasm = fetched;
  if (!isResponse(wasm)) {
    (await loadFeature("fetch-check")).fetchFilesByBrowser(source);
    wasm = await source.fetchFile("widget_bg.wasm");
  }
  assertOk(wasm);
  let runtime: WasmRuntime;
  try {
    runtime = await startWasm(wasm, recoverFromTrap);
  } catch (cause) {
    // The file did not arrive whole. The next command fetches it again.
    if (cause instanceof PipitError) {
      throw cause;
    }
    const { createFramePanel } = await loadFeature("frame-host");
    return async (chat) => {
      await prepare(chat);
      containEvents(chat.launcher.container);
      return createFramePanel(chat, styles, source, cause);
    };
  }
  return (chat) => createWasmPanel(chat, runtime, styles);
}

/** Reads the options that the element <pipit-chat> has as a text, and undoes the zoom of the page's styles. Few pages have either. */
async function prepare(chat: InternalChat): Promise<void> {
  if ("config" in chat.options || isZoomed(chat.launcher)) {
    const { followScale, readConfigText } = await loadScript("watchers");
    readConfigText(chat);
    followScale(chat);
  }
}

/** Creates a panel that the WASM draws on the page. */
async function createWasmPanel(chat: InternalChat, runtime: WasmRuntime, styles: CSSStyleSheet): Promise<Panel> {
  await prepare(chat);
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
