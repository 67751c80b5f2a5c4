// The contract of every way to embed the chat. The script runs in the page on `window.chat`. It returns the descriptions of
// the checks that failed, and the events in their order, on the chat and on its element.

const [chat, done] = [window.chat, arguments[arguments.length - 1]];
const host = () => document.querySelector("pipit-chat");
const failures = [];
const chatEvents = [];
const elementEvents = [];

// Records a failure, unless the condition is true.
function check(description, condition) {
  if (!condition) failures.push(description);
}

// Checks that an action is rejected with this code and a message that contains the text.
async function checkRejection(description, code, text, act) {
  const error = await act().then(() => undefined, (reason) => reason);
  const isExpected = error?.code === code && error.message.includes(text);
  check(`${description}: expected ${code}, not ${error?.code}: ${error?.message}`, isExpected);
}

const nextEvent = (type) => new Promise((resolve) => chat.once(type, resolve));

async function contract() {
  await chat.whenReady();
  const button = host().shadowRoot.querySelector("button");
  const fetched = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  check(`only one file is fetched before a gesture: ${fetched}`, fetched.filter((path) => /^.(pipit|npm).(?!chunk-)/.test(path)).length === 1);
  check("the launcher has a name and is collapsed", button.ariaLabel === "Chat" && button.ariaExpanded === "false");
  const first = chat.getState();
  check("the first state is frozen and idle", Object.isFrozen(first) && first.state === "idle" && !first.isOpen && first.unread === 0);
  await chat.close();
  await chat.markRead();
  await chat.endChat();
  check("commands without effect do not load the panel", !performance.getEntriesByType("resource").some(({ name }) => name.includes("/panel")));

  const types = "chat:requested chat:queued message:sending message:sent chat:ended widget:opened widget:closed widget:hidden widget:shown destroy";
  for (const type of types.split(" ")) {
    chat.on(type, (event) => chatEvents.push(event.type));
    document.addEventListener(`pipit-${type.replace(":", "-")}`, ({ detail, composed }) => {
      if (composed) elementEvents.push(detail.type);
    });
  }

  // Three commands at once, before the panel has loaded. They take effect in this order.
  const opened = nextEvent("widget:opened");
  const queueChanged = nextEvent("queue:changed");
  await Promise.all([chat.setDraft("half a thought"), chat.open(), chat.startChat()]);
  check("the payload is frozen and has a time", Object.isFrozen(await opened) && (await opened).time > 0);
  check("the position in the queue is 1", (await queueChanged).position === 1);
  check("the panel is open", chat.getState().isOpen && button.ariaExpanded === "true" && button.ariaLabel === "Chat");
  check("the draft is in the composer", host().shadowRoot.querySelector("textarea").value === "half a thought");

  const sent = nextEvent("message:sent");
  await chat.send("hello");
  const { id, text, at } = await sent;
  check("the message has a textual id, its text and a time", typeof id === "string" && text === "hello" && Date.now() - at < 60_000);
  check("the state is queued", chat.getState().state === "queued");

  await checkRejection("an empty message", "E_ARGUMENT", "empty", () => chat.send(" "));
  await checkRejection("an unknown option", "E_OPTION", "titel", () => chat.update({ titel: "Fernhill" }));
  await checkRejection("an invalid value of an option", "E_OPTION", "theme", () => chat.update({ theme: "blue" }));
  await checkRejection("an option that cannot change", "E_OPTION", "site", () => chat.update({ site: "other" }));
  await checkRejection("an unknown text", "E_OPTION", "sned", () => chat.update({ words: { sned: "Post" } }));
  await chat.update({ theme: "dark", accent: "#ffd400", title: "Fernhill", words: { launcher: "Help" } });
  check("a changed text applies at once", button.ariaLabel === "Help");
  check("changed colours apply at once", getComputedStyle(button).colorScheme === "dark");

  const ended = nextEvent("chat:ended");
  await chat.endChat();
  const end = await ended;
  check(`the end names its reason and engagement: ${JSON.stringify(end)}`, end.reason === "END_USER_CONCLUDED" && /^\d+$/.test(end.engagementId));

  const removeListener = chat.on("widget:closed", () => failures.push("a listener is called after its off function"));
  removeListener();
  const removedListener = () => failures.push("a listener is called after chat.off");
  chat.on("widget:closed", removedListener);
  chat.off("widget:closed", removedListener);
  await chat.toggle();
  check("the panel is closed", !chat.getState().isOpen);
  await chat.hide();
  check("the hidden widget takes no space", host().getBoundingClientRect().width === 0 && getComputedStyle(host()).display === "none");
  await chat.show();
  check("the shown widget is displayed", getComputedStyle(host()).display === "contents");

  // `Pipit` starts a chat again, but the element's own chat stays destroyed.
  const destroyed = host().chat;
  await Promise.all([chat.destroy(), chat.destroy()]);
  check("the element is removed", !host());
  await checkRejection("a command after the end", "E_DESTROYED", "", () => destroyed.open());
}

contract()
  .catch((error) => failures.push(String(error.stack)))
  .then(() => done({ failures, chatEvents: chatEvents.join(" "), elementEvents: elementEvents.join(" ") }));
