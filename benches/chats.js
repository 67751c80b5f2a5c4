// The chats that are compared. Pipit is the first, the tuned Preact minimum the second; ratios compare these two.

import { build } from "esbuild";
import { readFile } from "node:fs/promises";

/** The version of an installed npm package. */
const versionOf = async (name) => JSON.parse(await readFile(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

/**
 * Each chat: its name, its tag, and the beginning of the paths of its scripts. `tag` is what a page needs to have it; `streamTag`, if
 * it differs, is for pages whose requests `page/answer-source.js` answers.
 */
export const CHATS = [
  {
    name: "Pipit",
    scripts: "/pipit/",
    tag: '<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>',
    streamTag: '<script async src="/pipit/pipit.js" data-jwt="a.b.c" data-site="shop" data-base-url="https://chat.example.com"></script>',
  },
  { name: "Preact", scripts: "/preact.js", tag: '<script async src="/preact.js"></script>' },
  { name: "vanilla", scripts: "/vanilla.js", tag: '<script async src="/vanilla.js"></script>' },
  { name: "Deep Chat", scripts: "/deep-chat.js", tag: '<script async src="/launcher.js" data-panel="/deep-chat.js"></script>' },
  { name: "Chatscope", scripts: "/chatscope.js", tag: '<script async src="/launcher.js" data-panel="/chatscope.js"></script>' },
];

/** The packages whose versions the report names. */
const PACKAGES = ["preact", "deep-chat", "@chatscope/chat-ui-kit-react", "react"];

/** The names and versions of the compared packages, as one text. */
export const describePackages = async () => (await Promise.all(PACKAGES.map(async (name) => `${name} ${await versionOf(name)}`))).join(", ");

/** Bundles the scripts of the chats. Returns their contents by path. */
export async function bundleChats() {
  const bundle = async (name, format) => {
    const { outputFiles } = await build({
      entryPoints: [`chats/${name}.js`],
      bundle: true,
      minify: true,
      format,
      target: "chrome123",
      loader: { ".css": "text" },
      define: { "process.env.NODE_ENV": '"production"' },
      absWorkingDir: import.meta.dirname,
      write: false,
    });
    return [`/${name}.js`, Buffer.from(outputFiles[0].contents)];
  };
  const scripts = ["preact", "vanilla", "launcher"].map((name) => bundle(name, "iife"));
  const modules = ["deep-chat", "chatscope"].map((name) => bundle(name, "esm"));
  return new Map(await Promise.all([...scripts, ...modules]));
}
