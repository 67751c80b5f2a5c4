#!/usr/bin/env node
// The command `pipit-chat` of the npm package. It copies the files that some builds leave out.

import { copyFileSync, cpSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HELP = `pipit-chat copy-assets DIRECTORY

Copies the WASM modules and the languages of pipit-chat into DIRECTORY, which is created if it is missing, and the page
frame/frame.html with its files, for pages that do not allow WebAssembly.
Your server has to serve DIRECTORY. Say where: setAssetBase("/the/address/of/the/directory").
Run the command again after each update of the package: the files belong to one version.
`;

const [command, directory, ...rest] = process.argv.slice(2);
if (command === "--help" || command === "-h") {
  process.stdout.write(HELP);
} else if (command === "copy-assets" && directory !== undefined && rest.length === 0) {
  copyAssets(directory);
} else {
  process.stderr.write(HELP);
  process.exitCode = 2;
}

function copyAssets(to) {
  const from = dirname(fileURLToPath(import.meta.url));
  const modules = readdirSync(from).filter((name) => name.endsWith(".wasm"));
  const languages = readdirSync(join(from, "locales")).map((name) => join("locales", name));
  mkdirSync(join(to, "locales"), { recursive: true });
  for (const name of [...modules, ...languages]) {
    copyFileSync(join(from, name), join(to, name));
  }
  // Files of an earlier version in this directory do no harm, because their names contain hashes.
  cpSync(join(from, "frame"), join(to, "frame"), { recursive: true });
  console.log(`${modules.length + languages.length} files, and those for the frame, are in ${to}.`);
}
