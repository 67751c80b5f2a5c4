// The chat that `createChat` of the npm package returns where no chat can be: on a web server, and in a browser that is much too old.

import { type Chat, COMMANDS, type State } from "./contract";

/** The state of a chat before anything has happened. */
export const IDLE: State = Object.freeze({ state: "idle", isOpen: false, unread: 0, connection: "none" });

/** Creates a chat whose commands do nothing. Says on the console why, because a command on a server is most likely a mistake. */
export function createInertChat(reason: string): Chat {
  console.info(`Pipit: ${reason}`);
  const doNothing = async () => {};
  const commands = Object.fromEntries([...Object.keys(COMMANDS), "whenReady", "show", "hide", "destroy"].map((name) => [name, doNothing]));
  const listen = () => () => {};
  return { ...commands, doctor: async () => Object.assign([], { report: "" }), transcript: async () => "", getState: () => IDLE, on: listen, once: listen, off() {} } as unknown as Chat;
}
