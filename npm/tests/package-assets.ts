// Tests how the npm package finds its files, and what it says when a file is missing.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { FILES } from "./stand-ins/package-files";
import { fetchPackageFile, frameBase, setAssetBase } from "../package-assets";

const realFetch = globalThis.fetch;
/** The addresses that were fetched. */
let fetched: string[];
/** What the stand-in for `fetch` does. */
let answer: () => Promise<Response>;

const respondWith = (type: string) => async () => new Response("", { headers: { "content-type": type } });

beforeEach(() => {
  fetched = [];
  answer = respondWith("application/wasm");
  globalThis.fetch = (address) => {
    fetched.push(`${address as URL}`);
    return answer();
  };
  Object.assign(globalThis, { location: new URL("https://shop.example/help/page.html"), self: { origin: "https://shop.example" } });
});

afterEach(() => {
  globalThis.fetch = realFetch;
});

test("a file of a package that a development server has bundled in advance comes from the package itself", async () => {
  const root = "http://127.0.0.1:5173";
  const addresses = {
    "/node_modules/.vite/deps/it.wasm": "/node_modules/pipit-chat/it.wasm",
    "/node_modules/.vite/deps/locales/it.txt": "/node_modules/pipit-chat/locales/it.txt",
    "/shop/node_modules/.vite/deps/it.wasm": "/shop/node_modules/pipit-chat/it.wasm",
    "/_nuxt/node_modules/.cache/vite/client/deps/it.wasm": "/_nuxt/node_modules/pipit-chat/it.wasm",
    "/@fs/home/shop/node_modules/.vite/deps/it.wasm": "/@fs/home/shop/node_modules/pipit-chat/it.wasm",
    "/node_modules/.pnpm/pipit-chat@0.1.0/node_modules/pipit-chat/it.wasm": "/node_modules/.pnpm/pipit-chat@0.1.0/node_modules/pipit-chat/it.wasm",
    "/node_modules/.pnpm/deps/pipit-chat/it.wasm": "/node_modules/.pnpm/deps/pipit-chat/it.wasm",
    "/assets/deps/it.wasm": "/assets/deps/it.wasm",
    "/node_modules/deps/it.wasm": "/node_modules/deps/it.wasm",
  };
  for (const [bundled, expected] of Object.entries(addresses)) {
    FILES["it.wasm"] = () => new URL(bundled, root);
    await fetchPackageFile("it.wasm");
    assert.equal(fetched.pop(), `${root}${expected}`);
  }
});

test("the bundler's address is used until the host says where the files are", async () => {
  await fetchPackageFile("widget_bg.wasm");
  await assert.rejects(fetchPackageFile("locales/de.json"), /call setAssetBase\(\)/);
  assert.equal(frameBase(), undefined);
  for (const base of ["/pipit", "/pipit/", new URL("https://shop.example/pipit"), "../pipit"]) {
    setAssetBase(base);
    await fetchPackageFile("locales/de.json");
    assert.equal(frameBase(), "https://shop.example/pipit/frame/");
  }
  assert.deepEqual(fetched, ["https://shop.example/assets/widget_bg.wasm", ...Array.from({ length: 4 }, () => "https://shop.example/pipit/locales/de.txt")]);
});

test("a web page in place of a file is an error that names the address", async () => {
  setAssetBase("/pipit");
  answer = respondWith("text/html; charset=utf-8");
  await assert.rejects(fetchPackageFile("widget_bg.wasm"), (error: Error & { code?: string }) => {
    assert.equal(error.code, "E_NOT_LOADED");
    assert.match(error.message, /https:\/\/shop\.example\/pipit\/widget_bg\.wasm is a web page/);
    return true;
  });
});

test("a failed fetch is an error of ours", async () => {
  setAssetBase("/pipit");
  const cause = new TypeError("Failed to fetch");
  answer = () => Promise.reject(cause);
  await assert.rejects(fetchPackageFile("widget_bg.wasm"), (error: Error & { code?: string }) => {
    assert.equal(error.code, "E_NOT_LOADED");
    assert.equal(error.cause, cause);
    return true;
  });
});

test("the command copies the files, and explains itself", () => {
  const directory = mkdtempSync(join(tmpdir(), "pipit-cli-"));
  try {
    const command = join(directory, "cli.mjs");
    copyFileSync("cli.mjs", command);
    mkdirSync(join(directory, "locales"));
    mkdirSync(join(directory, "frame/locales"), { recursive: true });
    for (const name of ["widget_bg.wasm", "index.js", "locales/de.txt", "frame/frame.html", "frame/frame.js", "frame/locales/de-1a2b.json"]) {
      writeFileSync(join(directory, name), name);
    }
    const to = join(directory, "public/pipit");
    execFileSync(process.execPath, [command, "copy-assets", to]);
    assert.deepEqual(readdirSync(to).toSorted(), ["frame", "locales", "widget_bg.wasm"]);
    assert.deepEqual(readdirSync(join(to, "locales")), ["de.txt"]);
    assert.deepEqual(readdirSync(join(to, "frame")).toSorted(), ["frame.html", "frame.js", "locales"]);
    assert.deepEqual(readdirSync(join(to, "frame/locales")), ["de-1a2b.json"]);
    assert.match(execFileSync(process.execPath, [command, "--help"], { encoding: "utf8" }), /copy-assets DIRECTORY/);
    for (const wrong of [[], ["copy"], ["copy-assets"], ["copy-assets", to, "more"]]) {
      const { status, stderr } = spawnSync(process.execPath, [command, ...wrong], { encoding: "utf8" });
      assert.equal(status, 2);
      assert.match(stderr, /copy-assets DIRECTORY/);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
