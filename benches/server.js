// The bench's server: the pages with the chats, their scripts, and the least that a chat server answers. Everything is compressed by
// brotli, once.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { bundleChats, CHATS } from "./chats.js";

/** The media types of the served files, by the ends of their names. */
const MEDIA_TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

const pageHtml = (tag) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">${tag}</head>
<body><h1>Shop</h1>${"<p>The ground is still warm enough to dig.</p>".repeat(40)}</body></html>`;

/** The address of the page with a chat. The page of a stream answers the chat's requests itself. */
export const pagePath = ({ name }, isStream) => `/${encodeURIComponent(name)}${isStream ? "-stream" : ""}.html`;

/** The answers to the requests of the chats, by the last part of the path; `undefined` holds the request. */
const answersAt = (host) => ({
  session: { siteName: "shop", channelToken: "a.b.c", sessionServerResponse: JSON.stringify({ domain: host, pool: "1:1" }) },
  requestEngagement: { resultType: "SUCCESS", sessionId: "s", engagementId: 1, clientId: 2 },
  getMessages: undefined,
  postMessage: { clientId: 2 },
  activity: { clientId: 2 },
  post: { text: "Thank you." },
});

/** Starts the server. `site` is the directory of the built site. */
export async function startServer(site) {
  const files = await bundleChats();
  for (const chat of CHATS) {
    files.set(decodeURIComponent(pagePath(chat, false)), Buffer.from(pageHtml(chat.tag)));
    files.set(decodeURIComponent(pagePath(chat, true)), Buffer.from(pageHtml(chat.streamTag ?? chat.tag)));
  }
  const cache = new Map();
  const compressed = async (path) => {
    if (!cache.has(path)) {
      cache.set(path, brotliCompressSync(files.get(path) ?? (await readFile(join(site, normalize(path))))));
    }
    return cache.get(path);
  };
  const server = createServer(async ({ url, headers, method }, response) => {
    const path = decodeURIComponent(new URL(url, "http://x").pathname);
    const answers = answersAt(headers.host);
    const operation = path.split("/").at(-1);
    if (method === "POST" && operation in answers) {
      const answer = answers[operation];
      if (answer) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(answer));
      }
      return;
    }
    try {
      const body = await compressed(path);
      response.writeHead(200, { "content-type": MEDIA_TYPES[extname(path)] ?? "application/octet-stream", "content-encoding": "br", "cache-control": "max-age=3600" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}`,
    /** The compressed size of a file, in bytes. */
    size: async (path) => (await compressed(path)).length,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
