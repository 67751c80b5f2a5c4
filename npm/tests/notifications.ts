// Tests the switch of the sound in browsers that store nothing, whose storage is full, or that already have a choice.

import { equal } from "node:assert/strict";
import { test } from "node:test";
import { createNotifications } from "../notifications";

/** Sets the browser's storage. `stored` is the choice that it has; `canWrite` says whether it takes a new one. */
function setStorage(stored: string | null, canWrite: boolean): void {
  let value = stored;
  const localStorage = {
    getItem: () => value,
    setItem(_: string, next: string) {
      if (!canWrite) {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      }
      value = next;
    },
  };
  Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
}

for (const stored of [null, "true", "false"]) {
  for (const canWrite of [true, false]) {
    test(`the switch of the sound has an effect: stored ${stored}, ${canWrite ? "" : "no "}space`, () => {
      setStorage(stored, canWrite);
      const notifications = createNotifications({});
      equal(notifications.isMuted, stored === "true");
      for (const isMuted of [true, false, true]) {
        notifications.setMuted(isMuted);
        equal(notifications.isMuted, isMuted);
      }
    });
  }
}

test("a choice in another tab of the site is followed", () => {
  setStorage(null, true);
  const [first, second] = [createNotifications({}), createNotifications({})];
  first.setMuted(true);
  equal(second.isMuted, true);
  second.setMuted(false);
  equal(first.isMuted, false);
});
