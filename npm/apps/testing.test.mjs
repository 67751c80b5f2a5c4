// Tests of `pipit-chat/testing` on Node.js: the sandbox in the page and its agents, without a chat. Requests stand in for the visitor.
// `cargo xtask test testing` runs this file with the installed package.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, afterEach, test } from "node:test";
import { Agent, Sandbox } from "pipit-chat/testing";

// Nothing else keeps Node.js running while a poll is held.
const running = setInterval(() => {}, 60_000);
after(() => clearInterval(running));

const CONSUMER = "/engagement/api/consumer/pipit_demo/v1";
const ECHO = { account: 12, name: "Ana Marques", kind: "echo" };

let sandbox;
afterEach(() => {
  polled = undefined;
  return sandbox?.close();
});

/** The sandbox whose visitor of a script polls. A sandbox that is closed answers each poll at once. */
let polled;

async function post(path, body, headers = {}, signal) {
  return fetch(`${sandbox.url}${path}`, { method: "POST", body: JSON.stringify(body), headers, signal: signal ?? null });
}

/** Begins a conversation, and returns a function that calls an operation of the visitor. */
async function begin() {
  const { channelToken } = await (await post("/session", { firstName: "Eva" })).json();
  const started = await (await post(`${CONSUMER}/requestEngagement?pool=297:1`, {}, { Authorization: `Bearer ${channelToken}` })).json();
  assert.equal(started.resultType, "SUCCESS");
  return (operation, body = {}, signal) => post(`${CONSUMER}/${operation}?pool=297:1`, body, { SessionId: started.sessionId }, signal);
}

async function messages(call) {
  return (await (await call("getMessages")).json()).systemMessages;
}

test("a held poll ends in virtual time, and a timer of the page with it", async () => {
  sandbox = await Sandbox.inPage({ start: 1_800_000_000_000 });
  const call = await begin();
  await messages(call);
  const began = process.hrtime.bigint();
  const events = [];
  setTimeout(() => events.push("timer at 29 s"), 29_000);
  setTimeout(() => events.push("timer at 31 s"), 31_000);
  const poll = messages(call).then((batch) => events.push(`poll at 30 s with ${batch.length} messages`));
  await sandbox.advance("29500ms");
  assert.deepEqual(events, ["timer at 29 s"]);
  await sandbox.advance("2s");
  await poll;
  assert.deepEqual(events, ["timer at 29 s", "poll at 30 s with 0 messages", "timer at 31 s"]);
  assert.equal(sandbox.now().getTime(), 1_800_000_031_500);
  assert.ok(process.hrtime.bigint() - began < 5_000_000_000n);
});

test("everything comes out the same each time", async () => {
  const runs = [];
  for (let run = 0; run < 2; run += 1) {
    sandbox = await Sandbox.inPage({ seed: 7, start: 1_800_000_000_000, agents: [ECHO] });
    const call = await begin();
    await call("postMessage", { body: "Where is my order?" });
    await sandbox.advance("1min");
    const first = await messages(call);
    await sandbox.advance("1s");
    await call("postMessage", { body: "Is it on its way?" });
    await sandbox.settle();
    const batches = [...first, ...(await messages(call))];
    assert.ok(batches.some((message) => message.body === "Is it on its way?"));
    runs.push(batches);
    await sandbox.close();
  }
  assert.deepEqual(runs[0], runs[1]);
});

test("faults reach the page as they would on a network", async () => {
  sandbox = await Sandbox.inPage();
  const call = await begin();
  await sandbox.breakNetwork("postMessage", "drop_before");
  await assert.rejects(call("postMessage", { body: "Hello" }), TypeError);
  await sandbox.breakNetwork("postMessage", "cut");
  const cut = await call("postMessage", { body: "Hello" });
  assert.equal(cut.status, 200);
  await assert.rejects(cut.json(), TypeError);
  await sandbox.breakNetwork("postMessage", { refuse: { status: 503, retry_after: 2 } });
  const refused = await call("postMessage", { body: "Hello" });
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "2"]);
  await sandbox.fail("postMessage", { status: 500 });
  assert.equal((await call("postMessage", { body: "Hello" })).status, 500);
  await sandbox.breakNetwork("postMessage", { delay_ms: 500 });
  let isAnswered = false;
  const delayed = call("postMessage", { body: "Hello again" }).then(() => (isAnswered = true));
  await sandbox.advance(499);
  assert.equal(isAnswered, false);
  await sandbox.advance(1);
  await delayed;
});

test("an aborted poll loses no messages", async () => {
  sandbox = await Sandbox.inPage({ agents: [ECHO] });
  const call = await begin();
  await messagesUntil(call, (all) => all.some((message) => message.messageName === "RNEngagementParticipantAddedMessage"));
  const abort = new AbortController();
  const poll = call("getMessages", {}, abort.signal);
  await sandbox.settle();
  abort.abort();
  await assert.rejects(poll, { name: "AbortError" });
  await call("postMessage", { body: "Still there?" });
  await sandbox.settle();
  assert.ok((await messages(call)).some((message) => message.body === "Still there?"));
});

test("other addresses are not the sandbox's, and a closed sandbox answers nothing", async () => {
  const { fetch: before, setTimeout: timeoutBefore } = globalThis;
  sandbox = await Sandbox.inPage();
  await assert.rejects(Sandbox.inPage(), /has a sandbox already/);
  const other = await fetch("data:text/plain,elsewhere");
  assert.equal(await other.text(), "elsewhere");
  await sandbox.close();
  assert.equal(globalThis.fetch, before);
  assert.equal(globalThis.setTimeout, timeoutBefore);
  await assert.rejects(before(`${sandbox.url}/sandbox/state`));
});

test("errors say what is wrong", async () => {
  await assert.rejects(Sandbox.inPage({ setings: {} }), /unknown field `setings`/);
  await assert.rejects(Sandbox.inPage({ settings: { sneak_preview_state: "BOGUS" } }), /sneak_preview_state/);
  sandbox = await Sandbox.inPage();
  for (const duration of ["soon", "-1s", -1, Number.NaN, "1d"]) {
    await assert.rejects(sandbox.advance(duration), /is no duration/);
  }
  await assert.rejects(sandbox.configure({ hold_ms: "long" }), /hold_ms/);
});

test("an agent takes the conversation, and each side reads what the other says", async () => {
  sandbox = await Sandbox.inPage();
  const agent = await Agent.signIn({ sandbox });
  const call = await begin();
  const engagement = await agent.accept();
  assert.match(engagement, /^\d{16}$/, "an id above 2^53, with all its digits");
  await call("postMessage", { body: "Where is my order?" });
  const message = await agent.sees("message", /order/);
  assert.equal(message.body, "Where is my order?");
  await agent.typing();
  await agent.say("It is on its way.");
  await agent.sayHtml("<b>Today</b>");
  await agent.sendFile({ name: "label.pdf", type: "application/pdf", size: 4_096 });
  const seen = await messagesUntil(call, (all) => JSON.stringify(all).includes("label.pdf"));
  assert.ok(seen.some((it) => it.body === "It is on its way."), JSON.stringify(seen));
  assert.ok(seen.some((it) => it.mode === "RESPONDING"), JSON.stringify(seen));
  assert.ok(seen.some((it) => it.body === "<b>Today</b>" && it.richText), JSON.stringify(seen));
  await call("activity", { mode: "RESPONDING", sneakPreviewText: "And where is th" });
  assert.equal((await agent.sees("preview", "And where is th")).type, "ChatActivitySignal");
  await agent.conclude();
  await messagesUntil(call, (all) => all.some((it) => it.messageName === "RNEngagementConcludedMessage"));
  await agent.signOut();
  await assert.rejects(agent.say("Anybody?"));
});

test("a wait that fails says what was seen instead", async () => {
  sandbox = await Sandbox.inPage();
  const agent = await Agent.signIn({ sandbox, waitLimit: "200ms" });
  await assert.rejects(agent.accept(), /Waited 200 ms for the offer of a conversation\. No other message arrived\./);
  const call = await begin();
  await agent.accept();
  await call("postMessage", { body: "Hello" });
  await assert.rejects(agent.sees("message", "Good-bye"), /Waited 200 ms for the message "Good-bye"\. Seen instead: .*the message "Hello"/);
  await agent.signOut();
});

test("messages of an agent can be iterated, with ids as texts", async () => {
  sandbox = await Sandbox.inPage();
  const agent = await Agent.signIn({ sandbox });
  const call = await begin();
  await agent.accept();
  await call("postMessage", { body: "One" });
  await call("postMessage", { body: "Two" });
  const bodies = [];
  for await (const message of agent.messages()) {
    if (message.type === "ChatPostMessage") {
      assert.match(message.destinationId, /^\d{16}$/);
      bodies.push(message.body);
    }
    if (bodies.length === 2) {
      break;
    }
  }
  assert.deepEqual(bodies, ["One", "Two"]);
  await agent.signOut();
});

test("agents share a conversation, and hand it over", async () => {
  sandbox = await Sandbox.inPage();
  const ana = await Agent.signIn({ sandbox });
  const call = await begin();
  await ana.accept();
  const ben = await Agent.signIn({ sandbox, account: 13 });
  await ana.conference(ben);
  await ben.accept();
  await ben.say("Ben here.");
  await ana.sees("message", "Ben here.");
  await ben.signOut();
  await ana.transferToQueue();
  await messagesUntil(call, (all) => all.some((it) => it.messageName === "RNEngagementWaitInformationChangedMessage" && it.sequenceNumber > 1));
  await ana.signOut();
});

/** Polls until the messages so far meet a condition, and returns them. */
async function messagesUntil(call, isEnough) {
  const all = [];
  while (!isEnough(all)) {
    all.push(...(await messages(call)));
  }
  return all;
}

test("a timer that outlives the sandbox can still be stopped", async () => {
  sandbox = await Sandbox.inPage();
  let hasFired = false;
  const timer = setTimeout(() => (hasFired = true), 20);
  await sandbox.close();
  clearTimeout(timer);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(hasFired, false);
});

// Scripts

const CONVERSATIONS = new URL("./node_modules/pipit-chat/testing/conversations/", import.meta.url);

/** What the visitor below cannot do: some words, to follow to another pool, and to wait for what only a visitor sees. */
const BEYOND_THE_VISITOR = /"(?:type|sendAgain|allowPreview|reload|openTab|migrate)"|visitor = "sees".* within/;

/** The scripts of the package that the visitor below can play. */
const scripts = readdirSync(CONVERSATIONS)
  .map((name) => ({ name, text: readFileSync(new URL(name, CONVERSATIONS), "utf8") }))
  .filter(({ text }) => !BEYOND_THE_VISITOR.test(text));

/** A visitor of a script: a bare client of the API, which sees the messages and the end of a conversation. */
function bareVisitor() {
  let session;
  polled = sandbox;
  let report = () => {};
  const call = (operation, body = {}) => post(`${CONSUMER}/${operation}?pool=297:1`, body, { SessionId: session });
  const poll = async () => {
    const response = await call("getMessages");
    if (!response.ok || polled !== sandbox) {
      return;
    }
    const { systemMessages } = await response.json();
    for (const { messageName, body, reason } of systemMessages) {
      if (messageName === "RNEngagementMessagePostedMessage") {
        report({ message: body });
      }
      if (messageName === "RNEngagementConcludedMessage") {
        report({ ended: reason });
        return;
      }
    }
    await poll();
  };
  return {
    async start() {
      const { channelToken } = await (await post("/session", {})).json();
      const started = await post(`${CONSUMER}/requestEngagement?pool=297:1`, {}, { Authorization: `Bearer ${channelToken}` });
      session = (await started.json()).sessionId;
      // The poll ends with the sandbox.
      poll().catch(() => {});
    },
    say: (body) => call("postMessage", { body }).catch(() => {}),
    end: () => call("concludeEngagement"),
    watch(saw) {
      report = saw;
      return () => {
        report = () => {};
      };
    },
  };
}

/** Ends the polls of the visitor, and closes the sandbox. */
async function close() {
  polled = undefined;
  await sandbox.close();
}

test("a script of the package is played, with and without what the visitor sees", async () => {
  const script = `title = "An agent answers"
steps = [
  { agent = "signIn" },
  { visitor = "start" },
  { agent = "accept" },
  { visitor = "say", text = "Where is my order?" },
  { agent = "sees", message = "Where is my order?" },
  { after = "5min", agent = "say", text = "It is on its way." },
  { visitor = "sees", message = "It is on its way." },
  { visitor = "sees", ended = "IDLE_TIMEOUT", within = "11min" },
]`;
  sandbox = await Sandbox.inPage({ seed: 1 });
  await sandbox.play(script, bareVisitor());
  await close();
  sandbox = await Sandbox.inPage({ seed: 1 });
  const { watch, ...blind } = bareVisitor();
  assert.equal(typeof watch, "function");
  await sandbox.play(script.replace("It is on its way.\" },", "Something else\" },"), blind);
});

test("the agents of every script of the package see what they have to see", async () => {
  assert.ok(scripts.length > 20);
  for (const { name, text } of scripts) {
    sandbox = await Sandbox.inPage({ seed: 1 });
    const { start, say, end } = bareVisitor();
    await sandbox.play(text, { start, say, end }).catch((error) => assert.fail(`${name}: ${error.message}`));
    await close();
  }
});

test("a script fails on the line that is wrong", async () => {
  const failures = [
    ['{ visitor = "sees", message = "Good evening" }', /^Error: line 5: The visitor did not see the message "Good evening" within 15000 ms\. Seen instead: the message "Good morning"\.$/],
    ['{ agent = "sees", message = "Hello" }', /^Error: line 5: The agent did not see the message "Hello"/],
    ['{ visitor = "doesNotSee", message = "Good morning" }', /^Error: line 5: The visitor saw the message "Good morning"/],
    ['{ visitor = "reload" }', /^Error: line 5: The visitor of this test has no function "reload"\.$/],
    ['{ visitor = "vanish" }', /^Error: The script cannot be read: line 5: unknown word `vanish`, expected one of /],
    ['{ server = "configure", settings = { hold = 1 } }', /^Error: line 5: \/sandbox\/config was refused: 400/],
  ];
  for (const [row, expected] of failures) {
    sandbox = await Sandbox.inPage({ seed: 1 });
    const script = `title = "A wrong row"
steps = [
  { agent = "signIn" }, { visitor = "start" }, { agent = "accept" },
  { agent = "say", text = "Good morning" },
  ${row},
]`;
    await assert.rejects(sandbox.play(script, bareVisitor()), (error) => expected.test(String(error)) || assert.fail(String(error)));
    await close();
  }
});

test("a later sandbox goes on from the time that an earlier one has reached", async () => {
  sandbox = await Sandbox.inPage();
  await sandbox.advance("11min");
  const [monotonic, wall] = [performance.now(), Date.now()];
  await sandbox.close();
  sandbox = await Sandbox.inPage();
  assert.ok(performance.now() >= monotonic);
  assert.ok(Date.now() >= wall);
  assert.ok(Math.abs(Date.now() - sandbox.now().getTime()) < 10_000);
});
