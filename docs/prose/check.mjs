// Checks the language of all documents with textlint: the length of sentences, and the rules of this project in rules.mjs. `cargo xtask test native` runs it. It prints each finding with its place, and fails if there is one.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { TextlintKernel } from "@textlint/kernel";
import markdown from "@textlint/textlint-plugin-markdown";
import sentenceLength from "textlint-rule-sentence-length";
import { plainWords, tableHeadings } from "./rules.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The directories whose Markdown files are checked. `true` includes subdirectories. */
const DIRECTORIES = { ".": false, docs: false, npm: false, examples: true };

/** The files that are not checked. The changelog describes the past. */
const EXCEPTIONS = ["CHANGELOG.md"];

/** The largest number of characters of a sentence. A sentence of 25 words has about 150. */
const LONGEST_SENTENCE = 220;

const options = {
  plugins: [{ pluginId: "markdown", plugin: interop(markdown) }],
  rules: [
    { ruleId: "sentence-length", rule: interop(sentenceLength), options: { max: LONGEST_SENTENCE } },
    { ruleId: "plain-words", rule: plainWords },
    { ruleId: "table-headings", rule: tableHeadings },
  ],
};

const files = Object.entries(DIRECTORIES).flatMap(([directory, isDeep]) => documents(join(ROOT, directory), isDeep));
const kernel = new TextlintKernel();
let count = 0;
for (const file of files) {
  const { messages } = await kernel.lintText(readFileSync(file, "utf8"), { ext: ".md", filePath: file, ...options });
  for (const { line, column, message, ruleId } of messages) {
    console.log(`${relative(ROOT, file)}:${line}:${column} ${ruleId}: ${message.split("\n")[0]}`);
  }
  count += messages.length;
}
console.log(`${files.length} documents, ${count} findings`);
process.exitCode = files.length > 20 && count === 0 ? 0 : 1;

/** The Markdown files in a directory. */
function documents(directory, isDeep) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      return isDeep && entry.name !== "node_modules" ? documents(path, true) : [];
    }
    return entry.name.endsWith(".md") && !EXCEPTIONS.includes(entry.name) ? [path] : [];
  });
}

/** The rule or plugin in a module of either kind. */
function interop(module) {
  return module.default ?? module;
}
