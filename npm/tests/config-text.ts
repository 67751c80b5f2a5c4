// Tests which texts of `config` are options, and which are errors. The error names `config`, and the other options stay.

import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import type { InternalChat } from "../chat-internals";
import { withConfigText } from "../config-text";
import type { Options } from "../contract";

/** Reads a text together with `others`, the options outside of the text. Returns all options, and the messages of the errors. */
async function read(config: string, others: Options = {}): Promise<{ options: Options; errors: string[] }> {
  const errors: string[] = [];
  const reportFailure = (action: Promise<unknown>) => action.catch((error: Error) => errors.push(error.message));
  const options = withConfigText({ reportFailure } as unknown as InternalChat, { config, ...others } as Options);
  // The error reaches `errors` in a microtask.
  await Promise.resolve();
  return { options, errors };
}

for (const text of ["[object Object]", "", " ", "null", "true", "1", '"text"', "[1]", '[{"title":"Shop"}]', "{", "{title: 1}", "undefined"]) {
  test(`the text ${JSON.stringify(text)} is an error`, async () => {
    const { options, errors } = await read(text, { title: "Shop" });
    deepEqual(options, { title: "Shop" });
    equal(errors.length, 1);
    match(errors[0]!, /`config` is ignored/);
  });
}

test("a JSON object has options, and attributes win over them", async () => {
  const { options, errors } = await read(' {"title":"Shop","theme":"dark"}', { theme: "light" });
  deepEqual(options, { title: "Shop", theme: "light" });
  deepEqual(errors, []);
});

test("a text is read and reported once", () => {
  let count = 0;
  const reportFailure = (action: Promise<unknown>) => {
    action.catch(() => {});
    count += 1;
  };
  const chat = { reportFailure } as unknown as InternalChat;
  for (let time = 0; time < 2; time += 1) {
    deepEqual(withConfigText(chat, { config: "wrong" } as Options), {});
  }
  equal(count, 1);
});
