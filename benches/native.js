// `bench native`: makes the table of the engine's benches, which run without a browser (`crates/engine/benches/messages.rs`). Criterion
// has written the times, and the bench has printed the allocations into a file.

import { readFile } from "node:fs/promises";
import { describeRun, formatNumber, table } from "./report.js";

const CRITERION = new URL("../target/criterion/message/", import.meta.url);

/** Each measured case: its name in the bench, and its title. */
const CASES = [
  ["10", "with 10 messages above"],
  ["100000", "with 100,000 messages above"],
  ["serde_json", "`serde_json` reads the same text"],
];

/** The table. `output` is the file with what the bench has printed. */
export async function reportNative(output) {
  const printed = await readFile(output, "utf8");
  const rows = CASES.map(async ([name, title]) => {
    const estimates = JSON.parse(await readFile(new URL(`${name}/new/estimates.json`, CRITERION), "utf8"));
    const [, allocations, bytes] = new RegExp(`^allocations ${name} (\\d+) (\\d+)$`, "m").exec(printed);
    return [title, formatNumber(estimates.median.point_estimate / 1_000), formatNumber(Number(allocations)), formatNumber(Number(bytes))];
  });
  const heading = ["one message, from the answer's text to what is drawn", "median, µs", "allocations", "allocated bytes"];
  return `${describeRun({})}\n\n${table([heading, ...(await Promise.all(rows))])}\n`;
}
