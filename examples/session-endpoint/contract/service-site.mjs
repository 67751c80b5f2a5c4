// Plays the service site between a session endpoint and the sandbox. It records what the endpoint sends, passes it on to the
// sandbox, and fails in the way that `mode` says. Its failures repeat the credentials and the visitor's words, as careless
// servers do, so that an endpoint which hands them on is found.

import { createServer, request as sendRequest } from "node:http";

/** The credentials that the endpoints have. The sandbox knows only `demo`, which is too common a word to search for in logs. */
export const USER = "chat-service-user";
export const PASSWORD = "pass:word-öf-the-service-user";

/** What each failing answer begins with. A program that quotes only the first characters of such an answer is found, too. */
export const FAILURE_MARK = "leak-8f3c";

/** The path of `establishSessions`. */
export const ESTABLISH_SESSIONS_PATH = "/services/rest/crossChannelServices/latest/establishSessions";

/** What the service site answers in each mode, other than `sandbox`. A text is sent as the body of an answer with this status. */
const FAILURES = {
  refused: (response, secrets) => send(response, 401, `{"title":"Unauthorized","detail":${JSON.stringify(secrets)}}`),
  forbidden: (response, secrets) => send(response, 403, secrets),
  busy: (response, secrets) => send(response, 503, secrets, { "Retry-After": "120" }),
  broken: (response, secrets) => send(response, 500, `<h1>${secrets}</h1>`, { "Content-Type": "text/html" }),
  page: (response, secrets) => send(response, 200, `${secrets}<h1>Log in</h1>`, { "Content-Type": "text/html" }),
  noSession: (response, secrets) => send(response, 200, JSON.stringify({ ok: true, secrets })),
  noToken: (response, secrets) => send(response, 200, JSON.stringify({ siteName: secrets, channelToken: null, sessionServerResponse: "{}" })),
  numberAsToken: (response) => send(response, 200, '{"siteName":"a","channelToken":1,"sessionServerResponse":"{}"}'),
  null: (response) => send(response, 200, "null"),
  list: (response) => send(response, 200, "[]"),
  empty: (response) => send(response, 200, ""),
  redirect: (response) => send(response, 307, "", { Location: "/elsewhere" }),
  reset: (response) => response.destroy(),
  cut: (response, secrets) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "10000" });
    response.write(secrets, () => response.destroy());
  },
  silent: () => {},
  stalled: (response) => response.writeHead(200, { "Content-Type": "application/json" }).flushHeaders(),
  trickle: (response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    const timer = setInterval(() => response.write(" "), 100);
    response.on("close", () => clearInterval(timer));
  },
};

function send(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(body);
}

/** Starts a service site in front of the sandbox with this port. */
export async function startServiceSite(sandboxPort) {
  /** What the endpoint has sent: `{ path, headers, body }` of each request. */
  const requests = [];
  const site = { mode: "sandbox", requests };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString();
    requests.push({ path: request.url, method: request.method, headers: request.headers, body });
    if (site.mode !== "sandbox") {
      FAILURES[site.mode](response, `${FAILURE_MARK} ${request.headers.authorization} ${USER} ${PASSWORD} ${body}`);
      return;
    }
    passOn(request, body, response, sandboxPort);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${server.address().port}`;
  site.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return site;
}

/** Sends a request on to the sandbox, with the sandbox's user in the place of the right one. */
function passOn(request, body, response, port) {
  const rightUser = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
  const authorization = request.headers.authorization === rightUser ? `Basic ${btoa("demo:demo")}` : request.headers.authorization;
  const headers = { ...request.headers, authorization, "content-length": Buffer.byteLength(body) };
  delete headers["transfer-encoding"];
  delete headers["accept-encoding"];
  const passedOn = sendRequest({ port, path: request.url, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passedOn.on("error", () => response.destroy());
  passedOn.end(body);
}
