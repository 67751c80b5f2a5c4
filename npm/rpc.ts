// Remote procedure calls over a message port, between the page that embeds the widget and the iframe in which the panel runs. Both
// sides use this code. It does not check who sends a call. `frame-host.ts` (on the page) and `frame-client.ts` (in the iframe)
// check the origin and the window of the other side before they use a port.

import type { ErrorCode } from "./contract";
import { PipitError } from "./error";

/** The functions that the other side may call, by their names. */
export type Handlers = Record<string, (...values: never[]) => unknown>;

/** Calls a function of the other side. If that function throws, the promise is rejected with a `PipitError`. */
export type RemoteCall = (name: string, ...values: unknown[]) => Promise<unknown>;

/** A message over the port. A message with a `name` is a call; every other message is the answer to a call. */
interface RpcMessage {
  /** The number of the call. Its answer has the same number. */
  id: number;
  name?: string;
  /** The arguments of the call. */
  values?: unknown[];
  /** The result of the function, if it has not failed. */
  value?: unknown;
  /** Why the function has failed. */
  error?: { code: ErrorCode; message: string };
}

/**
 * Answers the calls of the other side by `handlers`. Returns the function that calls the other side. If the port is closed before
 * an answer arrives, the promise of that call stays pending.
 */
export function connect(port: MessagePort, handlers: Handlers): RemoteCall {
  const pending = new Map<number, (answer: RpcMessage) => void>();
  port.onmessage = async ({ data }: MessageEvent<RpcMessage>) => {
    const { id, name, values = [] } = data;
    if (name === undefined) {
      pending.get(id)?.(data);
      pending.delete(id);
      return;
    }
    try {
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      if (!handler) {
        throw new PipitError("E_COMMAND", `there is no command \`${name}\`.`);
      }
      port.postMessage({ id, value: await handler(...(values as never[])) });
    } catch (error) {
      // Most other errors have no code, and the code of a `DOMException` is a number. A function of the host may throw any value.
      const { code, message } = Object(error) as Partial<PipitError>;
      port.postMessage({ id, error: { code: typeof code === "string" ? code : "E_FRAME", message: String(message ?? error) } });
    }
  };
  let lastId = 0;
  return (name, ...values) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, ({ value, error }) => {
        if (error) {
          // The message already has the prefix `Pipit: `, which the constructor of `PipitError` adds again.
          reject(new PipitError(error.code, error.message.replace(/^Pipit: /, "")));
        } else {
          resolve(value);
        }
      });
      port.postMessage({ id, name, values });
    });
}
