// Opens pages with a chat in Chromium, slows them down, and reads the memory that they use.

import { chromium } from "playwright-core";
import { pagePath } from "./server.js";

const ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts Chromium. */
export const launchBrowser = (executablePath) => chromium.launch({ executablePath, args: ARGUMENTS });

/**
 * Opens the page with a chat, in a context that has never seen it. `scripts` are names of files of `page/` that run before the page's
 * own scripts. `profile.cpu` slows the processor down, and `profile.network` the network. With `isStream`, the requests of a
 * chat that has a `streamTag` are answered in the page.
 */
export async function openPage(browser, server, chat, { profile = {}, scripts, isStream = false }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  const devtools = await context.newCDPSession(tab);
  await devtools.send("Network.enable");
  if (profile.network) {
    await devtools.send("Network.emulateNetworkConditions", { offline: false, ...profile.network });
  }
  await setProcessorRate(devtools, profile.cpu ?? 1);
  await tab.addInitScript(`window.chatName = ${JSON.stringify(chat.name)}; window.chatScripts = ${JSON.stringify(chat.scripts)};`);
  const answerSource = isStream && chat.streamTag ? ["answer-source"] : [];
  for (const script of ["chat-under-test", ...answerSource, ...scripts]) {
    await tab.addInitScript({ path: new URL(`page/${script}.js`, import.meta.url).pathname });
  }
  await tab.goto(server.baseUrl + pagePath(chat, isStream));
  return { context, tab, devtools };
}

/** Makes the page's processor this many times slower. */
export const setProcessorRate = (devtools, rate) => devtools.send("Emulation.setCPUThrottlingRate", { rate });

/** Opens the panel of a page for a stream, and begins a conversation. */
export async function startConversation(tab, timeout) {
  await tab.waitForFunction(() => window.chatUnderTest.isLauncherShown(), undefined, { timeout });
  await tab.evaluate(() => window.chatUnderTest.launcher().click());
  // Not the field itself: Playwright would keep it, and with it the document's part that the chat later removes.
  await tab.waitForFunction(() => Boolean(window.chatUnderTest.shownField()), undefined, { timeout });
  await withLimit(
    tab.evaluate(() => window.chatUnderTest.start()),
    timeout,
  );
}

/**
 * The memory of the page, in bytes, after unreachable objects have been removed: the heap with the objects of scripts and of the
 * document, and the memory of WebAssembly. The page needs the script `wasm-memory`.
 */
export async function readMemory({ tab, devtools }) {
  // The second collection removes what the first made unreachable, for example the nodes of removed objects.
  await devtools.send("HeapProfiler.collectGarbage");
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize = 0 } = await devtools.send("Runtime.getHeapUsage");
  return { heap: usedSize + embedderHeapUsedSize, wasm: await tab.evaluate(() => window.wasmBytes()) };
}

/** The error of a measurement that has reached its limit. */
export class CutOff extends Error {}

/**
 * The result of a promise; throws `CutOff` if it takes longer than `limit` ms. A page whose script does not return can only be left
 * in this way.
 */
export async function withLimit(promise, limit) {
  let timer;
  const cutOff = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new CutOff(`cut off after ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([promise, cutOff]);
  } finally {
    clearTimeout(timer);
  }
}

/** Closes a browser, even if its page does not react. */
export async function closeBrowser(browser) {
  try {
    await withLimit(browser.close(), 10_000);
  } catch {
    // Playwright ends the browser's processes when this program ends.
  }
}
