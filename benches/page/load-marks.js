// Runs in the page before any other script. Records when launcher, composer and first message are there, and the bytes until then, in
// `window.marks`. Times are in ms since the navigation began. As soon as the composer takes a letter, sends a message of one letter.

{
  const marks = { longTasks: [], chatScripts: [] };
  window.marks = marks;
  const observe = (type, record) => new PerformanceObserver((list) => list.getEntries().forEach(record)).observe({ type, buffered: true });
  observe("longtask", ({ startTime, duration }) => marks.longTasks.push({ startTime, duration }));
  // The scripts that ran in long animation frames. Only the chat's own are recorded.
  const isOfChat = ({ sourceURL }) => new URL(sourceURL || "/", location).pathname.startsWith(window.chatScripts);
  observe("long-animation-frame", ({ scripts }) =>
    scripts.filter(isOfChat).forEach(({ startTime, duration }) => marks.chatScripts.push({ startTime, duration })),
  );

  /** The bytes of the bodies that had come whole by a time. The bench's own requests are left out. */
  const bytesUntil = (time) =>
    performance
      .getEntriesByType("resource")
      .filter(({ responseEnd, initiatorType, name }) => responseEnd && responseEnd <= time && !(initiatorType === "fetch" && isAnswer(name)))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  const isAnswer = (address) => !/\.(js|wasm|json|css)$/.test(new URL(address).pathname);

  // The request with the first message. Its entry exists as soon as it is answered.
  observe("resource", ({ name, requestStart, startTime }) => {
    if (/\/(post|postMessage)$/.test(new URL(name).pathname) && marks.message === undefined) {
      marks.message = requestStart || startTime;
      marks.messageBytes = bytesUntil(marks.message);
    }
  });

  const valueOf = (field) => field.value ?? field.textContent;
  /** Whether the composer takes a typed letter. */
  const acceptsText = (field) => {
    field.focus({ preventScroll: true });
    if (!valueOf(field)) {
      document.execCommand("insertText", false, "a");
    }
    return valueOf(field) === "a";
  };
  /** Presses Enter in the composer. Some chats listen to `keypress`. */
  const pressEnter = (field) =>
    ["keydown", "keypress", "keyup"].forEach((type) =>
      field.dispatchEvent(new KeyboardEvent(type, { key: "Enter", code: "Enter", keyCode: 13, charCode: 13, bubbles: true, composed: true, cancelable: true })),
    );

  addEventListener("click", ({ timeStamp }) => (marks.pressed ??= timeStamp), true);
  const check = () => {
    if (marks.launcher === undefined && window.chatUnderTest.isLauncherShown()) {
      // The value 0 means that the launcher is there and will be painted.
      marks.launcher = 0;
      window.afterPaint(() => Object.assign(marks, { launcher: performance.now(), launcherBytes: bytesUntil(performance.now()) }));
    }
    const field = marks.pressed && window.chatUnderTest.shownField();
    if (field && acceptsText(field)) {
      window.afterPaint(() => {
        Object.assign(marks, { composer: performance.now(), composerBytes: bytesUntil(performance.now()) });
        pressEnter(field);
      });
    } else {
      requestAnimationFrame(check);
    }
  };
  requestAnimationFrame(check);
}
