// A session endpoint for Pipit with Express 5. The widget POSTs what the visitor has filled in to /chat-session. This server adds
// who is signed in, and answers with a session of the chat. ../README.md gives the reasons.

import express from "express";
import { rateLimit } from "express-rate-limit";

const { B2C_SITE, B2C_USER, B2C_PASSWORD, ALLOWED_ORIGINS, CUSTOM_FIELDS = "", PORT = "8080" } = process.env;
const { CHATS_PER_MINUTE = "10", TIMEOUT_SECONDS = "10", PROXIES = "0" } = process.env;
const MAX_BODY_BYTES = 16_384;
const TEXT_LIMITS = { firstName: 80, lastName: 80, emailAddress: 80, question: 4_000 };
const MAX_CUSTOM_FIELDS = 20;

if (!B2C_SITE || !B2C_USER || !B2C_PASSWORD || !ALLOWED_ORIGINS) {
  console.error("Set B2C_SITE, B2C_USER, B2C_PASSWORD and ALLOWED_ORIGINS.");
  process.exit(1);
}
const allowedOrigins = ALLOWED_ORIGINS.split(",");
const customFieldNames = CUSTOM_FIELDS.split(",").filter(Boolean);

/**
 * YOUR LOGIN. Replace this function: return the signed-in visitor from your own session, such as `request.session.user`, or null.
 * Never take any of these members from the body of the request. Here, the variable DEMO_LOGINS plays the table of sessions.
 */
function findSignedInVisitor(request) {
  const sessions = new Map(Object.entries(JSON.parse(process.env.DEMO_LOGINS ?? "{}")));
  const cookie = /(?:^|; )login=([^;]*)/.exec(request.get("Cookie") ?? "");
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

/** Refuses pages of other origins, and opens the answers to the listed ones. */
function checkOrigin(request, response, next) {
  const origin = request.get("Origin");
  response.set({ "Cache-Control": "no-store", Vary: "Origin", "X-Content-Type-Options": "nosniff" });
  if (allowedOrigins.includes(origin)) {
    response.set({ "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type" });
  } else if (origin !== undefined) {
    response.status(403).json({ error: "origin_not_allowed" });
    return;
  }
  next();
}

const limitRate = rateLimit({
  windowMs: 60_000,
  limit: Number(CHATS_PER_MINUTE),
  legacyHeaders: false,
  validate: { xForwardedForHeader: false },
  handler: (_request, response) => response.status(429).set("Retry-After", "60").json({ error: "rate_limited" }),
});

/** Refuses what `express.json` would read to its end before it refuses it, or would not read at all. */
function checkTypeAndLength(request, response, next) {
  if (!request.is("application/json")) {
    response.status(415).json({ error: "unsupported_type" });
  } else if (Number(request.get("Content-Length") ?? 0) > MAX_BODY_BYTES) {
    response.status(413).json({ error: "too_large" });
  } else {
    next();
  }
}

async function startSession(request, response) {
  if (Array.isArray(request.body) || !Object.entries(request.body).every(isAnswer)) {
    response.status(400).json({ error: "malformed" });
    return;
  }
  const { firstName, lastName, emailAddress, ...answers } = request.body;
  // What an anonymous visitor types is only a claim. It never replaces a part of a signed-in visitor.
  const visitor = findSignedInVisitor(request) ?? { firstName, lastName, emailAddress };
  try {
    response.json(await withTimeLimit(Number(TIMEOUT_SECONDS), (signal) => establishSession({ ...answers, ...visitor }, signal)));
  } catch (error) {
    // The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
    console.error(`establishSessions: ${error instanceof SyntaxError ? "no JSON" : (error.cause?.code ?? error.message)}`);
    if (error.name === "TimeoutError") {
      response.status(504).json({ error: "service_timeout" });
    } else {
      response.status(502).json({ error: "service_unavailable" });
    }
  }
}

/** What `express.json` refuses, in the words of this endpoint. Without it, Express would answer with a page and the stack. */
function handleError(error, _request, response, _next) {
  const codes = { 400: "malformed", 413: "too_large", 415: "unsupported_type" };
  const status = error.status in codes ? error.status : 500;
  response.status(status).json({ error: codes[status] ?? "internal" });
}

const app = express();
app.disable("x-powered-by");
app.disable("etag");
// The number of proxies of yours before this server. Express reads the client's address from X-Forwarded-For accordingly.
app.set("trust proxy", Number(PROXIES));
app
  .route("/chat-session")
  .all(checkOrigin)
  .options((_request, response) => response.status(204).end())
  .post(limitRate, checkTypeAndLength, express.json({ limit: MAX_BODY_BYTES, inflate: false }), startSession)
  .all((_request, response) => response.status(405).set("Allow", "POST, OPTIONS").json({ error: "method_not_allowed" }));
app.use((_request, response) => response.status(404).json({ error: "not_found" }));
app.use(handleError);
app.listen(Number(PORT), "127.0.0.1");
