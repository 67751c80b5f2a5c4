// Plays a platform with `fetch` handlers for ../serverless/worker.mjs, so that the contract's requests reach it.

import { createServer } from "node:http";
import { Readable } from "node:stream";

import worker from "../serverless/worker.mjs";

createServer(async (request, response) => {
  const { "x-forwarded-for": forwarded = "", "transfer-encoding": _, ...headers } = request.headers;
  const client = process.env.PROXIES === "1" ? forwarded.split(",").at(-1).trim() : request.socket.remoteAddress;
  const hasBody = request.method !== "GET";
  const answer = await worker.fetch(
    new Request(`https://worker.example${request.url}`, {
      method: request.method,
      headers: { ...headers, "CF-Connecting-IP": client },
      body: hasBody ? Readable.toWeb(request) : undefined,
      duplex: "half",
    }),
    process.env,
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}).listen(Number(process.env.PORT), "127.0.0.1");
