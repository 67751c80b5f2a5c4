// `bench load`: how soon the launcher (the button that opens the panel) and the composer (the panel's text field) are on the page, and
// how soon a first message has left. All chats are on pages of the same content. The same server serves them with brotli, and each
// visit begins with an empty cache. In each round, each chat is visited once, so that a busy machine slows all.

import { closeBrowser, openPage } from "./browser.js";
import { formatNumber, median, quantile, ratio, table } from "./report.js";

/** The time between the pointer's arrival over the launcher and the press, in ms. It is about what a person needs. */
const HOVER_MS = 300;

/** The duration, in ms, from which browsers call a task long. */
const LONG_TASK_MS = 50;

/** The timeout of every wait, in ms. */
const TIMEOUT_MS = 60_000;

/** The conditions under which all chats are measured. */
const PROFILES = [
  { name: "CPU and network not slowed down", cpu: 1 },
  // The preset "slow 4G" of Chrome's DevTools (1.6 Mbps down, 750 kbps up, 150 ms), on a processor a quarter as fast.
  { name: "CPU ×4, slow 4G (1.6 Mbps, 150 ms)", cpu: 4, network: { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 } },
];

/** The ways in which the launcher is pressed. */
const PRESSES = [
  { name: "pressed at once", hoverMs: 0 },
  { name: `pressed after ${HOVER_MS} ms with the pointer over it`, hoverMs: HOVER_MS },
];

/** Measures one visit, from an empty cache until a first message has left. Returns times in ms and sizes in bytes. */
async function visit(browser, server, chat, profile, press) {
  const { context, tab } = await openPage(browser, server, chat, { profile, scripts: ["load-marks"] });
  const wait = (condition) => tab.waitForFunction(condition, undefined, { timeout: TIMEOUT_MS });
  await wait(() => window.marks.launcher > 0);
  if (press.hoverMs) {
    const { x, y, width, height } = await tab.locator("button.launcher").boundingBox();
    await tab.mouse.move(x + width / 2, y + height / 2);
    await tab.waitForTimeout(press.hoverMs);
    await tab.mouse.down();
    await tab.mouse.up();
  } else {
    // A script clicks, because a pointer would have to be over the launcher before it presses it.
    await tab.evaluate(() => window.chatUnderTest.launcher().click());
  }
  await wait(() => window.marks.composer && window.marks.message);
  const marks = await tab.evaluate(() => window.marks);
  await context.close();
  const scripts = marks.chatScripts.filter(isBefore(marks.pressed));
  return {
    launcher: marks.launcher,
    composer: marks.composer - marks.pressed,
    message: marks.message - marks.pressed,
    launcherBytes: marks.launcherBytes,
    composerBytes: marks.composerBytes,
    messageBytes: marks.messageBytes,
    // Only tasks that ended before the press count. Tasks while the pointer was over the launcher are among them.
    longTasks: marks.longTasks.filter(isBefore(marks.pressed)).length,
    ownLongTasks: scripts.filter(({ duration }) => duration >= LONG_TASK_MS).length,
    longestScript: Math.max(0, ...scripts.map(({ duration }) => duration)),
  };
}

/** Whether a task ended by a time. */
const isBefore = (time) => ({ startTime, duration }) => startTime + duration <= time;

/** Measures all chats and returns the tables. */
export async function measureLoad({ launch, server, chats, rounds, isQuick }) {
  const browser = await launch();
  // The first visit of each chat is not measured: the server compresses the files, and the browser is still starting.
  for (const chat of chats) {
    await visit(browser, server, chat, PROFILES[0], PRESSES[0]);
  }
  const tables = [];
  for (const profile of PROFILES) {
    // The results by press and chat.
    const results = PRESSES.map(() => chats.map(() => []));
    for (let round = 0; round < rounds; round++) {
      for (const [pressIndex, press] of PRESSES.entries()) {
        for (const index of turns(chats.length, round)) {
          results[pressIndex][index].push(await visit(browser, server, chats[index], profile, press));
        }
      }
      process.stderr.write(`${profile.name}, round ${round + 1}\n`);
    }
    tables.push(loadTable(profile, chats, results));
    warnOfBlockedPage(profile, chats, results, isQuick);
  }
  await closeBrowser(browser);
  return tables.join("\n\n");
}

/** The order in which the chats are visited in a round: each round begins with another chat. */
const turns = (count, round) => Array.from({ length: count }, (_, index) => (index + round) % count);

function loadTable(profile, chats, results) {
  const all = chats.map((_, index) => results.flatMap((visits) => visits[index]));
  const row = (title, lists, figure, unit = "") => {
    const numbers = lists.map((visits) => median(visits.map(figure)));
    const range = (visits) => `${formatNumber(quantile(visits.map(figure), 0.25))}–${formatNumber(quantile(visits.map(figure), 0.75))}`;
    const cells = numbers.map((number, index) => (unit ? `${formatNumber(number)} ${unit} (${range(lists[index])})` : formatNumber(number)));
    return [title, ...cells, ratio(numbers)];
  };
  const total = (title, figure) => [title, ...all.map((visits) => formatNumber(visits.reduce((sum, result) => sum + figure(result), 0))), ""];
  const perPress = (title, figure) => PRESSES.map((press, index) => row(`${title}, ${press.name}`, results[index], figure, "ms"));
  return table([
    [profile.name, ...chats.map(({ name }) => name), "Pipit ÷ Preact"],
    row("navigation → launcher painted", all, ({ launcher }) => launcher, "ms"),
    ...perPress("press → a letter in the composer", ({ composer }) => composer),
    ...perPress("press → first message has left", ({ message }) => message),
    row("bytes until the launcher", all, ({ launcherBytes }) => launcherBytes),
    row("bytes until the composer", all, ({ composerBytes }) => composerBytes),
    row("bytes until the first message", all, ({ messageBytes }) => messageBytes),
    total(`long tasks before the press, in ${all[0].length} visits`, ({ longTasks }) => longTasks),
    total("of them in scripts of its own", ({ ownLongTasks }) => ownLongTasks),
    ["the longest script of its own in a long frame", ...all.map((visits) => `${Math.round(Math.max(...visits.map(({ longestScript }) => longestScript)))} ms`), ""],
  ]);
}

/**
 * Fails if Pipit's own scripts blocked most pages before the press, without slowed processor. The median is used, because single long
 * tasks may come from the machine: the Preact chat has them, too.
 */
function warnOfBlockedPage(profile, chats, results, isQuick) {
  const index = chats.findIndex(({ name }) => name === "Pipit");
  const visits = results.flatMap((list) => list[index] ?? []);
  if (!isQuick && profile.cpu === 1 && visits.length && median(visits.map(({ ownLongTasks }) => ownLongTasks)) > 0) {
    console.error(`In most visits, Pipit's scripts blocked the page for ${LONG_TASK_MS} ms or more before the panel was opened.`);
    process.exitCode = 1;
  }
}
