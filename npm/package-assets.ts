// Finds the files of the npm package that are not scripts: the WASM modules and the texts of the languages. Most bundlers copy them
// beside their own output and put the right addresses into the code. For the others, the host (the web team's code) copies the files
// itself, with the command `pipit-chat copy-assets`, and says where they are. The files are fetched without a check of their hashes,
// because they are delivered together with the package's scripts.

import { isResponse } from "./assets";
import { PipitError } from "./error";
import { FILES } from "package-files";
import { absoluteAddress } from "./page-address";

/** The address of the directory with the files, as the host has given it. Undefined if the bundler knows the address of each file. */
let assetBase: string | undefined;

/**
 * The address of the directory in which a development server keeps the packages that it has bundled in advance: `node_modules/.vite/deps/` of
 * Vite, `node_modules/.cache/vite/client/deps/` of Nuxt. Only scripts are there, so the other files have to come from the package itself. The
 * directories of pnpm, such as `node_modules/.pnpm/pipit-chat@1.0.0/`, are not meant.
 */
const BUNDLED_IN_ADVANCE = /\/node_modules\/\.(?!pnpm\/)[^?#]+?\/deps\//;

/**
 * Says in which directory the package's WASM modules and languages are. Call it before the panel is opened. It is needed only if your
 * build does not copy these files: `npx pipit-chat copy-assets DIRECTORY` then puts them into a directory that your server serves.
 *
 * @param address The address of that directory. A relative address is resolved by the address of the page.
 */
export function setAssetBase(address: string | URL): void {
  assetBase = `${address}`;
}

/**
 * Returns the address of the directory with `frame.html`, in which the panel runs on a page that does not allow WebAssembly. Undefined if
 * the host has not said where its copy of the files is: a bundler would not copy all files that belong to that page.
 */
export const frameBase = (): string | undefined => (assetBase === undefined ? undefined : absoluteAddress(`${assetBase.replace(/\/$/, "")}/frame/`));

/**
 * Fetches a file of the package. Rejects with `E_NOT_LOADED` if there is no such file, and if the server answers with a web page, as
 * servers of single-page apps do for unknown addresses.
 */
export async function fetchPackageFile(name: string): Promise<Response> {
  const address = fileAddress(name);
  const response = await fetch(address).catch((cause: unknown) => {
    throw new PipitError("E_NOT_LOADED", `${address} did not load. The network failed, the page's Content-Security-Policy forbids it, or its server does not allow this origin.`, { cause });
  });
  if (isResponse(response) && response.headers.get("content-type")?.startsWith("text/html")) {
    throw new PipitError("E_NOT_LOADED", `${address} is a web page and not a file of this package. Copy the files with \`npx pipit-chat copy-assets DIRECTORY\`, and call setAssetBase() with the address of that directory.`);
  }
  return response;
}

function fileAddress(wanted: string): string {
  // In the package, the languages are files that no bundler parses.
  const name = wanted.replace(/\.json$/, ".txt");
  if (assetBase !== undefined) {
    return absoluteAddress(`${assetBase.replace(/\/$/, "")}/${name}`);
  }
  try {
    return FILES[name]!().href.replace(BUNDLED_IN_ADVANCE, "/node_modules/pipit-chat/");
  } catch (cause) {
    throw new PipitError("E_NOT_LOADED", "this build does not know where the files of pipit-chat are. Copy them with `npx pipit-chat copy-assets DIRECTORY`, and call setAssetBase() with the address of that directory.", { cause });
  }
}
