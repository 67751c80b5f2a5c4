// Questions and answers over a message port, the same on both of its sides.

import type { ErrorCode } from "./contract";
import { PipitError } from "./error";

/** What the other side may ask for. */
export type Does = Record<string, (...values: never[]) => unknown>;

/** Asks the other side; what it throws comes back as a `PipitError`. */
export type Ask = (name: string, ...values: unknown[]) => Promise<unknown>;

interface Letter {
  id: number;
  /** A question; all else is an answer. */
  name?: string;
  values?: unknown[];
  value?: unknown;
  error?: { code: ErrorCode; message: string };
}

export function talk(port: MessagePort, does: Does): Ask {
  const waiting = new Map<number, (answer: Letter) => void>();
  port.onmessage = async ({ data }: MessageEvent<Letter>) => {
    const { id, name, values = [] } = data;
    if (name === undefined) {
      waiting.get(id)?.(data);
      waiting.delete(id);
      return;
    }
    try {
      const act = Object.hasOwn(does, name) ? does[name] : undefined;
      port.postMessage({ id, value: await act!(...(values as never[])) });
    } catch (error) {
      const { code = "E_FRAME", message } = error as PipitError;
      port.postMessage({ id, error: { code, message } });
    }
  };
  let last = 0;
  return (name, ...values) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ value, error }) => (error ? reject(new PipitError(error.code, error.message.replace(/^Pipit: /, ""))) : resolve(value)));
      port.postMessage({ id, name, values });
    });
}
