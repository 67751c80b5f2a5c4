// A session endpoint for Pipit as a function from a `Request` to a `Response`, for platforms without servers. It needs Node.js 20 or
// any runtime with the web's own classes. The widget POSTs what the visitor has filled in. The function adds who is signed in, and
// answers with a session of the chat. ../README.md gives the reasons. lambda.mjs and worker.mjs fit it to two kinds of platforms.

const MAX_BODY_BYTES = 16_384;
const TEXT_LIMITS = { firstName: 80, lastName: 80, emailAddress: 80, question: 4_000 };
const MAX_CUSTOM_FIELDS = 20;

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
async function findSignedInVisitor(request, env) {
  const sessions = new Map(Object.entries(JSON.parse(env.DEMO_LOGINS ?? "{}")));
  const cookie = /(?:^|; )login=([^;]*)/.exec(request.headers.get("Cookie") ?? "");
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
async function establishSession(sessionInformation, env, signal) {
  const credentials = new TextEncoder().encode(`${env.B2C_USER}:${env.B2C_PASSWORD}`);
  const response = await fetch(`${env.B2C_SITE}/services/rest/crossChannelServices/latest/establishSessions`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(String.fromCharCode(...credentials))}`,
      "Content-Type": "application/json",
      "OSvC-CREST-Application-Context": "Chat session endpoint",
    },
    // The value is JSON in a text, not an object.
    body: JSON.stringify({ sessionInformation: JSON.stringify(sessionInformation) }),
    redirect: "manual",
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

function isCustomField(field, names) {
  const { name, type, value, ...others } = field ?? {};
  const isValue = (type === "STRING" && isText(value, 1_000)) || (type === "BOOLEAN" && typeof value === "boolean");
  return isValue && names.includes(name) && Object.keys(others).length === 0;
}

function isAnswer(name, value, customFieldNames) {
  if (Object.hasOwn(TEXT_LIMITS, name)) {
    return isText(value, TEXT_LIMITS[name]);
  }
  if (["productId", "categoryId", "queueId"].includes(name)) {
    return Number.isSafeInteger(value) && value > 0;
  }
  const isList = name === "customFields" && Array.isArray(value) && value.length <= MAX_CUSTOM_FIELDS;
  return isList && value.every((field) => isCustomField(field, customFieldNames));
}

/** Reads the body. Stops at the limit, so that nobody can fill the memory. */
async function readBody(request) {
  const reader = request.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let byteCount = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader.read()) {
    byteCount += part.value.length;
    if (byteCount > MAX_BODY_BYTES) {
      reader.cancel().catch(() => {});
      throw new Refusal(413, "too_large");
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/** Reads what the visitor has filled in. Only members that the widget is known to send are accepted. */
async function readAnswers(request, env) {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("Content-Type") ?? "")) {
    throw new Refusal(415, "unsupported_type");
  }
  const text = await readBody(request);
  const customFieldNames = (env.CUSTOM_FIELDS ?? "").split(",").filter(Boolean);
  let answers = null;
  try {
    answers = JSON.parse(text);
  } catch {
    // `answers` stays null.
  }
  const isObject = answers !== null && typeof answers === "object" && !Array.isArray(answers);
  if (!isObject || !Object.entries(answers).every(([name, value]) => isAnswer(name, value, customFieldNames))) {
    throw new Refusal(400, "malformed");
  }
  return answers;
}

let currentMinute = 0;
const requestCounts = new Map();

/**
 * Counts the requests of each client in each minute, in the memory of this instance. A platform runs several instances, so also set
 * its own limit.
 */
function isFlooding(client, env) {
  const minute = Math.floor(Date.now() / 60_000);
  if (minute !== currentMinute) {
    currentMinute = minute;
    requestCounts.clear();
  }
  requestCounts.set(client, (requestCounts.get(client) ?? 0) + 1);
  return requestCounts.get(client) > Number(env.CHATS_PER_MINUTE ?? 10);
}

async function answer(request, client, env, allowedOrigins) {
  const origin = request.headers.get("Origin");
  if (origin !== null && !allowedOrigins.includes(origin)) {
    throw new Refusal(403, "origin_not_allowed");
  }
  if (request.method === "OPTIONS") {
    return null;
  }
  if (request.method !== "POST") {
    throw new Refusal(405, "method_not_allowed", { Allow: "POST, OPTIONS" });
  }
  if (isFlooding(client, env)) {
    throw new Refusal(429, "rate_limited", { "Retry-After": "60" });
  }
  const { firstName, lastName, emailAddress, ...answers } = await readAnswers(request, env);
  // What an anonymous visitor types is only a claim. It never replaces a part of a signed-in visitor.
  const visitor = (await findSignedInVisitor(request, env)) ?? { firstName, lastName, emailAddress };
  try {
    return await withTimeLimit(Number(env.TIMEOUT_SECONDS ?? 10), (signal) => establishSession({ ...answers, ...visitor }, env, signal));
  } catch (error) {
    // The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
    console.error(`establishSessions: ${error instanceof SyntaxError ? "no JSON" : (error.cause?.code ?? error.message)}`);
    throw error.name === "TimeoutError" ? new Refusal(504, "service_timeout") : new Refusal(502, "service_unavailable");
  }
}

/**
 * Answers a request. `client` is the address that the platform has seen, not a header that the visitor can send. `env` has the
 * variables.
 */
export async function handle(request, client, env) {
  const allowedOrigins = (env.ALLOWED_ORIGINS ?? "").split(",");
  const origin = request.headers.get("Origin");
  const headers = new Headers({ "Cache-Control": "no-store", Vary: "Origin", "X-Content-Type-Options": "nosniff" });
  if (allowedOrigins.includes(origin)) {
    headers.set("Access-Control-Allow-Origin", origin);
    headers.set("Access-Control-Allow-Methods", "POST");
    headers.set("Access-Control-Allow-Headers", "Content-Type");
  }
  try {
    const session = await answer(request, client, env, allowedOrigins);
    return session ? Response.json(session, { headers }) : new Response(null, { status: 204, headers });
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, "internal");
    Object.entries(refusal.headers).forEach(([name, value]) => headers.set(name, value));
    return Response.json({ error: refusal.message }, { status: refusal.status, headers });
  }
}
