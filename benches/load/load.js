// How soon the launcher is there, and the field that one writes into, beside the least that a chat can be:
//
//   node load.js --site DIRECTORY --rounds 15
//
// Both widgets are on the same page, served by the same server with brotli, in a browser that has never seen them.
// Rounds alternate, so that what slows the machine slows both.

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
  throw new Error("--rounds must be a number from 1 on.");
}

/** Pointer on the launcher before it is pressed, in ms: about what a hand takes from reaching it to pressing. */
const HOVER_MS = 300;

/** What a browser calls a long task, in ms. */
const LONG_MS = 50;

/** Longer than anything here takes; in ms. */
const PATIENCE_MS = 60_000;

const PROFILES = [
  { name: "plain" },
  // Chrome's own "slow 4G": 1.6 Mbps down, 750 kbps up, 150 ms; on a machine a quarter as fast.
  { name: "CPU ×4, slow 4G", cpu: 4, network: { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 } },
];

const WIDGETS = [
  { name: "Pipit", element: "pipit-chat", from: "/pipit/", script: '<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>' },
  { name: "Preact", element: "preact-chat", from: "/preact.js", script: '<script async src="/preact.js"></script>' },
];

const WAYS = [
  { name: "pressed at once", hover: 0 },
  { name: `pressed after ${HOVER_MS} ms over it`, hover: HOVER_MS },
];

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

const page = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">${script}</head>
<body><h1>Shop</h1>${"<p>The ground is still warm enough to dig.</p>".repeat(40)}</body></html>`;

/** Serves pages, the built site, and Preact's script, each compressed once. */
async function serve() {
  const bundle = await build({ entryPoints: ["preact.js"], bundle: true, minify: true, format: "iife", target: "chrome123", write: false });
  const files = new Map([["/preact.js", Buffer.from(bundle.outputFiles[0].contents)]]);
  WIDGETS.forEach(({ name, script }) => files.set(`/${name}.html`, Buffer.from(page(script))));
  const sent = new Map();
  const compressed = async (path) => {
    if (!sent.has(path)) {
      const content = files.get(path) ?? (await readFile(join(options.site, normalize(path))));
      sent.set(path, brotliCompressSync(content));
    }
    return sent.get(path);
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

/** Runs in the page before anything else. Each mark is in ms since the navigation began. */
function watch({ element, from }) {
  const marks = (window.marks = { longTasks: [], ownWork: [] });
  const observe = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  observe("longtask", ({ startTime, duration }) => marks.longTasks.push({ startTime, duration }));
  // Of frames that took long: who had them wait.
  observe("long-animation-frame", ({ scripts }) =>
    scripts.filter(({ sourceURL }) => new URL(sourceURL || "/", location).pathname.startsWith(from)).forEach(({ startTime, duration }) => marks.ownWork.push({ startTime, duration })));
  const bytes = () =>
    performance.getEntriesByType("resource").reduce((sum, { encodedBodySize, responseEnd }) => sum + (responseEnd ? encodedBodySize : 0), 0);
  const find = (css) => [...(document.querySelector(element)?.shadowRoot?.querySelectorAll(css) ?? [])].find((it) => it.getClientRects().length);
  const takes = (field) => {
    field.focus({ preventScroll: true });
    field.value || document.execCommand("insertText", false, "a");
    return field.value === "a";
  };
  addEventListener("click", ({ timeStamp }) => (marks.pressed ??= timeStamp), true);
  // A frame after it is there it has been painted.
  const after = (mark) => requestAnimationFrame(() => setTimeout(mark));
  const look = () => {
    if (marks.launcher === undefined && find("button.launcher")) {
      marks.launcher = 0;
      after(() => Object.assign(marks, { launcher: performance.now(), launcherBytes: bytes() }));
    }
    const field = marks.pressed && find("textarea");
    if (field && takes(field)) {
      after(() => Object.assign(marks, { composer: performance.now(), composerBytes: bytes() }));
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

/** One visitor, from an empty cache to a letter in the field. */
async function visit(browser, base, profile, widget, way) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  const devtools = await context.newCDPSession(tab);
  await devtools.send("Network.enable");
  if (profile.network) {
    await devtools.send("Network.emulateNetworkConditions", { offline: false, ...profile.network });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: profile.cpu });
  }
  await tab.addInitScript(watch, widget);
  await tab.goto(`${base}/${widget.name}.html`);
  await tab.waitForFunction(() => window.marks.launcher > 0, undefined, { timeout: PATIENCE_MS });
  const launcher = tab.locator("button.launcher");
  const { x, y, width, height } = await launcher.boundingBox();
  if (way.hover) {
    await tab.mouse.move(x + width / 2, y + height / 2);
    await tab.waitForTimeout(way.hover);
    await tab.mouse.down();
    await tab.mouse.up();
  } else {
    // By script: a pointer is over it before it presses.
    await launcher.evaluate((it) => it.click());
  }
  await tab.waitForFunction(() => window.marks.composer, undefined, { timeout: PATIENCE_MS });
  const marks = await tab.evaluate(() => window.marks);
  await context.close();
  return {
    launcher: marks.launcher,
    composer: marks.composer - marks.pressed,
    launcherBytes: marks.launcherBytes,
    composerBytes: marks.composerBytes,
    // Those while the pointer was over it are before, too; the one that has pressed it is not.
    longTasks: marks.longTasks.filter(isBefore(marks.pressed)).length,
    ownLongTasks: marks.ownWork.filter(isBefore(marks.pressed)).filter(({ duration }) => duration >= LONG_MS).length,
    ownLongest: Math.max(0, ...marks.ownWork.filter(isBefore(marks.pressed)).map(({ duration }) => duration)),
  };
}

const isBefore = (time) => ({ startTime, duration }) => startTime + duration <= time;

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** The middle half, as `from–to`. */
function spread(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (part) => Math.round(sorted[Math.floor((sorted.length - 1) * part)]);
  return `${at(0.25)}–${at(0.75)}`;
}

const { server, base, preact } = await serve();
const browser = await chromium.launch({
  executablePath: options.browser,
  args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
console.log(`Chromium ${browser.version()}, ${ROUNDS} rounds each, alternating; medians, and the middle half in brackets.`);
console.log(`The Preact minimum is one script of ${preact} bytes by brotli.\n`);
const line = (...cells) => console.log(cells.map((cell, index) => `${cell}`[index ? "padStart" : "padEnd"](index ? 18 : 52)).join(""));
// The first of each is for the server's compressing and the browser's own start.
for (const widget of WIDGETS) {
  await visit(browser, base, PROFILES[0], widget, WAYS[0]);
}
let isHeld = false;
for (const profile of PROFILES) {
  line(profile.name, ...WIDGETS.map(({ name }) => name), "ratio");
  const show = (what, results, figure, unit) => {
    const lists = results.map((rounds) => rounds.map(figure));
    const cells = lists.map((list) => `${Math.round(median(list))} ${unit}${unit === "ms" ? ` [${spread(list)}]` : ""}`);
    line(`  ${what}`, ...cells, (median(lists[0]) / median(lists[1])).toFixed(2));
  };
  let all = WIDGETS.map(() => []);
  for (const way of WAYS) {
    const results = WIDGETS.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 ? [1, 0] : [0, 1];
      for (const index of order) {
        results[index].push(await visit(browser, base, profile, WIDGETS[index], way));
      }
    }
    show(`open → composer, ${way.name}`, results, (it) => it.composer, "ms");
    all = all.map((rounds, index) => [...rounds, ...results[index]]);
  }
  show("navigation → launcher", all, (it) => it.launcher, "ms");
  show("bytes come until the launcher", all, (it) => it.launcherBytes, "B");
  show("bytes come until the composer", all, (it) => it.composerBytes, "B");
  const sum = (figure) => all.map((rounds) => rounds.reduce((sum, it) => sum + figure(it), 0));
  line(`  long tasks before opening, in ${all[0].length} visits`, ...sum((it) => it.longTasks), "");
  line("    by scripts of the widget's own", ...sum((it) => it.ownLongTasks), "");
  line("    the longest of its scripts in a long frame", ...all.map((rounds) => `${Math.round(Math.max(...rounds.map((it) => it.ownLongest)))} ms`), "");
  // One now and then is the machine's: Preact has them, too.
  isHeld ||= !profile.cpu && median(all[0].map(({ ownLongTasks }) => ownLongTasks)) > 0;
  console.log();
}
await browser.close();
server.close();
if (isHeld) {
  console.error(`Before it was opened, scripts of Pipit's kept the page from its work for ${LONG_MS} ms or more, in most visits.`);
  process.exitCode = 1;
}
