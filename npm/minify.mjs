// Minifies a script that esbuild has bundled, in place: `node minify.mjs FILE FORMAT`. The format is `esm` for a module, and `iife` for
// a script.

import { readFileSync, writeFileSync } from "node:fs";
import { minifySync } from "@swc/core";

const [file, format] = process.argv.slice(2);
const { code } = minifySync(readFileSync(file, "utf8"), {
  module: format === "esm",
  ecma: 2022,
  compress: { ecma: 2022, toplevel: true, passes: 4, keep_fargs: false },
  mangle: { toplevel: true },
});
// The code is strict in TypeScript already, and no code depends on what strictness changes. The browser does not have to be told.
writeFileSync(file, code.replace(/^"use strict";/, ""));
