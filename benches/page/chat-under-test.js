// Runs in the page before any other script. Finds the parts of the chat that is measured, and sets `window.chatUnderTest`, by which
// the other scripts of this directory and the bench itself drive any of the chats. The bench sets `window.chatName` before.

{
  const one = (css, element) => document.querySelector(element)?.shadowRoot?.querySelector(css);
  const isShown = (element) => Boolean(element?.getClientRects().length);
  const lastOf = (container) => container?.lastElementChild;

  /** What the chats of `benches/chats` have in common: `window.peer` has the functions of the chat. */
  const peer = {
    receive: (texts) => window.peer.receive(texts),
    destroy: () => window.peer.destroy(),
    start: async () => {},
  };

  /** A chat of this directory in a shadow root, with chunks of rows. */
  const chunked = (element) => ({
    ...peer,
    launcher: () => one(".launcher", element),
    field: () => one("textarea", element),
    lastMessage: () => lastOf(lastOf(one(".list", element))),
    messageCount: () => document.querySelector(element)?.shadowRoot?.querySelectorAll(".row").length ?? 0,
  });

  const pipitList = () => one(".list", "pipit-chat")?.firstElementChild?.children[1];

  /**
   * For each chat: its launcher, its composer and its newest message, if they are in the document; the number of messages in the
   * document; `start()`, which begins a conversation; `receive(texts)`, which hands over messages of the agent; and `destroy()`.
   */
  const chats = {
    Pipit: {
      launcher: () => one("button.launcher", "pipit-chat"),
      field: () => one("textarea", "pipit-chat"),
      lastMessage: () => lastOf(lastOf(pipitList()))?.querySelector(".bubble"),
      messageCount: () => pipitList()?.querySelectorAll(".bubble").length ?? 0,
      start: () => window.answerSource.start(),
      receive: (texts) => window.answerSource.receive(texts),
      destroy: () => window.Pipit.destroy(),
    },
    Preact: chunked("preact-chat"),
    vanilla: chunked("vanilla-chat"),
    "Deep Chat": {
      ...peer,
      launcher: () => document.querySelector("lazy-chat .launcher"),
      field: () => one("#text-input", "deep-chat"),
      lastMessage: () => [...(lastOf(one("#messages", "deep-chat"))?.querySelectorAll(".message-bubble") ?? [])].at(-1),
      messageCount: () => document.querySelector("deep-chat")?.shadowRoot?.querySelectorAll(".message-bubble").length ?? 0,
    },
    Chatscope: {
      ...peer,
      launcher: () => document.querySelector("lazy-chat .launcher"),
      field: () => document.querySelector(".cs-message-input__content-editor"),
      lastMessage: () => [...document.querySelectorAll(".cs-message-list .cs-message:last-of-type .cs-message__content")].at(-1),
      messageCount: () => document.querySelectorAll(".cs-message__content").length,
    },
  };
  const chat = chats[window.chatName];

  window.chatUnderTest = {
    ...chat,
    isLauncherShown: () => isShown(chat.launcher()),
    /** The composer; `undefined` before it is visible. */
    shownField: () => [chat.field()].find(isShown),
    lastText: () => chat.lastMessage()?.textContent.trim(),
  };

  /** Calls a function when the next frame has been painted. */
  window.afterPaint = (call) => requestAnimationFrame(() => setTimeout(call));
}
