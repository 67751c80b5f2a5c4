// Plays AWS Lambda's function URL for ../serverless/lambda.mjs, so that the contract's requests reach it.

import { createServer } from "node:http";

import { handler } from "../serverless/lambda.mjs";

/** The largest request that this server passes on, in bytes. Lambda's own limit is 6 MB. */
const MAX_EVENT_BYTES = 20_000;

createServer((request, response) => {
  const chunks = [];
  let isSent = false;
  const call = async () => {
    if (isSent) {
      return;
    }
    isSent = true;
    const { cookie, "x-forwarded-for": forwarded = "", ...headers } = request.headers;
    const result = await handler({
      rawPath: request.url,
      headers,
      ...(cookie && { cookies: cookie.split("; ") }),
      requestContext: { domainName: "lambda.example", http: { method: request.method, sourceIp: sourceIp(request, forwarded) } },
      body: Buffer.concat(chunks).toString("base64"),
      isBase64Encoded: true,
    });
    response.writeHead(result.statusCode, result.headers).end(result.body);
  };
  request.on("data", (chunk) => {
    chunks.push(chunk);
    // Lambda gets whole requests only. This server passes on the beginning of a long one, because the rest may never come.
    if (Buffer.concat(chunks).length >= MAX_EVENT_BYTES) {
      call();
    }
  });
  request.on("end", call);
}).listen(Number(process.env.PORT), "127.0.0.1");

/** The address of the client as the platform sees it: the contract's proxy is a part of the platform. */
function sourceIp(request, forwarded) {
  return process.env.PROXIES === "1" ? forwarded.split(",").at(-1).trim() : request.socket.remoteAddress;
}
