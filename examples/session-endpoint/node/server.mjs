// A session endpoint for Pipit in plain Node.js 20, without packages. The widget POSTs what the visitor has filled in to
// /chat-session. This server adds who is signed in, and answers with a session of the chat. ../README.md gives the reasons.

import { createServer } from "node:http";

const { B2C_SITE, B2C_USER, B2C_PASSWORD, ALLOWED_ORIGINS, CUSTOM_FIELDS = "", PORT = "8080" } = process.env;
const CHATS_PER_MINUTE = Number(process.env.CHATS_PER_MINUTE ?? 10);
const TIMEOUT_SECONDS = Number(process.env.TIMEOUT_SECONDS ?? 10);
/** The number of proxies of yours before this server, each of which adds an address to `X-Forwarded-For`. */
const PROXIES = Number(process.env.PROXIES ?? 0);

const MAX_BODY_BYTES = 16_384;
const TEXT_LIMITS = { firstName: 80, lastName: 80, emailAddress: 80, question: 4_000 };
const MAX_CUSTOM_FIELDS = 20;

if (!B2C_SITE || !B2C_USER || !B2C_PASSWORD || !ALLOWED_ORIGINS) {
  console.error("Set B2C_SITE, B2C_USER, B2C_PASSWORD and ALLOWED_ORIGINS.");
  process.exit(1);
}
const allowedOrigins = ALLOWED_ORIGINS.split(",");
const customFieldNames = CUSTOM_FIELDS.split(",").filter(Boolean);

/** An answer other than a session. */
class Refusal extends Error {
  constructor(status, code, headers = {}) {
    super(code);
    Object.assign(this, { status, headers });
  }
}

/**
 * YOUR LOGIN. Replace this function: return the signed-in visitor from your own session cookie, or null. Never take any of these
 * members from the body of the request. Here, the variable DEMO_LOGINS plays the table of sessions.
 */
function findSignedInVisitor(request) {
  const sessions = new Map(Object.entries(JSON.parse(process.env.DEMO_LOGINS ?? "{}")));
  const cookie = /(?:^|; )login=([^;]*)/.exec(request.headers.cookie ?? "");
  return sessions.get(cookie?.[1]) ?? null; // { contactId, firstName, lastName, emailAddress }
}

/**
 * Returns what `action` resolves with, or fails with a `TimeoutError`. The action gets a signal that aborts then. The time ends here in
 * any case: Node.js can lose the connection between the signal of a request and its body when it collects garbage.
 */
async function withTimeLimit(seconds, action) {
  const abort = new AbortController();
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const error = new DOMException("the service site did not answer in time", "TimeoutError");
      reject(error);
      abort.abort(error);
    }, seconds * 1_000);
  });
  try {
    return await Promise.race([action(abort.signal), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks the service site for a session. Returns the three members that the widget needs, and no others. */
async function establishSession(sessionInformation, signal) {
  const response = await fetch(`${B2C_SITE}/services/rest/crossChannelServices/latest/establishSessions`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`${B2C_USER}:${B2C_PASSWORD}`).toString("base64")}`,
      "Content-Type": "application/json",
      "OSvC-CREST-Application-Context": "Chat session endpoint",
    },
    // The value is JSON in a text, not an object.
    body: JSON.stringify({ sessionInformation: JSON.stringify(sessionInformation) }),
    redirect: "error",
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const { siteName, channelToken, sessionServerResponse } = await response.json();
  if (![siteName, channelToken, sessionServerResponse].every((member) => member && typeof member === "string")) {
    throw new Error("no session in the answer");
  }
  return { siteName, channelToken, sessionServerResponse };
}

function isText(value, maxLength) {
  // No control characters but tabs and line breaks, and no half of a surrogate pair.
  return typeof value === "string" && value.length <= maxLength && !/[^\P{Cc}\t\r\n]/u.test(value) && value.isWellFormed();
}

function isCustomField(field) {
  const { name, type, value, ...others } = field ?? {};
  const isValue = (type === "STRING" && isText(value, 1_000)) || (type === "BOOLEAN" && typeof value === "boolean");
  return isValue && customFieldNames.includes(name) && Object.keys(others).length === 0;
}

function isAnswer([name, value]) {
  if (Object.hasOwn(TEXT_LIMITS, name)) {
    return isText(value, TEXT_LIMITS[name]);
  }
  if (["productId", "categoryId", "queueId"].includes(name)) {
    return Number.isSafeInteger(value) && value > 0;
  }
  return name === "customFields" && Array.isArray(value) && value.length <= MAX_CUSTOM_FIELDS && value.every(isCustomField);
}

/** Reads the body. Stops at the limit, so that nobody can fill the memory. */
function readBody(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let byteCount = 0;
    request.on("data", (chunk) => {
      byteCount += chunk.length;
      chunks.push(chunk);
      if (byteCount > MAX_BODY_BYTES) {
        request.pause();
        reject(new Refusal(413, "too_large", { Connection: "close" }));
      }
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("error", reject);
  });
}

/** Reads what the visitor has filled in. Only members that the widget is known to send are accepted. */
async function readAnswers(request) {
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    throw new Refusal(415, "unsupported_type");
  }
  const text = await readBody(request);
  let answers = null;
  try {
    answers = JSON.parse(text);
  } catch {
    // `answers` stays null.
  }
  if (answers === null || typeof answers !== "object" || Array.isArray(answers) || !Object.entries(answers).every(isAnswer)) {
    throw new Refusal(400, "malformed");
  }
  return answers;
}

let currentMinute = 0;
const requestCounts = new Map();

/** Counts the requests of each client in each minute, in the memory of this process. */
function isFlooding(request) {
  const minute = Math.floor(Date.now() / 60_000);
  if (minute !== currentMinute) {
    currentMinute = minute;
    requestCounts.clear();
  }
  // Only what your own proxies have added is believed: the visitor can send the rest of this header.
  const forwarded = (request.headers["x-forwarded-for"] ?? "").split(",").at(-PROXIES)?.trim();
  const client = PROXIES > 0 ? forwarded : request.socket.remoteAddress;
  requestCounts.set(client, (requestCounts.get(client) ?? 0) + 1);
  return requestCounts.get(client) > CHATS_PER_MINUTE;
}

async function answer(request) {
  if (request.url.split("?")[0] !== "/chat-session") {
    throw new Refusal(404, "not_found");
  }
  const { origin } = request.headers;
  if (origin !== undefined && !allowedOrigins.includes(origin)) {
    throw new Refusal(403, "origin_not_allowed");
  }
  if (request.method === "OPTIONS") {
    return null;
  }
  if (request.method !== "POST") {
    throw new Refusal(405, "method_not_allowed", { Allow: "POST, OPTIONS" });
  }
  if (isFlooding(request)) {
    throw new Refusal(429, "rate_limited", { "Retry-After": "60" });
  }
  const { firstName, lastName, emailAddress, ...answers } = await readAnswers(request);
  // What an anonymous visitor types is only a claim. It never replaces a part of a signed-in visitor.
  const visitor = findSignedInVisitor(request) ?? { firstName, lastName, emailAddress };
  try {
    return await withTimeLimit(TIMEOUT_SECONDS, (signal) => establishSession({ ...answers, ...visitor }, signal));
  } catch (error) {
    // The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
    console.error(`establishSessions: ${error instanceof SyntaxError ? "no JSON" : (error.cause?.code ?? error.message)}`);
    throw error.name === "TimeoutError" ? new Refusal(504, "service_timeout") : new Refusal(502, "service_unavailable");
  }
}

function send(request, response, status, body, headers = {}) {
  const { origin } = request.headers;
  response.writeHead(status, {
    "Cache-Control": "no-store",
    Vary: "Origin",
    "X-Content-Type-Options": "nosniff",
    ...(allowedOrigins.includes(origin) && {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Allow-Methods": "POST",
      "Access-Control-Allow-Headers": "Content-Type",
    }),
    ...(body && { "Content-Type": "application/json" }),
    ...headers,
  });
  response.end(body && JSON.stringify(body));
}

createServer((request, response) => {
  answer(request).then(
    (session) => send(request, response, session ? 200 : 204, session),
    (error) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, "internal");
      send(request, response, refusal.status, { error: refusal.message }, refusal.headers);
    },
  );
}).listen(Number(PORT), "127.0.0.1");
