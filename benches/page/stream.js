// Runs in the page before any other script. Hands messages to the chat and measures until the newest is painted. Sets `window.stream`.
// Times are in ms.

{
  const taskChannel = new MessageChannel();
  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
  let count = 0;

  /** The text of the next message. All texts have the same length and are different. */
  function nextText() {
    count += 1;
    return `Message ${String(count).padStart(8, "0")} says that the parcel is on its way.`;
  }

  /** Resolves in a task of its own. The browser may draw before that task, unlike before a microtask. */
  const nextTask = () =>
    new Promise((resolve) => {
      taskChannel.port1.onmessage = resolve;
      taskChannel.port2.postMessage(undefined);
    });

  /** Resolves when the chat has painted this text as its newest message (true), or at the latest at `deadline` (false). */
  async function isPainted(text, deadline) {
    while (window.chatUnderTest.lastText() !== text) {
      if (performance.now() > deadline) {
        return false;
      }
      await new Promise(requestAnimationFrame);
    }
    await new Promise(window.afterPaint);
    return true;
  }

  /** Runs `deliver(deadline)`, which returns the newest text and the number of messages, until all is painted. */
  async function measure(limit, deliver) {
    const tasksBefore = longTasks.length;
    const start = performance.now();
    const deadline = start + limit;
    const { text, delivered, isComplete } = await deliver(deadline);
    const isDone = (await isPainted(text, deadline)) && isComplete;
    const time = performance.now() - start;
    const tasks = longTasks.slice(tasksBefore);
    return { time, delivered, isDone, longTasks: tasks.length, longest: Math.max(0, ...tasks.map(({ duration }) => duration)) };
  }

  window.stream = {
    /** Hands over messages one by one, each in a task of its own. Stops at the limit. */
    oneByOne: (total, limit) =>
      measure(limit, async (deadline) => {
        let text;
        let delivered = 0;
        while (delivered < total && performance.now() < deadline) {
          await nextTask();
          text = nextText();
          await window.chatUnderTest.receive([text]);
          delivered += 1;
        }
        return { text, delivered, isComplete: delivered === total };
      }),
    /** Hands over batches of messages. */
    batches: (total, size, limit) =>
      measure(limit, async (deadline) => {
        let text;
        let delivered = 0;
        while (delivered < total && performance.now() < deadline) {
          await nextTask();
          const texts = Array.from({ length: Math.min(size, total - delivered) }, nextText);
          await window.chatUnderTest.receive(texts);
          text = texts.at(-1);
          delivered += texts.length;
        }
        return { text, delivered, isComplete: delivered === total };
      }),
  };
}
