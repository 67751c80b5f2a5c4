// Loads the scripts and files that the loader does not contain. The script tag, the npm package and the page in the iframe
// each call `setAssetSource` to say where their files are.

import type { AssetSource, PanelFactory } from "./chat-internals";
import { PipitError } from "./error";

export let assetSource: AssetSource;

let panelFactory: Promise<PanelFactory> | undefined;

/** Every script that is bundled separately has to call this once, because bundles share no variables. */
export function setAssetSource(source: AssetSource): void {
  assetSource = source;
}

export const loadScript: AssetSource["loadScript"] = (name) => assetSource.loadScript(name);

export const fetchFile: AssetSource["fetchFile"] = (name) => assetSource.fetchFile(name);

/** Fetches the panel's script and its WASM in parallel, once per page. After a failure, the next call tries again. */
export function fetchPanel(): Promise<PanelFactory> {
  if (!panelFactory) {
    panelFactory = Promise.all([loadScript("panel"), fetchFile("widget_bg.wasm")]).then(([panel, wasm]) => panel.loadPanel(wasm, assetSource));
    panelFactory.catch(() => (panelFactory = undefined));
  }
  return panelFactory;
}

/** Returns the response, or throws `E_NOT_LOADED` if its status is not a success. */
export function assertOk(response: Response): Response {
  if (!response.ok) {
    throw new PipitError("E_NOT_LOADED", `${response.url} answered with status ${response.status}.`);
  }
  return response;
}
