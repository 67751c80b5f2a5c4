// Remote procedure calls over a message port; both sides use the same code. Whoever holds the port is trusted:
// `frame-client.ts` and `frame-host.ts` hand it over only after each has checked the other's origin and window.

import type { ErrorCode } from "./contract";
import { PipitError } from "./error";

/** The functions that the other side may call, by their names. */
export type Handlers = Record<string, (...values: never[]) => unknown>;

/** Calls a function of the other side. An error of that function is thrown here as a `PipitError`. */
export type RemoteCall = (name: string, ...values: unknown[]) => Promise<unknown>;

/** A message over the port. A message with a `name` is a call, all others are answers. */
interface RpcMessage {
  id: number;
  name?: string;
  values?: unknown[];
  value?: unknown;
  error?: { code: ErrorCode; message: string };
}

/** Answers the other side's calls by the handlers. Returns the function that calls the other side. */
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
      const { code = "E_FRAME", message } = error as PipitError;
      port.postMessage({ id, error: { code, message } });
    }
  };
  let lastId = 0;
  return (name, ...values) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, ({ value, error }) => {
        if (error) {
          reject(new PipitError(error.code, error.message.replace(/^Pipit: /, "")));
        } else {
          resolve(value);
        }
      });
      port.postMessage({ id, name, values });
    });
}
