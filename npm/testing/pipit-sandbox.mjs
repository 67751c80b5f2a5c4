#!/usr/bin/env node
// The command `pipit-sandbox` of the npm package: the rules of the sandbox behind Node's HTTP server. It has the options of the Rust
// program of the same name, except those for a site's files.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { CommandLine } from "kit-glue";
import { loadKit } from "./kit";

/** How often the sandbox's clock is set, in ms. Polls and time-outs end at most this much late. */
const TICK_MS = 20;

/** The longest time for which a stopping server waits for its answers, in ms. */
const STOP_TIMEOUT_MS = 5_000;

/** The largest body that is read, in bytes. The sandbox refuses a body that is larger than 1 MB, and uploads of more than 16 MB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

await loadKit();
try {
  const line = CommandLine.parse(process.argv.slice(2), (path) => readFileSync(path, "utf8"));
  const text = line.help() ?? line.version();
  if (text === undefined) {
    await serve(line);
  } else {
    console.log(text.includes("\n") ? text : `pipit-sandbox ${text}`);
  }
} catch (error) {
  fail(error);
}

function fail(error) {
  console.error(`pipit-sandbox: ${String(error.message ?? error).replace(/\.$/, "")}.`);
  process.exitCode = 1;
}

async function serve(line) {
  const http = createServer({ headersTimeout: line.headerTimeout(), requestTimeout: 0, connectionsCheckingInterval: 1_000 });
  http.on("error", (error) => {
    fail(error.code === "EADDRINUSE" ? `cannot listen on port ${line.apiPort()} of 127.0.0.1. Stop what listens there, or choose another with --port` : error);
  });
  await new Promise((resolve) => http.listen(line.apiPort(), "127.0.0.1", resolve));
  const { port } = http.address();
  const startedMs = Date.now();
  const began = performance.now();
  const sandbox = line.start(port, startedMs);
  let isStopping = false;
  const setTime = () => sandbox.setTime(startedMs + (performance.now() - began) * line.speed());
  const timer = setInterval(setTime, TICK_MS);
  http.on("request", (request, response) => {
    setTime();
    answer(sandbox, request, response, () => isStopping).catch(() => response.destroy());
  });
  console.log(`api    http://127.0.0.1:${port}`);
  console.log(`watch  http://127.0.0.1:${port}/sandbox/`);
  console.log(`name   ${line.siteName()}`);
  console.log(`pool   ${line.pool()}`);
  console.log("basic  demo / demo  (establishSessions, agentTokens)");
  console.log("ready");
  const stop = () => {
    isStopping = true;
    // Held polls are answered, so that the clients learn at once that the server ends.
    sandbox.stop();
    http.close(() => clearInterval(timer));
    http.closeIdleConnections();
    setTimeout(() => http.closeAllConnections(), STOP_TIMEOUT_MS).unref();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

/** Answers a request. `isStopping` says whether the server stops, after which no connection is used again. */
async function answer(sandbox, request, response, isStopping) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      response.destroy();
      return;
    }
    chunks.push(chunk);
  }
  const headers = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    headers.push([request.rawHeaders[index], request.rawHeaders[index + 1]]);
  }
  const exchange = sandbox.send(request.method, request.url, headers, Buffer.concat(chunks));
  response.on("close", () => exchange.hangUp());
  const { status, headers: answerHeaders, body, isCutOff } = await exchange.answered();
  if (isCutOff && body.length === 0) {
    response.destroy();
    return;
  }
  // Sets the length of the body, which the sandbox may leave to the HTTP library.
  response.setHeader("content-length", body.length);
  for (const [name, value] of answerHeaders) {
    response.setHeader(name, value);
  }
  if (isStopping()) {
    response.setHeader("connection", "close");
  }
  response.writeHead(status);
  if (isCutOff) {
    response.write(body, () => response.destroy());
  } else {
    response.end(body);
  }
}
