// The benches: what Pipit costs beside other chats. `cargo xtask bench NAME` builds the site and runs
//
//   node bench.js NAME --site DIRECTORY --browser PROGRAM [--rounds N] [--quick] [--chats "Pipit,Preact"] [--limit S]
//
// and each bench writes its part of docs/speed.md. With `--quick`, counts and limits are small, to try a bench; nothing is written
// then, and neither if only some chats are measured. A chat that needs more than S seconds for a measurement is cut off.

import { parseArgs } from "node:util";
import { launchBrowser } from "./browser.js";
import { CHATS, describePackages } from "./chats.js";
import { measureLoad } from "./load.js";
import { reportNative } from "./native.js";
import { describeRun, writeSection } from "./report.js";
import { startServer } from "./server.js";
import { measureStream } from "./stream.js";
import { measureTyping } from "./type.js";

const BENCHES = { load: measureLoad, stream: measureStream, type: measureTyping };
const DEFAULT_ROUNDS = { load: 15, stream: 3, type: 3 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: "string" },
    browser: { type: "string", default: "/usr/bin/chromium" },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    chats: { type: "string" },
    limit: { type: "string" },
    output: { type: "string" },
  },
});
const [name] = positionals;

/** Runs a bench in the browser. Returns its tables. */
async function runInBrowser(measure, chats) {
  const rounds = Number(values.rounds ?? (values.quick ? 1 : DEFAULT_ROUNDS[name]));
  if (!(rounds >= 1)) {
    throw new Error("--rounds must be a number of at least 1.");
  }
  const server = await startServer(values.site);
  try {
    const browser = await launchBrowser(values.browser);
    const version = browser.version();
    await browser.close();
    const launch = () => launchBrowser(values.browser);
    const tables = await measure({ launch, server, chats, rounds, isQuick: values.quick, limit: values.limit && Number(values.limit) * 1_000 });
    return `${describeRun({ rounds, browser: version, packages: await describePackages() })}\n\n${tables}\n`;
  } finally {
    server.close();
  }
}

const names = values.chats?.split(",");
const chats = CHATS.filter((chat) => !names || names.includes(chat.name));
const text = name === "native" ? await reportNative(values.output) : await runInBrowser(BENCHES[name], chats);
console.log(`\n${text}`);
if (!values.quick && !names) {
  await writeSection(name, text);
  console.log("docs/speed.md has these tables now.");
}
// A browser that did not react keeps the program alive.
process.exit();
