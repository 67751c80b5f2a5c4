// Measures how soon the launcher (the button that opens the panel) and the composer (the panel's text field) are on the page. It
// compares Pipit with a minimal chat (`preact.js`). `cargo xtask bench load` runs it:
//
//   node load.js --site DIRECTORY --rounds 15
//
// Each widget is on a page of the same content. The same server serves both with brotli, and each visit begins with an empty cache.
// In each round, each widget is visited once, so that a busy machine slows both.

import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "playwright-core";

const { values: options } = parseArgs({
  options: {
    site: { type: "string" },
    rounds: { type: "string", default: "15" },
    browser: { type: "string", default: "/usr/bin/chromium" },
  },
});
const ROUNDS = Number(options.rounds);
if (!(ROUNDS >= 1)) {
  throw new Error("--rounds must be a number of at least 1.");
}

/** The time between the pointer's arrival over the launcher and the press, in ms. It is about what a person needs. */
const HOVER_MS = 300;

/** The duration, in ms, from which browsers call a task long. */
const LONG_TASK_MS = 50;

/** The timeout of every wait, in ms. */
const TIMEOUT_MS = 60_000;

/** The conditions under which both widgets are measured. */
const PROFILES = [
  { name: "plain" },
  // The preset "slow 4G" of Chrome's DevTools (1.6 Mbps down, 750 kbps up, 150 ms), on a processor a quarter as fast.
  { name: "CPU ×4, slow 4G", cpu: 4, network: { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 } },
];

/** The widgets. `scriptPath` is the beginning of the paths of the widget's scripts. */
const WIDGETS = [
  { name: "Pipit", element: "pipit-chat", scriptPath: "/pipit/", script: '<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>' },
  { name: "Preact", element: "preact-chat", scriptPath: "/preact.js", script: '<script async src="/preact.js"></script>' },
];

/** The ways in which the launcher is pressed. */
const PRESSES = [
  { name: "pressed at once", hoverMs: 0 },
  { name: `pressed after ${HOVER_MS} ms over it`, hoverMs: HOVER_MS },
];

/** The media types of the served files, by the ends of their names. */
const MEDIA_TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

const pageHtml = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">${script}</head>
<body><h1>Shop</h1>${"<p>The ground is still warm enough to dig.</p>".repeat(40)}</body></html>`;

/** Starts a server for the pages, the built site and the minimal chat's script. It compresses each file once. */
async function startServer() {
  const bundle = await build({ entryPoints: ["preact.js"], bundle: true, minify: true, format: "iife", target: "chrome123", write: false });
  const files = new Map([["/preact.js", Buffer.from(bundle.outputFiles[0].contents)]]);
  WIDGETS.forEach(({ name, script }) => files.set(`/${name}.html`, Buffer.from(pageHtml(script))));
  const cache = new Map();
  const compressed = async (path) => {
    if (!cache.has(path)) {
      const content = files.get(path) ?? (await readFile(join(options.site, normalize(path))));
      cache.set(path, brotliCompressSync(content));
    }
    return cache.get(path);
  };
  const server = createServer(async ({ url }, response) => {
    const path = new URL(url, "http://x").pathname;
    try {
      const body = await compressed(path);
      response.writeHead(200, { "content-type": MEDIA_TYPES[extname(path)] ?? "application/octet-stream", "content-encoding": "br", "cache-control": "max-age=3600" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, baseUrl: `http://127.0.0.1:${server.address().port}`, preactBytes: (await compressed("/preact.js")).length };
}

/** Runs in the page before any other script, and records times and bytes in `window.marks`. Times are in ms since the navigation began. */
function recordMarks({ element, scriptPath }) {
  const marks = { longTasks: [], widgetScripts: [] };
  window.marks = marks;
  const observe = (type, record) => new PerformanceObserver((list) => list.getEntries().forEach(record)).observe({ type, buffered: true });
  observe("longtask", ({ startTime, duration }) => marks.longTasks.push({ startTime, duration }));
  // The scripts that ran in long animation frames. Only the widget's own are recorded.
  observe("long-animation-frame", ({ scripts }) =>
    scripts.filter(({ sourceURL }) => new URL(sourceURL || "/", location).pathname.startsWith(scriptPath)).forEach(({ startTime, duration }) => marks.widgetScripts.push({ startTime, duration })));
  const receivedBytes = () =>
    performance.getEntriesByType("resource").reduce((sum, { encodedBodySize, responseEnd }) => sum + (responseEnd ? encodedBodySize : 0), 0);
  const findVisible = (css) =>
    [...(document.querySelector(element)?.shadowRoot?.querySelectorAll(css) ?? [])].find((candidate) => candidate.getClientRects().length);
  /** Whether the composer takes a typed letter. */
  const acceptsText = (field) => {
    field.focus({ preventScroll: true });
    if (!field.value) {
      document.execCommand("insertText", false, "a");
    }
    return field.value === "a";
  };
  addEventListener("click", ({ timeStamp }) => (marks.pressed ??= timeStamp), true);
  // An element that is in the document now is painted in the next frame.
  const afterPaint = (mark) => requestAnimationFrame(() => setTimeout(mark));
  const check = () => {
    if (marks.launcher === undefined && findVisible("button.launcher")) {
      // The value 0 means that the launcher is there and will be painted.
      marks.launcher = 0;
      afterPaint(() => Object.assign(marks, { launcher: performance.now(), launcherBytes: receivedBytes() }));
    }
    const field = marks.pressed && findVisible("textarea");
    if (field && acceptsText(field)) {
      afterPaint(() => Object.assign(marks, { composer: performance.now(), composerBytes: receivedBytes() }));
    } else {
      requestAnimationFrame(check);
    }
  };
  requestAnimationFrame(check);
}

/** Measures one visit, from an empty cache to a letter in the composer. Returns times in ms and sizes in bytes. */
async function visit(browser, baseUrl, profile, widget, press) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  const devtools = await context.newCDPSession(tab);
  await devtools.send("Network.enable");
  if (profile.network) {
    await devtools.send("Network.emulateNetworkConditions", { offline: false, ...profile.network });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: profile.cpu });
  }
  await tab.addInitScript(recordMarks, widget);
  await tab.goto(`${baseUrl}/${widget.name}.html`);
  await tab.waitForFunction(() => window.marks.launcher > 0, undefined, { timeout: TIMEOUT_MS });
  const launcher = tab.locator("button.launcher");
  const { x, y, width, height } = await launcher.boundingBox();
  if (press.hoverMs) {
    await tab.mouse.move(x + width / 2, y + height / 2);
    await tab.waitForTimeout(press.hoverMs);
    await tab.mouse.down();
    await tab.mouse.up();
  } else {
    // A script clicks, because a pointer would have to be over the launcher before it presses it.
    await launcher.evaluate((button) => button.click());
  }
  await tab.waitForFunction(() => window.marks.composer, undefined, { timeout: TIMEOUT_MS });
  const marks = await tab.evaluate(() => window.marks);
  await context.close();
  return {
    launcher: marks.launcher,
    composer: marks.composer - marks.pressed,
    launcherBytes: marks.launcherBytes,
    composerBytes: marks.composerBytes,
    // Only tasks that ended before the press count. Tasks while the pointer was over the launcher are among them.
    longTasks: marks.longTasks.filter(isBefore(marks.pressed)).length,
    widgetLongTasks: marks.widgetScripts.filter(isBefore(marks.pressed)).filter(({ duration }) => duration >= LONG_TASK_MS).length,
    longestWidgetScript: Math.max(0, ...marks.widgetScripts.filter(isBefore(marks.pressed)).map(({ duration }) => duration)),
  };
}

/** Whether a task ended by a time. */
const isBefore = (time) => ({ startTime, duration }) => startTime + duration <= time;

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** The range of the middle half of the values, as `first–last`. */
function interquartileRange(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const quantile = (fraction) => Math.round(sorted[Math.floor((sorted.length - 1) * fraction)]);
  return `${quantile(0.25)}–${quantile(0.75)}`;
}

const { server, baseUrl, preactBytes } = await startServer();
const browser = await chromium.launch({
  executablePath: options.browser,
  args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
console.log(`Chromium ${browser.version()}, ${ROUNDS} rounds each, alternating; medians, and the middle half in brackets.`);
console.log(`The Preact minimum is one script of ${preactBytes} bytes by brotli.\n`);
const printRow = (title, ...cells) => console.log(title.padEnd(52) + cells.map((cell) => `${cell}`.padStart(18)).join(""));
// The first visit of each widget is not measured: the server compresses the files, and the browser is still starting.
for (const widget of WIDGETS) {
  await visit(browser, baseUrl, PROFILES[0], widget, PRESSES[0]);
}
let isPageBlocked = false;
for (const profile of PROFILES) {
  printRow(profile.name, ...WIDGETS.map(({ name }) => name), "ratio");
  const printFigure = (title, results, figure, unit) => {
    const lists = results.map((rounds) => rounds.map(figure));
    const range = (list) => (unit === "ms" ? ` [${interquartileRange(list)}]` : "");
    const cells = lists.map((list) => `${Math.round(median(list))} ${unit}${range(list)}`);
    printRow(`  ${title}`, ...cells, (median(lists[0]) / median(lists[1])).toFixed(2));
  };
  // The results of all visits, by widget.
  let allVisits = WIDGETS.map(() => []);
  for (const press of PRESSES) {
    const results = WIDGETS.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
      // The widgets take turns at being visited first.
      const order = round % 2 ? [1, 0] : [0, 1];
      for (const index of order) {
        results[index].push(await visit(browser, baseUrl, profile, WIDGETS[index], press));
      }
    }
    printFigure(`open → composer, ${press.name}`, results, ({ composer }) => composer, "ms");
    allVisits = allVisits.map((rounds, index) => [...rounds, ...results[index]]);
  }
  printFigure("navigation → launcher", allVisits, ({ launcher }) => launcher, "ms");
  printFigure("bytes until the launcher", allVisits, ({ launcherBytes }) => launcherBytes, "B");
  printFigure("bytes until the composer", allVisits, ({ composerBytes }) => composerBytes, "B");
  const totals = (figure) => allVisits.map((rounds) => rounds.reduce((total, result) => total + figure(result), 0));
  printRow(`  long tasks before opening, in ${allVisits[0].length} visits`, ...totals(({ longTasks }) => longTasks), "");
  printRow("    by the widget's own scripts", ...totals(({ widgetLongTasks }) => widgetLongTasks), "");
  printRow("    the longest of its scripts in a long frame", ...allVisits.map((rounds) => `${Math.round(Math.max(...rounds.map(({ longestWidgetScript }) => longestWidgetScript)))} ms`), "");
  // The median is used, because single long tasks may come from the machine: the Preact chat has them, too.
  isPageBlocked ||= !profile.cpu && median(allVisits[0].map(({ widgetLongTasks }) => widgetLongTasks)) > 0;
  console.log();
}
await browser.close();
server.close();
if (isPageBlocked) {
  console.error(`In most visits, Pipit's scripts blocked the page for ${LONG_TASK_MS} ms or more before the panel was opened.`);
  process.exitCode = 1;
}
