// A web server for a first try: the page index.html, the widget's files, and a session endpoint, with a strict Content-Security-Policy.
// docs/get-started.md explains it. It needs Node.js 20 or newer, and no packages.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { answerWithSession } from "./endpoint.mjs";

const { CHAT_SERVER, WIDGET_FILES, PORT = "8080" } = process.env;

for (const name of ["B2C_SITE", "B2C_USER", "B2C_PASSWORD", "CHAT_SERVER", "WIDGET_FILES"]) {
  if (!process.env[name]) {
    console.error(`The variable ${name} is missing. docs/get-started.md says what it is for. Each terminal needs its own.`);
    process.exit(2);
  }
}

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

/** The policy of the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  `connect-src 'self' ${CHAT_SERVER}`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** The policy of the widget's frame, which the page needs only without `'wasm-unsafe-eval'`. */
const FRAME_POLICY = "frame-ancestors 'self'";

async function answer(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (request.method === "POST" && pathname === "/chat-session") {
    await answerWithSession(response);
    return;
  }
  const isWidget = pathname.startsWith("/pipit/");
  const file = isWidget ? join(WIDGET_FILES, normalize(pathname.slice("/pipit".length))) : fileURLToPath(new URL("index.html", import.meta.url));
  const content = await readFile(file);
  response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "text/plain", "Content-Security-Policy": isWidget ? FRAME_POLICY : POLICY });
  response.end(content);
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error.message);
    response.writeHead(500).end();
  });
}).listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/`));
