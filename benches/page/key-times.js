// Runs in the page before any other script. Measures the time from each key press to the paint of the next frame, in ms, in
// `window.keyTimes`.

window.keyTimes = [];
addEventListener("keydown", ({ timeStamp }) => window.afterPaint(() => window.keyTimes.push(performance.now() - timeStamp)), true);
