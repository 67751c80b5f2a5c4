// The session endpoint for AWS Lambda, behind a function URL or an HTTP API (payload format 2.0).

import { handle } from "./session.mjs";

export async function handler(event) {
  const { http, domainName } = event.requestContext;
  const hasBody = http.method !== "GET" && http.method !== "HEAD";
  const body = event.body ? Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8") : undefined;
  // Lambda takes the cookies out of the headers.
  const headers = { ...event.headers, ...(event.cookies && { cookie: event.cookies.join("; ") }) };
  const request = new Request(`https://${domainName}${event.rawPath}`, { method: http.method, headers, body: hasBody ? body : undefined });
  const response = await handle(request, http.sourceIp, process.env);
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
