// `bench type`: the time from a key press in the composer to the paint of the letter, with messages above.

import { closeBrowser, CutOff, openPage, setProcessorRate, startConversation, withLimit } from "./browser.js";
import { formatNumber, median, quantile, ratio, table } from "./report.js";

/** The counts of messages above, the number of keys, and the longest time in ms to fill a chat. After that time it is cut off. */
const FULL = { above: [0, 5_000, 50_000], keys: 60, batch: 1_000, limit: 120_000 };
const QUICK = { above: [0, 200], keys: 10, batch: 100, limit: 15_000 };

const PROCESSOR_RATES = [1, 4];

/** The pause between two keys, in ms. It is not a multiple of a frame's 16.7 ms, so that keys come at all times of a frame. */
const KEY_PAUSE_MS = 90;

const START_LIMIT = 60_000;

/** The times of all keys of one chat, by the number of messages above and the processor's rate; `undefined` where it was cut off. */
async function measureChat(bench, chat) {
  const { above, batch, limit } = bench.sizes;
  const browser = await bench.launch();
  const times = {};
  try {
    const { tab, devtools } = await openPage(browser, bench.server, chat, { scripts: ["stream", "key-times"], isStream: true });
    await startConversation(tab, START_LIMIT);
    let count = 0;
    for (const wanted of above) {
      if (wanted > count) {
        const fill = tab.evaluate(([total, size, within]) => window.stream.batches(total, size, within), [wanted - count, batch, limit]);
        if (!(await withLimit(fill, limit)).isDone) {
          break;
        }
        count = wanted;
      }
      for (const rate of PROCESSOR_RATES) {
        await setProcessorRate(devtools, rate);
        times[`${wanted} ${rate}`] = await withLimit(typeKeys(tab, bench.sizes.keys), limit);
      }
      await setProcessorRate(devtools, 1);
    }
  } catch (error) {
    if (!(error instanceof CutOff)) {
      throw error;
    }
  } finally {
    await closeBrowser(browser);
  }
  return times;
}

/** Types letters, and returns the time of each in ms. */
async function typeKeys(tab, count) {
  await tab.evaluate(() => {
    window.chatUnderTest.shownField().focus();
    window.keyTimes.length = 0;
  });
  await tab.keyboard.type("parcel ".repeat(count).slice(0, count), { delay: KEY_PAUSE_MS });
  await tab.waitForFunction((keys) => window.keyTimes.length >= keys, count);
  return tab.evaluate(() => window.keyTimes);
}

/** Measures all chats, alternating, and returns the tables. */
export async function measureTyping({ rounds, isQuick, limit, ...environment }) {
  const sizes = isQuick ? QUICK : FULL;
  const bench = { ...environment, sizes: { ...sizes, limit: limit ?? sizes.limit } };
  const results = bench.chats.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, chat] of bench.chats.entries()) {
      process.stderr.write(`round ${round + 1}, ${chat.name}\n`);
      results[index].push(await measureChat(bench, chat));
    }
  }
  return PROCESSOR_RATES.map((rate) => typeTable(bench, results, rate)).join("\n\n");
}

function typeTable(bench, results, rate) {
  const rows = bench.sizes.above.map((count) => {
    const lists = results.map((rounds) => rounds.flatMap((times) => times[`${count} ${rate}`] ?? []));
    const cells = lists.map((list) => (list.length ? `${formatNumber(median(list))} / ${formatNumber(quantile(list, 0.95))}` : "cut off"));
    return [`${formatNumber(count)} above`, ...cells, ratio(lists.map(median))];
  });
  return table([[`key press → paint, CPU ×${rate}, p50 / p95 in ms`, ...bench.chats.map(({ name }) => name), "p50, Pipit ÷ Preact"], ...rows]);
}
