// The entry of `panel.js`. The loader (`pipit.js`) fetches it when the visitor or the host (the web team's code on the page) first
// needs the panel. The WASM draws the panel on the page, or in an iframe if the page does not allow WebAssembly.

import { assertOwnFile, isResponse, loadFeature, setAssetSource } from "./assets";
import type { AssetSource, InternalChat, Panel, PanelFactory } from "./chat-internals";
import { containEvents } from "./contained-events";
import { watchFiles } from "./dropped-files";
import { PipitError } from "./error";
import { createSheet, isFloating } from "./launcher";
import { createPanelCommands } from "./panel-commands";
import { prepare } from "./panel-preparation";
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
 * WASM cannot be started, the page probably does not allow WebAssembly, and the function creates a panel in an iframe. In an old
 * browser, the function creates the fallback card.
 */
export async function loadPanel(fetched: Promise<Response>, source: AssetSource): Promise<PanelFactory> {
  assertOwnFile(source);
  Object.assign(source.hashes, HASHES);
  setAssetSource(source);
  let styles: CSSStyleSheet | undefined;
  let cause: unknown;
  try {
    styles = createSheet(PANEL_CSS);
    // `light-dark` is the newest feature of CSS that the panel needs. An old browser has no `HTMLDialogElement`, and throws an error
    // here or before. `browser-features.ts` finds out what it does not have.
    if (HTMLDialogElement && CSS.supports("color:light-dark(#fff,#111)")) {
      const wasm = fetched.then(async (response) => (isResponse(response) ? response : (await loadFeature("fetch-check")).fetchWasmByBrowser(source)));
      const runtime = await startWasm(wasm, recoverFromTrap);
      return (chat) => createWasmPanel(chat, runtime, styles!);
    }
  } catch (error) {
    // The file did not arrive whole. The next command fetches it again.
    if (error instanceof PipitError) {
      throw error;
    }
    cause = error;
  }
  const { createFramePanel } = await loadFeature("frame-host");
  return (chat) => createFramePanel(chat, styles, source, cause);
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
  watchFiles(chat.launcher.container);
  await panel.start();
  return commands;
}
