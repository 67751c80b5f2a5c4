// Checks that each example keeps the contract in ../README.md. Starts each of them twice, before a stand-in of the service site
// (service-site.mjs) and the sandbox: as a server behind one proxy, which this file plays, and as a server that clients reach
// directly, whose password is wrong, and which waits only 2 s. The requests and what is expected of them are in cases.json, and how to start each
// example is in endpoints.json. `cargo xtask test endpoints` installs what is needed and runs this file.
//
// PIPIT_SANDBOX and PIPIT_SESSION are the paths of the programs `pipit-sandbox` and `pipit-session`, PIPIT_PYTHON the Python of the environment with the packages, and
// PIPIT_ENDPOINTS what to check: kinds (`scripts`: Node.js and Python; `debian`: PHP and Java) or names of examples, separated by commas.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { request as sendRequest } from "node:http";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { ESTABLISH_SESSIONS_PATH, FAILURE_MARK, PASSWORD, USER, startServiceSite } from "./service-site.mjs";

const readJson = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url)));
const { PIPIT_SANDBOX, PIPIT_SESSION, PIPIT_PYTHON = "python3", PIPIT_ENDPOINTS } = process.env;
const programsByName = { python: PIPIT_PYTHON, "pipit-session": PIPIT_SESSION };
/** What the cookie of the signed-in visitor is in cases.json. An endpoint can have a `login` that takes its place. */
const LOGIN = "session-of-mia";
const wanted = PIPIT_ENDPOINTS.split(",");
const endpoints = readJson("endpoints.json").filter(({ name, kind }) => wanted.includes(kind) || wanted.includes(name));
const cases = readJson("cases.json");

/** The longest wait until a program answers, in ms. */
const START_TIMEOUT = 60_000;
/** The longest wait for an answer, in ms. It is longer than each endpoint waits for the service site. */
const ANSWER_TIMEOUT = 20_000;
const LISTED_ORIGINS = ["https://shop.example", "https://www.shop.example"];
const CHATS_PER_MINUTE = 5;

/** A port that nothing listens on. */
async function findFreePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program, and waits until it listens on the port. */
async function start([program, ...programArguments], directory, environment, port) {
  const child = spawn(program, programArguments, { cwd: directory, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  const started = { output: "", stop: () => {} };
  const ended = new Promise((resolve) => child.on("close", resolve));
  started.stop = () => {
    child.kill("SIGKILL");
    return ended;
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      started.output += data;
    });
  }
  let isGone = false;
  child.on("error", (error) => {
    started.output += error;
    isGone = true;
  });
  child.on("exit", () => {
    isGone = true;
  });
  const giveUpAt = Date.now() + START_TIMEOUT;
  while (!(await accepts(port))) {
    if (isGone || Date.now() > giveUpAt) {
      throw new Error(`${program} does not listen: ${started.output}`);
    }
    await wait(50);
  }
  return started;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Sends a request as a browser on the listed page does, unless `headers` says otherwise. `null` leaves a header out. */
function send(port, { path = "/chat-session", method = "POST", headers = {}, body = "{}" }) {
  const sentBody = method === "GET" ? "" : body;
  const allHeaders = {
    Origin: LISTED_ORIGINS[0],
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(sentBody),
    ...headers,
  };
  const sentHeaders = Object.fromEntries(Object.entries(allHeaders).filter(([, value]) => value !== null));
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest({ host: "127.0.0.1", port, path, method, headers: sentHeaders, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    outgoing.setTimeout(ANSWER_TIMEOUT, () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", reject);
    outgoing.end(sentBody);
  });
}

/** The requests of a case: one for each element of its lists. */
function* requestsOf({ method, methods = [method], headers, headerSets = [headers], body, bodies, text, texts, repeats }) {
  const repeated = repeats?.map(({ before: head = "", text: unit, times, after: end = "" }) => head + unit.repeat(times) + end);
  const serialized = bodies?.map((value) => JSON.stringify(value));
  const bodyTexts = texts ?? repeated ?? serialized ?? [text ?? JSON.stringify(body ?? {})];
  for (const eachMethod of methods) {
    for (const eachHeaders of headerSets) {
      for (const eachBody of bodyTexts) {
        yield { method: eachMethod, headers: eachHeaders, body: eachBody };
      }
    }
  }
}

/** Headers with the endpoint's own login in the place of the one in cases.json. */
function withLogin(headers = {}, login) {
  const isText = ([, value]) => typeof value === "string";
  const replaced = Object.entries(headers).filter(isText);
  return { ...headers, ...Object.fromEntries(replaced.map(([name, value]) => [name, value.replace(LOGIN, login)])) };
}

/** Checks what every answer of an endpoint has to be. */
function checkAnswer({ status, headers, text }, what) {
  assert.match(headers["cache-control"] ?? "", /no-store/, `${what}: Cache-Control`);
  assert.match(headers.vary ?? "", /\bOrigin\b/i, `${what}: Vary`);
  const origin = headers["access-control-allow-origin"];
  assert.ok(origin === undefined || LISTED_ORIGINS.includes(origin), `${what}: open to ${origin}`);
  if (status === 204) {
    assert.equal(text, "", what);
    return;
  }
  assert.match(headers["content-type"] ?? "", /^application\/json\b/, `${what}: Content-Type of ${text}`);
  const members = Object.keys(JSON.parse(text)).sort();
  assert.deepEqual(members, status === 200 ? ["channelToken", "sessionServerResponse", "siteName"] : ["error"], what);
}

if (wanted.includes("debian")) {
  it("dotnet: has no syntax error (it is not compiled, and not run)", () => {
    const file = fileURLToPath(new URL("../dotnet/Program.cs", import.meta.url));
    const check = spawnSync(PIPIT_PYTHON, [fileURLToPath(new URL("csharp_syntax.py", import.meta.url)), file], { encoding: "utf8" });
    assert.equal(check.status, 0, check.stdout + check.stderr);
  });
}

describe("session endpoints", { concurrency: true }, () => {
  let sandbox = null;
  let sandboxPort = 0;
  before(async () => {
    sandboxPort = await findFreePort();
    sandbox = await start([PIPIT_SANDBOX, "--api-port", String(sandboxPort)], tmpdir(), {}, sandboxPort);
  });
  after(() => sandbox?.stop());
  for (const endpoint of endpoints) {
    describe(endpoint.name, { concurrency: false }, () => checkEndpoint(endpoint, () => sandboxPort));
  }
});

function checkEndpoint(endpoint, sandboxPort) {
  const { name, folder = name, command, readsWholeBody = false, environment: ownVariables = {}, proxied = {}, direct = {}, login = LOGIN } = endpoint;
  let site = null;
  let programs = [];
  let [proxiedPort, directPort] = [0, 0];
  /** All answers and tokens, to search them for secrets at the end. */
  const answers = [];
  let clientCount = 0;
  /** The header with which the proxy says which client it serves. Each call has a client of its own, so that no limit is hit. */
  const asNewClient = () => {
    clientCount += 1;
    return { "X-Forwarded-For": `192.0.2.1, 198.51.${clientCount >> 8}.${clientCount & 255}` };
  };
  const ask = async (request, port = proxiedPort) => {
    const answer = await send(port, request);
    answers.push(answer);
    checkAnswer(answer, `${request.method ?? "POST"} ${JSON.stringify(request.headers)} ${request.body?.slice(0, 200)}`);
    return answer;
  };

  before(async () => {
    site = await startServiceSite(sandboxPort());
    [proxiedPort, directPort] = [await findFreePort(), await findFreePort()];
    const run = (port, variables) => {
      const environment = {
        ALLOWED_ORIGINS: LISTED_ORIGINS.join(","),
        B2C_PASSWORD: PASSWORD,
        B2C_SITE: site.url,
        B2C_USER: USER,
        CHATS_PER_MINUTE: String(CHATS_PER_MINUTE),
        CUSTOM_FIELDS: "orderNumber,newsletter",
        DEMO_LOGINS: JSON.stringify({ "session-of-mia": { contactId: 4711, firstName: "Mia", emailAddress: "mia@shop.example" } }),
        PORT: String(port),
        RATE_FILE: rateFile(port),
        TIMEOUT_SECONDS: "10",
        ...ownVariables,
        ...variables,
      };
      const words = command.map((word) => programsByName[word] ?? word.replace("$PORT", String(port)));
      return start(words, new URL(`../${folder}/`, import.meta.url), environment, port);
    };
    programs = await Promise.all([run(proxiedPort, { PROXIES: "1", ...proxied }), run(directPort, { PROXIES: "0", B2C_PASSWORD: "wrong", TIMEOUT_SECONDS: "2", ...direct })]);
  });
  after(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await site?.stop();
    [proxiedPort, directPort].forEach((port) => rmSync(rateFile(port), { force: true }));
  });

  beforeEach(() => {
    site.mode = "sandbox";
    site.requests.length = 0;
  });

  for (const testCase of cases) {
    it(testCase.name, async () => {
      const { status, error, sent, headers = {}, calls = Number(status === 200) } = testCase.expect;
      for (const mode of testCase.modes ?? ["sandbox"]) {
        for (const request of requestsOf(testCase)) {
          site.mode = mode;
          site.requests.length = 0;
          const port = testCase.instance === "direct" ? directPort : proxiedPort;
          const answer = await ask({ ...request, headers: { ...withLogin(request.headers, login), ...asNewClient() } }, port);
          const what = `${mode}, ${JSON.stringify(request).slice(0, 300)}`;
          assert.deepEqual([answer.status, JSON.parse(answer.text || "{}").error], [status, error], what);
          assert.equal(site.requests.length, calls, `requests to the service site: ${what}`);
          for (const [header, value] of Object.entries(headers)) {
            assert.equal(answer.headers[header.toLowerCase()] ?? null, value, `${header}: ${what}`);
          }
          if (sent) {
            assert.deepEqual(JSON.parse(JSON.parse(site.requests[0].body).sessionInformation), sent, what);
          }
        }
      }
    });
  }

  it("calls establishSessions as the service site requires it", async () => {
    await ask({ headers: asNewClient(), body: '{"firstName":"Mia"}' });
    const [{ method, path, headers, body }] = site.requests;
    assert.deepEqual([method, path], ["POST", ESTABLISH_SESSIONS_PATH]);
    assert.equal(headers.authorization, `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`);
    assert.match(headers["content-type"], /^application\/json\b/);
    const context = headers["osvc-crest-application-context"] ?? "";
    assert.ok(context.length > 0 && context.length <= 40, `the application context is ${JSON.stringify(context)}`);
    const { sessionInformation, ...others } = JSON.parse(body);
    assert.deepEqual([typeof sessionInformation, others], ["string", {}]);
    assert.deepEqual(JSON.parse(sessionInformation), { firstName: "Mia" });
  });

  it("opens its answers, errors too, to each listed origin", async () => {
    for (const origin of LISTED_ORIGINS) {
      for (const body of ["{}", "[]"]) {
        const answer = await ask({ headers: { Origin: origin, ...asNewClient() }, body });
        assert.equal(answer.headers["access-control-allow-origin"], origin);
      }
    }
  });

  it("starts a chat out of hours, so that the chat server itself says that it is closed", async () => {
    const call = (path, headers, body) => send(sandboxPort(), { path, headers, body: JSON.stringify(body) });
    const { text } = await ask({ headers: asNewClient() });
    const { siteName, channelToken, sessionServerResponse } = JSON.parse(text);
    const { pool } = JSON.parse(sessionServerResponse);
    const path = `/engagement/api/consumer/${siteName}/v1/requestEngagement?pool=${pool}`;
    const request = { Authorization: `Bearer ${channelToken}`, Origin: null };
    // Other examples use the same sandbox, but only this test requests engagements, one example after another.
    for (const resultType of ["FAIL_OUT_OF_HOURS", "FAIL_NO_AGENTS_AVAIL"]) {
      const engagement = await outOfHours.run(async () => {
        await call("/sandbox/fault", { Origin: null }, { operation: "requestEngagement", resultType });
        const session = JSON.parse((await ask({ headers: asNewClient() })).text);
        return call(path, { ...request, Authorization: `Bearer ${session.channelToken}` }, {});
      });
      assert.equal(JSON.parse(engagement.text).resultType, resultType);
    }
    const engagement = await outOfHours.run(() => call(path, request, {}));
    assert.equal(JSON.parse(engagement.text).resultType, "SUCCESS");
  });

  it("refuses a body whose length is known, before it has come, and a body whose length is unknown", async () => {
    const text = `{"question":"${"a".repeat(20_000)}"}`;
    // The rest of the first body never comes, if the server gives a program the beginning of a body. The second one is sent in
    // chunks, and ends.
    for (const [framing, body] of [
      [`Content-Length: ${readsWholeBody ? text.length : 50_000_000}`, text],
      ["Transfer-Encoding: chunked", `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`],
    ]) {
      const [forwarded] = Object.values(asNewClient());
      const head = `POST /chat-session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nX-Forwarded-For: ${forwarded}\r\n${framing}\r\n\r\n`;
      assert.match(await readFirstLine(proxiedPort, head + body), /^HTTP\/1\.1 413 /, framing);
    }
  });

  it("limits the requests of each client, also bad ones", async () => {
    // One window can end during the test, so there are more requests than two windows allow.
    const flood = async (request, port) => {
      const statuses = [];
      for (let count = 0; count <= 2 * CHATS_PER_MINUTE; count += 1) {
        const { status, headers } = await ask(request(count), port);
        statuses.push(status);
        if (status === 429) {
          assert.match(headers["retry-after"], /^[1-9]\d*$/);
        }
      }
      return statuses;
    };
    const client = asNewClient();
    const good = await flood(() => ({ headers: client }));
    assert.deepEqual(good.slice(0, CHATS_PER_MINUTE), Array(CHATS_PER_MINUTE).fill(200));
    assert.equal(good.at(-1), 429);
    assert.equal((await ask({ headers: asNewClient() })).status, 200, "another client");
    const bad = await flood(() => ({ headers: asClientOfProxy("198.51.100.250"), body: "[]" }));
    assert.equal(bad.at(-1), 429);
    // What the visitor adds to the header in front of the proxy's own address changes nothing.
    const spoofed = await flood((count) => ({ headers: asClientOfProxy(`203.0.113.${count}, 198.51.100.251`) }));
    assert.equal(spoofed.at(-1), 429);
  });

  it("believes no X-Forwarded-For where there is no proxy, and hands on refused credentials as a failure", async () => {
    const statuses = [];
    for (let count = 0; count <= 2 * CHATS_PER_MINUTE; count += 1) {
      const { status } = await ask({ headers: asClientOfProxy(`203.0.113.${count}`) }, directPort);
      statuses.push(status);
    }
    assert.equal(statuses[0], 502, "the password is wrong");
    assert.equal(statuses.at(-1), 429);
  });

  it("still works, and has told no secret and nothing of the visitor", async () => {
    assert.equal((await ask({ headers: asNewClient() })).status, 200);
    const output = programs.map((program) => program.output).join("\n");
    const tokens = answers.filter(({ status }) => status === 200).map(({ text }) => JSON.parse(text).channelToken);
    const secrets = [PASSWORD, USER, Buffer.from(`${USER}:${PASSWORD}`).toString("base64"), encodeURIComponent(PASSWORD), FAILURE_MARK];
    const ofVisitors = ["a question that belongs into no log", login, "mia@shop.example"];
    for (const secret of [...secrets, ...ofVisitors, ...tokens]) {
      assert.ok(!output.includes(secret), `the log contains ${secret}:\n${output}`);
    }
    for (const { status, headers, text } of answers) {
      const whole = JSON.stringify(headers) + text;
      for (const secret of status === 200 ? secrets : [...secrets, ...ofVisitors]) {
        assert.ok(!whole.includes(secret), `an answer contains ${secret}: ${whole}`);
      }
    }
    assert.match(output, /establishSessions/, "the log names the cause of the failures");
  });
}

/** The file in which an example counts requests that has no memory between them. */
const rateFile = (port) => join(tmpdir(), `chat-session-${process.pid}-${port}.json`);

const asClientOfProxy = (forwarded) => ({ "X-Forwarded-For": forwarded });

/** Runs one function after another, because the sandbox's fault strikes the next request of anybody. */
const outOfHours = {
  last: Promise.resolve(),
  run(steps) {
    const result = outOfHours.last.then(steps);
    outOfHours.last = result.catch(() => {});
    return result;
  },
};

/** Sends bytes, and returns the first line of the answer. */
function readFirstLine(port, bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.setTimeout(ANSWER_TIMEOUT, () => socket.destroy(new Error("no answer in time")));
    socket.on("data", (data) => {
      text += data;
      if (text.includes("\r\n")) {
        socket.destroy();
        resolve(text.split("\r\n")[0]);
      }
    });
    socket.on("error", reject);
    socket.on("end", () => reject(new Error(`the connection ended after ${JSON.stringify(text)}`)));
  });
}
