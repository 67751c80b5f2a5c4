// Keeps the events that begin in the widget from bubbling to the page. For the page's listeners, such an event would seem to come from
// the element <pipit-chat>: focus traps would take the focus away, smooth scrolling would take the wheel, and keyboard shortcuts would
// run while the visitor types. The events of the API, such as `pipit-widget-opened`, come from <pipit-chat> itself and do bubble.

/** Event types for which elements have no property such as `onclick`. For touch events they have one only on a touch screen. */
const OTHER_TYPES = ["focusin", "focusout", "compositionstart", "compositionupdate", "compositionend", "touchstart", "touchmove", "touchend"];

/**
 * The events that have begun in the widget. Each is noted before it reaches its target: a listener at the target, such as the launcher's,
 * may remove the target (it replaces its icon), and then the container no longer contains the target.
 */
const ownEvents = new WeakSet<Event>();

const note = (event: Event) => {
  // The elements that the page has put into <pipit-chat> are not in the container, so their events go on to the page.
  if ((event.currentTarget as Node).contains(event.target as Node)) {
    ownEvents.add(event);
  }
};

const stop = (event: Event) => {
  if (ownEvents.has(event)) {
    event.stopPropagation();
  }
};

/**
 * Stops events at `container`, the element around launcher and panel. Listeners on and below it, such as Yew's, still get them. A
 * second call changes nothing.
 */
export function containEvents(container: HTMLElement): void {
  const types = [...OTHER_TYPES];
  for (const name in container) {
    if (name.startsWith("on")) {
      types.push(name.slice(2));
    }
  }
  // A passive listener does not delay scrolling. Without a prototype, nothing in `Object.prototype` counts as an option, such as
  // `capture`, with which no event would reach the panel.
  const passive = { __proto__: null, passive: true } as AddEventListenerOptions;
  for (const type of types) {
    container.addEventListener(type, note, { __proto__: null, ...passive, capture: true } as AddEventListenerOptions);
    container.addEventListener(type, stop, passive);
  }
}
