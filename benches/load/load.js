// Measures how soon the launcher and the composer are on the page, compared with a minimal chat (`preact.js`).
// `cargo xtask bench load` runs it:
//
//   node load.js --site DIRECTORY --rounds 15
//
// Both widgets are on the same page, served with brotli by the same server, in a browser with an empty cache. Rounds
// alternate, so that a busy machine slows both widgets.

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

/** How long the pointer is over the launcher before it is pressed, in ms: about as long as a hand takes. */
const HOVER_MS = 300;

/** A task of this length, in ms, is what browsers call a long task. */
const LONG_TASK_MS = 50;

/** The timeout of every wait, in ms. */
const TIMEOUT_MS = 60_000;

const PROFILES = [
  { name: "plain" },
  // The preset "slow 4G" of Chrome's DevTools (1.6 Mbps down, 750 kbps up, 150 ms), on a processor a quarter as fast.
  { name: "CPU ×4, slow 4G", cpu: 4, network: { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 } },
];

const WIDGETS = [
  { name: "Pipit", element: "pipit-chat", from: "/pipit/", script: '<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>' },
  { name: "Preact", element: "preact-chat", from: "/preact.js", script: '<script async src="/preact.js"></script>' },
];

const PRESSES = [
  { name: "pressed at once", hover: 0 },
  { name: `pressed after ${HOVER_MS} ms over it`, hover: HOVER_MS },
];

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

const page = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">${script}</head>
<body><h1>Shop</h1>${"<p>The ground is still warm enough to dig.</p>".repeat(40)}</body></html>`;

/** Starts a server for the pages, the built site and Preact's script. It compresses each file once. */
async function startServer() {
  const bundle = await build({ entryPoints: ["preact.js"], bundle: true, minify: true, format: "iife", target: "chrome123", write: false });
  const files = new Map([["/preact.js", Buffer.from(bundle.outputFiles[0].contents)]]);
  WIDGETS.forEach(({ name, script }) => files.set(`/${name}.html`, Buffer.from(page(script))));
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
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-encoding": "br", "cache-control": "max-age=3600" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, base: `http://127.0.0.1:${server.address().port}`, preact: (await compressed("/preact.js")).length };
}

/** Runs in the page before any other script. Each mark is in ms since the navigation began. */
function recordMarks({ element, from }) {
  const marks = { longTasks: [], ownWork: [] };
  window.marks = marks;
  const observe = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  observe("longtask", ({ startTime, duration }) => marks.longTasks.push({ startTime, duration }));
  // The scripts of frames that took long. Only those of the widget itself count.
  observe("long-animation-frame", ({ scripts }) =>
    scripts.filter(({ sourceURL }) => new URL(sourceURL || "/", location).pathname.startsWith(from)).forEach(({ startTime, duration }) => marks.ownWork.push({ startTime, duration })));
  const bytes = () =>
    performance.getEntriesByType("resource").reduce((sum, { encodedBodySize, responseEnd }) => sum + (responseEnd ? encodedBodySize : 0), 0);
  const findVisible = (css) => [...(document.querySelector(element)?.shadowRoot?.querySelectorAll(css) ?? [])].find((it) => it.getClientRects().length);
  const acceptsText = (field) => {
    field.focus({ preventScroll: true });
    if (!field.value) {
      document.execCommand("insertText", false, "a");
    }
    return field.value === "a";
  };
  addEventListener("click", ({ timeStamp }) => (marks.pressed ??= timeStamp), true);
  // An element is painted one frame after it is in the document.
  const afterPaint = (mark) => requestAnimationFrame(() => setTimeout(mark));
  const check = () => {
    if (marks.launcher === undefined && findVisible("button.launcher")) {
      marks.launcher = 0;
      afterPaint(() => Object.assign(marks, { launcher: performance.now(), launcherBytes: bytes() }));
    }
    const field = marks.pressed && findVisible("textarea");
    if (field && acceptsText(field)) {
      afterPaint(() => Object.assign(marks, { composer: performance.now(), composerBytes: bytes() }));
    } else {
      requestAnimationFrame(check);
    }
  };
  requestAnimationFrame(check);
}

/** Measures one visit, from an empty cache to a letter in the composer. */
async function visit(browser, base, profile, widget, press) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  const devtools = await context.newCDPSession(tab);
  await devtools.send("Network.enable");
  if (profile.network) {
    await devtools.send("Network.emulateNetworkConditions", { offline: false, ...profile.network });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: profile.cpu });
  }
  await tab.addInitScript(recordMarks, widget);
  await tab.goto(`${base}/${widget.name}.html`);
  await tab.waitForFunction(() => window.marks.launcher > 0, undefined, { timeout: TIMEOUT_MS });
  const launcher = tab.locator("button.launcher");
  const { x, y, width, height } = await launcher.boundingBox();
  if (press.hover) {
    await tab.mouse.move(x + width / 2, y + height / 2);
    await tab.waitForTimeout(press.hover);
    await tab.mouse.down();
    await tab.mouse.up();
  } else {
    // By script, because a pointer would be over the launcher before it presses it.
    await launcher.evaluate((it) => it.click());
  }
  await tab.waitForFunction(() => window.marks.composer, undefined, { timeout: TIMEOUT_MS });
  const marks = await tab.evaluate(() => window.marks);
  await context.close();
  return {
    launcher: marks.launcher,
    composer: marks.composer - marks.pressed,
    launcherBytes: marks.launcherBytes,
    composerBytes: marks.composerBytes,
    // Tasks while the pointer was over the launcher count, too; the task of the click itself does not.
    longTasks: marks.longTasks.filter(isBefore(marks.pressed)).length,
    ownLongTasks: marks.ownWork.filter(isBefore(marks.pressed)).filter(({ duration }) => duration >= LONG_TASK_MS).length,
    ownLongest: Math.max(0, ...marks.ownWork.filter(isBefore(marks.pressed)).map(({ duration }) => duration)),
  };
}

const isBefore = (time) => ({ startTime, duration }) => startTime + duration <= time;

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** The middle half of the values, as `from–to`. */
function interquartileRange(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (part) => Math.round(sorted[Math.floor((sorted.length - 1) * part)]);
  return `${at(0.25)}–${at(0.75)}`;
}

const { server, base, preact } = await startServer();
const browser = await chromium.launch({
  executablePath: options.browser,
  args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
console.log(`Chromium ${browser.version()}, ${ROUNDS} rounds each, alternating; medians, and the middle half in brackets.`);
console.log(`The Preact minimum is one script of ${preact} bytes by brotli.\n`);
const printRow = (title, ...cells) => console.log(title.padEnd(52) + cells.map((cell) => `${cell}`.padStart(18)).join(""));
// The first visit of each widget is not measured: the server compresses the files, and the browser is still starting.
for (const widget of WIDGETS) {
  await visit(browser, base, PROFILES[0], widget, PRESSES[0]);
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
  let all = WIDGETS.map(() => []);
  for (const press of PRESSES) {
    const results = WIDGETS.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 ? [1, 0] : [0, 1];
      for (const index of order) {
        results[index].push(await visit(browser, base, profile, WIDGETS[index], press));
      }
    }
    printFigure(`open → composer, ${press.name}`, results, (it) => it.composer, "ms");
    all = all.map((rounds, index) => [...rounds, ...results[index]]);
  }
  printFigure("navigation → launcher", all, (it) => it.launcher, "ms");
  printFigure("bytes until the launcher", all, (it) => it.launcherBytes, "B");
  printFigure("bytes until the composer", all, (it) => it.composerBytes, "B");
  const totals = (figure) => all.map((rounds) => rounds.reduce((total, it) => total + figure(it), 0));
  printRow(`  long tasks before opening, in ${all[0].length} visits`, ...totals((it) => it.longTasks), "");
  printRow("    by scripts of the widget's own", ...totals((it) => it.ownLongTasks), "");
  printRow("    the longest of its scripts in a long frame", ...all.map((rounds) => `${Math.round(Math.max(...rounds.map((it) => it.ownLongest)))} ms`), "");
  // A single one may come from the machine: Preact has them, too.
  isPageBlocked ||= !profile.cpu && median(all[0].map(({ ownLongTasks }) => ownLongTasks)) > 0;
  console.log();
}
await browser.close();
server.close();
if (isPageBlocked) {
  console.error(`In most visits, Pipit's scripts blocked the page for ${LONG_TASK_MS} ms or more before the panel was opened.`);
  process.exitCode = 1;
}
