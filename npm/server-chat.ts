// The chat that `createChat` of the npm package returns on a web server, where there is no page.

import { type Chat, COMMANDS, type State } from "./contract";

/** The state of a chat before anything has happened. */
export const IDLE: State = Object.freeze({ state: "idle", isOpen: false, unread: 0, connection: "none" });

/** Creates a chat whose commands do nothing. Says so on the console, because a command on a server is most likely a mistake. */
export function createServerChat(): Chat {
  console.info("Pipit: there is no page here, so createChat() returns a chat that does nothing. Call it in the browser.");
  const doNothing = async () => {};
  const commands = Object.fromEntries([...Object.keys(COMMANDS), "whenReady", "show", "hide", "destroy"].map((name) => [name, doNothing]));
  const listen = () => () => {};
  return { ...commands, doctor: async () => [], transcript: async () => "", getState: () => IDLE, on: listen, once: listen, off() {} } as unknown as Chat;
}
