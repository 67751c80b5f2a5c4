// The contract of `pipit-chat/headless`, as far as it has no view. The script runs in the page on `window.conversation`, which has begun
// nothing yet. It returns the descriptions of the checks that failed, and the events in their order.

const [conversation, done] = [window.conversation, arguments[arguments.length - 1]];
const failures = [];
const events = [];

// Records a failure, unless the condition is true.
function check(description, condition) {
  if (!condition) failures.push(description);
}

// Checks that an action is rejected with this code and a message that contains the text.
async function checkRejection(description, code, text, act) {
  const error = await act().then(() => undefined, (reason) => reason);
  const isExpected = error?.name === "PipitError" && error.code === code && error.message.includes(text);
  check(`${description}: expected ${code}, not ${error?.code}: ${error?.message}`, isExpected);
}

const nextEvent = (type) => new Promise((resolve) => conversation.once(type, resolve));

async function contract() {
  await conversation.whenReady();
  const first = conversation.getState();
  check("the first state is frozen and idle", Object.isFrozen(first) && first.state === "idle" && first.unread === 0 && first.entries.length === 0);
  check("the state is the same object until something changes", conversation.getState() === first);
  check("no panel is on the page", !document.querySelector("pipit-chat"));

  for (const type of "chat:requested chat:queued message:sending message:sent chat:ended destroy".split(" ")) {
    conversation.on(type, (event) => events.push(event.type));
  }
  await conversation.endChat();
  await conversation.markRead();

  const queueChanged = nextEvent("queue:changed");
  const queued = nextEvent("chat:queued");
  await Promise.all([conversation.setDraft("half a thought"), conversation.startChat({ question: "Wo ist mein Paket?" })]);
  check("the payload is frozen and has a time", Object.isFrozen(await queued) && (await queued).time > 0);
  check("the position in the queue is 1", (await queueChanged).position === 1 && conversation.getState().wait.position === 1);
  check("the draft is in the state", conversation.getState().draft === "half a thought");

  const sent = nextEvent("message:sent");
  await conversation.send("hello");
  const { id, text, at } = await sent;
  check("the message has a textual id, its text and a time", typeof id === "string" && text === "hello" && Date.now() - at < 60_000);
  const entry = conversation.getState().entries.find((one) => one.id === id);
  check(`the entry is there: ${JSON.stringify(entry)}`, entry?.kind === "visitor" && entry.text === "hello" && entry.delivery === "accepted" && Object.isFrozen(entry));
  check("the state is queued", conversation.getState().state === "queued");

  await checkRejection("an empty message", "E_ARGUMENT", "empty", () => conversation.send(" "));
  await checkRejection("a message that is no text", "E_ARGUMENT", "text", () => conversation.send(5));
  for (const wrong of ["", "-1", "99999", "x", undefined]) {
    await checkRejection(`the message ${wrong}`, "E_ARGUMENT", "", () => conversation.sendAgain(wrong));
    await checkRejection(`the message ${wrong}`, "E_ARGUMENT", "", () => conversation.discard(wrong));
  }

  let changes = 0;
  const unsubscribe = conversation.subscribe(() => changes++);
  let later;
  conversation.subscribe(() => {
    // A listener that calls a command at once.
    if (conversation.getState().state === "ended") later ??= conversation.setDraft("later");
  });
  const ended = nextEvent("chat:ended");
  await conversation.endChat();
  const end = await ended;
  check(`the end names its reason and engagement: ${JSON.stringify(end)}`, end.reason === "END_USER_CONCLUDED" && /^\d+$/.test(end.engagementId));
  check("the state has the end", conversation.getState().state === "ended" && conversation.getState().end.engagementId === end.engagementId);
  await later;
  check("subscribers are called", changes > 0);
  const before = [changes, conversation.getState()];
  await conversation.setDraft("later");
  await conversation.markRead();
  await conversation.endChat();
  check("nothing is reported if nothing changes", changes === before[0] && conversation.getState() === before[1] && before[1].draft === "later");
  unsubscribe();
  const removeListener = conversation.on("chat:requested", () => failures.push("a listener is called after its off function"));
  removeListener();
  const removedListener = () => failures.push("a listener is called after off");
  conversation.on("chat:requested", removedListener);
  conversation.off("chat:requested", removedListener);

  await conversation.forget();
  check("nothing is left of the visitor", conversation.getState().entries.length === 0 && conversation.getState().draft === "" && conversation.getState().state === "idle");
  await Promise.all([conversation.destroy(), conversation.destroy()]);
  await checkRejection("a command after the end", "E_DESTROYED", "", () => conversation.startChat());
  check("the last state can be read", conversation.getState().state === "idle");
}

contract()
  .catch((error) => failures.push(String(error.stack)))
  .then(() => done({ failures, events: events.join(" ") }));
