// What each door promises, run in the page on its chat. Gives what does not hold, and the events in their order.

const [chat, done] = [window.chat, arguments[arguments.length - 1]];
const host = () => document.querySelector("pipit-chat");
const wrong = [];
const heard = [];
const onElement = [];

const holds = (what, is) => is || wrong.push(what);
const fails = async (what, code, names, act) => {
  const error = await act().then(() => undefined, (error) => error);
  holds(`${what}: ${code}, not ${error?.code}: ${error?.message}`, error?.code === code && error.message.includes(names));
};
const next = (type) => new Promise((resolve) => chat.once(type, resolve));

async function contract() {
  await chat.whenReady();
  const button = host().shadowRoot.querySelector("button");
  const fetched = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  holds(`only one file before a gesture: ${fetched}`, fetched.filter((path) => /^.(pipit|npm).(?!chunk-)/.test(path)).length === 1);
  holds("a launcher that says so", button.ariaLabel === "Chat" && button.ariaExpanded === "false");
  const first = chat.getState();
  holds("a frozen first state", Object.isFrozen(first) && first.state === "idle" && !first.isOpen && first.unread === 0);
  await chat.close();
  await chat.markRead();
  await chat.endChat();
  holds("what has nothing to do loads nothing", !performance.getEntriesByType("resource").some(({ name }) => name.includes("/panel")));

  const types = "chat:requested chat:queued message:sending message:sent chat:ended widget:opened widget:closed widget:hidden widget:shown destroy";
  for (const type of types.split(" ")) {
    chat.on(type, (told) => heard.push(told.type));
    document.addEventListener(`pipit-${type.replace(":", "-")}`, ({ detail, composed }) => composed && onElement.push(detail.type));
  }

  // All at once, before the panel is there: in this order.
  const opened = next("widget:opened");
  const placed = next("queue:changed");
  await Promise.all([chat.setDraft("half a thought"), chat.open(), chat.startChat()]);
  holds("a frozen payload with type and time", Object.isFrozen(await opened) && (await opened).time > 0);
  holds("the place in line", (await placed).position === 1);
  holds("an open panel", chat.getState().isOpen && button.ariaExpanded === "true" && button.ariaLabel === "Chat");
  holds("the draft in its field", host().shadowRoot.querySelector("textarea").value === "half a thought");

  const sent = next("message:sent");
  await chat.send("hello");
  const { id, text, at } = await sent;
  holds("a message with its id as text", typeof id === "string" && text === "hello" && Date.now() - at < 60_000);
  holds("the state of the queue", chat.getState().state === "queued");

  await fails("an empty message", "E_ARGUMENT", "empty", () => chat.send(" "));
  await fails("an option of a wrong name", "E_OPTION", "titel", () => chat.update({ titel: "Fernhill" }));
  await fails("an option of a wrong value", "E_OPTION", "theme", () => chat.update({ theme: "blue" }));
  await fails("an option that cannot change", "E_OPTION", "site", () => chat.update({ site: "other" }));
  await fails("words of a wrong name", "E_OPTION", "sned", () => chat.update({ words: { sned: "Post" } }));
  await chat.update({ theme: "dark", accent: "#ffd400", title: "Fernhill", words: { launcher: "Help" } });
  holds("other words at once", button.ariaLabel === "Help");
  holds("other colours at once", getComputedStyle(button).colorScheme === "dark");

  const ended = next("chat:ended");
  await chat.endChat();
  const end = await ended;
  holds(`how it ended: ${JSON.stringify(end)}`, end.reason === "END_USER_CONCLUDED" && /^\d+$/.test(end.engagementId));

  const off = chat.on("widget:closed", () => wrong.push("a listener that was undone is called"));
  off();
  const never = () => wrong.push("a listener that was taken off is called");
  chat.on("widget:closed", never);
  chat.off("widget:closed", never);
  await chat.toggle();
  holds("a closed panel", !chat.getState().isOpen);
  await chat.hide();
  holds("nothing to see", host().getBoundingClientRect().width === 0 && getComputedStyle(host()).display === "none");
  await chat.show();
  holds("something to see", getComputedStyle(host()).display === "contents");

  await Promise.all([chat.destroy(), chat.destroy()]);
  holds("no element", !host());
  await fails("a command after the end", "E_DESTROYED", "", () => chat.open());
}

contract()
  .catch((error) => wrong.push(String(error.stack)))
  .then(() => done({ wrong, heard: heard.join(" "), onElement: onElement.join(" ") }));
