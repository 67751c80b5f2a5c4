// Collects what the benches measure into tables, prints them, and writes them into docs/speed.md.

import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";

const DOCUMENT = new URL("../docs/speed.md", import.meta.url);

/** The middle value; of an even number, the higher of the two in the middle. */
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** The value that this fraction of the list does not exceed. */
export function quantile(list, fraction) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))];
}

/** A number with at most three digits after the point that are significant, and a comma between thousands. */
export function formatNumber(number) {
  const digits = Math.abs(number) >= 100 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number) || 1)));
  return number.toLocaleString("en", { maximumFractionDigits: Math.min(3, digits) });
}

/** Pipit's figure divided by Preact's; empty if one of them is missing. */
export const ratio = ([pipit, preact]) => (Number.isFinite(pipit) && Number.isFinite(preact) && preact > 0 ? formatNumber(pipit / preact) : "");

/** A Markdown table. Each row is a list of texts; the first row is the heading. */
export function table([heading, ...rows]) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = `|---|${"---:|".repeat(heading.length - 1)}`;
  return [line(heading), rule, ...rows.map(line)].join("\n");
}

/**
 * The sentence that says when, where and with what the figures were measured. The load of the machine is the number of programs that
 * wanted a processor in the last 15 minutes.
 */
export function describeRun({ rounds, browser, packages }) {
  const processors = cpus();
  const machine = `${processors.length} × ${processors[0]?.model.trim() ?? "unknown processor"}`;
  const parts = [new Date().toISOString().slice(0, 10), browser && `Chromium ${browser}`, `Node.js ${process.versions.node}`, machine, `load ${formatNumber(loadavg()[2])}`, packages, rounds && `${rounds} ${rounds === 1 ? "round" : "rounds"}`];
  return `Measured on ${parts.filter(Boolean).join("; ")}.`;
}

/** Replaces the text between the marks of a section in docs/speed.md. */
export async function writeSection(name, text) {
  const [begin, end] = [`<!-- bench ${name} -->`, `<!-- end of bench ${name} -->`];
  const before = await readFile(DOCUMENT, "utf8");
  const [start, stop] = [before.indexOf(begin), before.indexOf(end)];
  if (start < 0 || stop < start) {
    throw new Error(`docs/speed.md has no marks ${begin} and ${end}.`);
  }
  await writeFile(DOCUMENT, `${before.slice(0, start + begin.length)}\n${text}\n${before.slice(stop)}`);
}
