// `bench stream`: what messages of the agent cost, one by one and in a batch, and what is left of them after the chat's end.

import { closeBrowser, CutOff, openPage, readMemory, startConversation, withLimit } from "./browser.js";
import { formatNumber, median, ratio, table } from "./report.js";

/** The counts of messages, and the longest time of a measurement in ms. After that time the chat is cut off. */
const FULL = { few: 1_000, many: 10_000, above: [0, 1_000, 10_000, 50_000], each: 300, batch: 1_000, limit: 120_000 };
const QUICK = { few: 100, many: 500, above: [0, 100, 500], each: 20, batch: 100, limit: 15_000 };

/** The time that a chat gets beyond its limit, in ms: a page that does not react by then is closed. */
const GRACE = 5_000;

/** The time in ms for opening a page and starting the conversation. */
const START_LIMIT = 60_000;

/** Calls `use` with a page of a chat in a running conversation, in a browser of its own. */
async function withConversation(bench, chat, use) {
  const browser = await bench.launch();
  try {
    const page = await openPage(browser, bench.server, chat, { scripts: ["wasm-memory", "stream"], isStream: true });
    const before = await readMemory(page);
    await startConversation(page.tab, START_LIMIT);
    return await use(page, before);
  } finally {
    await closeBrowser(browser);
  }
}

/** Hands over messages. If the page does not react by the limit, the result says so. */
async function deliver(tab, method, values, limit) {
  try {
    const call = ([name, list]) => window.stream[name](...list);
    return await withLimit(tab.evaluate(call, [method, [...values, limit]]), limit + GRACE);
  } catch (error) {
    if (!(error instanceof CutOff)) {
      throw error;
    }
    return { isDone: false, delivered: undefined };
  }
}

/** Delivers many messages, and reads the memory before the conversation, with the messages, and after `destroy()`. */
async function measureMany(bench, chat, method, values) {
  return withConversation(bench, chat, async (page, before) => {
    const { tab } = page;
    const result = await deliver(tab, method, values, bench.sizes.limit);
    if (!result.isDone) {
      return result;
    }
    const filled = await readMemory(page);
    await tab.evaluate(() => window.chatUnderTest.destroy());
    await tab.evaluate(() => new Promise(window.afterPaint));
    const after = await readMemory(page);
    return { ...result, memory: { before, filled, after } };
  });
}

/** The time of one message with each number of messages above it. */
async function measureAbove(bench, chat) {
  const { above, each, batch, limit } = bench.sizes;
  return withConversation(bench, chat, async ({ tab }) => {
    const results = [];
    let count = 0;
    for (const wanted of above) {
      const fill = wanted > count ? await deliver(tab, "batches", [wanted - count, batch], limit) : { isDone: true };
      if (!fill.isDone) {
        results.push({ isDone: false, isFilling: true });
        break;
      }
      const result = await deliver(tab, "oneByOne", [each], limit);
      results.push(result);
      if (!result.isDone) {
        break;
      }
      count = Math.max(count, wanted) + each;
    }
    return results;
  });
}

/** The measurements of one chat in one round, by name. */
const MEASUREMENTS = {
  few: (bench, chat) => measureMany(bench, chat, "oneByOne", [bench.sizes.few]),
  many: (bench, chat) => measureMany(bench, chat, "oneByOne", [bench.sizes.many]),
  batch: (bench, chat) => measureMany(bench, chat, "batches", [bench.sizes.many, bench.sizes.many]),
  above: measureAbove,
};

/** Measures all chats, alternating, and returns the tables. A chat that was cut off is not measured again in later rounds. */
export async function measureStream({ rounds, isQuick, limit, ...environment }) {
  const sizes = isQuick ? QUICK : FULL;
  const bench = { ...environment, sizes: { ...sizes, limit: limit ?? sizes.limit } };
  const results = Object.fromEntries(Object.keys(MEASUREMENTS).map((name) => [name, bench.chats.map(() => [])]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(MEASUREMENTS)) {
      for (const [index, chat] of bench.chats.entries()) {
        const earlier = results[name][index];
        const wasCutOff = [earlier[0]].flat().some((result) => result && !result.isDone);
        if (!wasCutOff) {
          process.stderr.write(`round ${round + 1}, ${name}, ${chat.name}: `);
          const result = await measure(bench, chat);
          earlier.push(result);
          process.stderr.write(`${describeProgress([result].flat())}\n`);
        }
      }
    }
  }
  return [timeTable(bench, results), aboveTable(bench, results), memoryTable(bench, results)].join("\n\n");
}

const describeProgress = (results) => results.map(({ isDone, time }) => (isDone ? `${formatNumber(time)} ms` : "cut off")).join(", ");

/** The cell of a measurement: the median of a figure, or that the chat was cut off. */
function cell(rounds, figure, unit, limit) {
  const failed = rounds.find(({ isDone }) => !isDone);
  if (failed) {
    const progress = failed.delivered === undefined ? "" : `, ${formatNumber(failed.delivered)} taken`;
    return `cut off after ${formatNumber(limit / 1_000)} s${progress}`;
  }
  return `${formatNumber(median(rounds.map(figure)))}${unit}`;
}

/** A row: a title, a cell for each chat, and the ratio of the first two. */
function row(bench, title, results, figure, unit = "") {
  const numbers = results.map((rounds) => (rounds.length && rounds.every(({ isDone }) => isDone) ? median(rounds.map(figure)) : undefined));
  return [title, ...results.map((rounds) => cell(rounds, figure, unit, bench.sizes.limit)), ratio(numbers)];
}

const heading = (bench, title) => [title, ...bench.chats.map(({ name }) => name), "Pipit ÷ Preact"];

function timeTable(bench, { few, many, batch }) {
  const { few: fewCount, many: manyCount } = bench.sizes;
  const seconds = ({ time }) => time / 1_000;
  return table([
    heading(bench, "messages of the agent, until the last is painted"),
    row(bench, `${formatNumber(fewCount)} one by one, each in a task of its own, s`, few, seconds),
    row(bench, `${formatNumber(manyCount)} one by one, s`, many, seconds),
    row(bench, `${formatNumber(manyCount)} in one batch, s`, batch, seconds),
    row(bench, `long tasks, ${formatNumber(manyCount)} one by one`, many, ({ longTasks }) => longTasks),
    row(bench, "the longest of them, ms", many, ({ longest }) => longest),
    row(bench, "the longest task of the batch, ms", batch, ({ longest }) => longest),
  ]);
}

function aboveTable(bench, { above }) {
  const { above: counts, each } = bench.sizes;
  const missing = { isDone: false };
  const rows = counts.map((count, index) => {
    const results = above.map((rounds) => rounds.map((list) => list[index] ?? missing));
    return row(bench, `${formatNumber(count)} above, ms`, results, ({ time }) => time / each);
  });
  return table([heading(bench, `one message of ${each} that follow one by one, with`), ...rows]);
}

function memoryTable(bench, { many, batch }) {
  // A chat that was cut off one by one may have taken the batch.
  const results = many.map((rounds, index) => (rounds.every(({ isDone }) => isDone) ? rounds : batch[index]));
  const megabytes = (read) => (result) => read(result.memory) / 1e6;
  return table([
    heading(bench, `memory with ${formatNumber(bench.sizes.many)} messages, MB`),
    row(bench, "heap of the page, more than before the panel was opened", results, megabytes(({ filled, before }) => filled.heap - before.heap)),
    row(bench, "the same after `destroy()`", results, megabytes(({ after, before }) => after.heap - before.heap)),
    row(bench, "memory of WebAssembly", results, megabytes(({ filled }) => filled.wasm)),
    row(bench, "the same after `destroy()`", results, megabytes(({ after }) => after.wasm)),
  ]);
}
