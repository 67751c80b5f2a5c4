// Loads the widget's other scripts and files when they are needed. They are loaded differently on a page with the script tag, on a
// page with the npm package, and in the widget's iframe. Each bundle (a script with all its imports) therefore calls
// `setAssetSource` with an object that loads the files in the right way. The functions at the end check or correct a response.

import type { AssetSource, LazyScripts, PanelFactory } from "./chat-internals";
import { PipitError } from "./error";

/** Undefined until `setAssetSource` is called. */
export let assetSource: AssetSource;

/** What `fetchPanel` returns. Undefined until it is called, and again after a failure. */
let panelFactory: Promise<PanelFactory> | undefined;

/**
 * Sets the source of all files. Every bundle that loads files has to call this first, because bundles share no variables.
 */
export function setAssetSource(source: AssetSource): void {
  assetSource = source;
}

export const loadScript: AssetSource["loadScript"] = (name) => assetSource.loadScript(name);

/** Loads a script that has a single feature. The script `watchers` has the hashes of these scripts. */
export const loadFeature = async <Name extends keyof LazyScripts>(name: Name): Promise<LazyScripts[Name]> => (await loadScript("watchers")).loadFeature(assetSource, name);

export const fetchFile: AssetSource["fetchFile"] = (name) => assetSource.fetchFile(name);

/**
 * Fetches the panel's script and its WASM in parallel, once per page. After a failure, the next call fetches them again. Resolves
 * with a function that makes the panel of a chat.
 */
export function fetchPanel(): Promise<PanelFactory> {
  if (!panelFactory) {
    const wasm = fetchFile("widget_bg.wasm");
    const forget = () => (panelFactory = undefined);
    // The panel's script handles this failure. Without a handler here, the browser would report it before that script has loaded.
    wasm.catch(forget);
    panelFactory = loadScript("panel").then((panel) => panel.loadPanel(wasm, assetSource));
    panelFactory.catch(forget);
  }
  return panelFactory;
}

/**
 * Throws `E_NOT_LOADED` if the loader is written into the page's HTML instead of being a file of its own. The loader takes options
 * from its address. In the page's HTML its address would be that of the page, and anybody can make a link to the page with options
 * in it.
 */
export function assertOwnFile({ loaderUrl }: AssetSource): void {
  if (loaderUrl?.split("?")[0] === location.href.split(/[?#]/)[0]) {
    throw new PipitError("E_NOT_LOADED", "`pipit.js` has to be a file of its own.");
  }
}

/**
 * Whether a value is a response that the browser has made. A script of the page may have replaced `fetch` by a function that gives a
 * proxy of the response, which functions of the browser refuse.
 */
export function isResponse(value: Response): boolean {
  try {
    return !!Reflect.get(Response.prototype, "headers", value);
  } catch {
    return false;
  }
}

/** Returns the response, or throws `E_NOT_LOADED` if its status is not a success. */
export function assertOk(response: Response): Response {
  if (!response.ok) {
    throw new PipitError("E_NOT_LOADED", `${response.url} answered with status ${response.status}.`);
  }
  return response;
}

/** The only media type with which a browser compiles WASM during the download. The header must have no parameters after it. */
export const WASM_TYPE = "application/wasm";

export const hasWasmType = ({ headers }: Response): boolean => headers.get("content-type")?.toLowerCase() === WASM_TYPE;

/** Returns the response with the media type of WASM. Some servers send another type, with which the browser refuses the file. */
export function withWasmType(response: Response): Response {
  return hasWasmType(response) ? response : new Response(response.body, { status: response.status, headers: { "Content-Type": WASM_TYPE } });
}
