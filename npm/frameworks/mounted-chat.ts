// Keeps a chat on the page for as long as a component of a framework is mounted, and lets other components follow the chat's state.
// The files beside this one adapt it to each framework. They are entries of the npm package, such as `pipit-chat/react`.

import type { InternalChat } from "../chat-internals";
import type { Chat, EventName, Listener, State } from "../contract";
import { createChat, type PackageOptions } from "../index";
import { IDLE } from "../inert-chat";

/** The page's chat and its state, at one moment. */
export interface Snapshot {
  /** The chat, by which components give commands. Undefined as long as no component has put a chat on the page. */
  readonly chat: Chat | undefined;
  /** The same as `chat.getState()`. */
  readonly state: State;
}

/** Listeners by the types of their events. */
export type Listeners = { readonly [Name in EventName]?: Listener<Name> | undefined };

/** The chat of a mounted component. */
export interface MountedChat {
  /** Passes options on that have changed, and replaces the listeners. Frameworks call this each time they draw the component. */
  update(options: PackageOptions, listeners: Listeners): void;
  /** Takes the chat off the page, unless another component has mounted it too. */
  unmount(): void;
}

/** The snapshot without a chat. Servers draw components with it. */
export const NO_CHAT: Snapshot = Object.freeze({ chat: undefined, state: IDLE });

let snapshot = NO_CHAT;
const subscribers = new Set<() => void>();

/** How many mounted components have the page's chat. */
let mountCount = 0;

/** Returns the current snapshot: the same object until something changes. */
export const getSnapshot = (): Snapshot => snapshot;

/** Calls a function after each change of the snapshot. Returns a function that ends this. */
export function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber);
  return () => void subscribers.delete(subscriber);
}

function publish(next: Snapshot): void {
  snapshot = next;
  subscribers.forEach((subscriber) => subscriber());
}

/** Puts a chat on the page. If the page has one already, the component shares it, and its options are not used. */
export function mountChat(options: PackageOptions, listeners: Listeners): MountedChat {
  /** The functions in the options, as they were given last. */
  const functions: Record<string, (...values: unknown[]) => unknown> = {};
  let current: Record<string, unknown> = { ...options };
  let currentListeners = listeners;
  /** For each type of event with a listener, the function that removes the listener from the chat. */
  const removals = new Map<EventName, () => void>();

  const keepFunctions = (given: PackageOptions) => Object.assign(functions, Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === "function")));

  const listen = () => {
    for (const type of Object.keys(currentListeners) as EventName[]) {
      // The chat calls the listener that was given last, so that a listener that is made anew at each drawing costs nothing.
      if (!removals.has(type)) {
        removals.set(type, chat.on(type, (event) => (currentListeners[type] as ((event: unknown) => void) | undefined)?.(event)));
      }
    }
  };

  const publishState = () => publish(Object.freeze({ chat, state: chat.getState() }));

  keepFunctions(options);
  // Each function of the options is replaced by one that never changes and calls the function that was given last.
  const stable = Object.keys(functions).map((name) => [name, (...values: unknown[]) => functions[name]!(...values)]);
  const chat = createChat({ ...options, ...Object.fromEntries(stable) }) as InternalChat;
  mountCount += 1;
  listen();
  // The element's attributes show the state, and change after it.
  const observer = new MutationObserver(publishState);
  const observe = () => {
    if (chat.host) {
      observer.observe(chat.host, { attributes: true });
    }
    publishState();
  };
  const stopWaiting = chat.on("ready", observe);
  observe();

  return {
    update(next, nextListeners) {
      currentListeners = nextListeners;
      listen();
      keepFunctions(next);
      const names = new Set([...Object.keys(current), ...Object.keys(next)]);
      const before = current;
      current = { ...next };
      const changed = [...names].filter((name) => !(name in functions) && name !== "assetBase" && !isSame(before[name], current[name]));
      if (changed.length > 0) {
        chat.reportFailure(chat.update(Object.fromEntries(changed.map((name) => [name, current[name]]))));
      }
    },
    unmount() {
      stopWaiting();
      observer.disconnect();
      removals.forEach((remove) => remove());
      mountCount -= 1;
      if (mountCount === 0) {
        void chat.destroy();
        publish(NO_CHAT);
      }
    },
  };
}

/** Compares plain objects by their content, because components often make the objects in their options anew. */
function isSame(before: unknown, after: unknown): boolean {
  const isPlain = (value: unknown) => typeof value === "object" && value !== null && !(value instanceof Node);
  return Object.is(before, after) || (isPlain(before) && isPlain(after) && JSON.stringify(before) === JSON.stringify(after));
}
