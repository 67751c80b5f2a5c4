// Loads the scripts and files that the loader does not contain, and the panel once per page. Script tag, package and iframe
// each say where their files are by `setAssetSource`.

import type { AssetSource, PanelFactory } from "./chat-internals";
import { PipitError } from "./error";

export let assetSource: AssetSource;

let panelFactory: Promise<PanelFactory> | undefined;

/** Every script that is a bundle of its own has to call this once, because bundles share no variables. */
export function setAssetSource(source: AssetSource): void {
  assetSource = source;
}

export const loadScript: AssetSource["loadScript"] = (name) => assetSource.loadScript(name);

export const fetchFile: AssetSource["fetchFile"] = (name) => assetSource.fetchFile(name);

/** Fetches the panel's script and WASM at the same time. After a failure, the next call tries again. */
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
