// Tests how what is stored is removed when the site forgets a visitor, in storages of all kinds.

import { deepEqual, equal } from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { forgetStored, readMarker } from "../stored-conversation";

/** A storage of a browser, in memory. As in a browser, its items are its own enumerable properties. */
class MemoryStorage {
  [name: string]: unknown;

  constructor(items: Record<string, string> = {}) {
    Object.assign(this, items);
    for (const [name, method] of Object.entries(METHODS)) {
      Object.defineProperty(this, name, { value: method, configurable: true, writable: true });
    }
  }
}

const METHODS = {
  getItem(this: MemoryStorage, name: string) {
    return (this[name] as string | undefined) ?? null;
  },
  setItem(this: MemoryStorage, name: string, text: string) {
    this[name] = text;
  },
  removeItem(this: MemoryStorage, name: string) {
    delete this[name];
  },
};

/** Sets a storage of the page. With `undefined`, the browser does not let the page use it. */
function setStorage(name: "sessionStorage" | "localStorage", storage: MemoryStorage | undefined): void {
  const get = () => {
    if (!storage) {
      throw new Error("SecurityError");
    }
    return storage;
  };
  Object.defineProperty(globalThis, name, { get, configurable: true });
}

let session: MemoryStorage;
let local: MemoryStorage;

beforeEach(() => {
  session = new MemoryStorage({ "pipit.1.a": "record", "pipit.1.a.draft": "draft", "pipit.frame.1.https://blog.example a": "other", cart: "3" });
  local = new MemoryStorage({ "pipit.muted": "1", "pipit.1.a.visitor": "5f", theme: "dark" });
  setStorage("sessionStorage", session);
  setStorage("localStorage", local);
});

test("everything of the page's chats is removed, and nothing else", () => {
  const { marker, records, isMarkerStored } = forgetStored()!;
  deepEqual({ ...session }, { "pipit.frame.1.https://blog.example a": "other", cart: "3" });
  deepEqual({ ...local }, { theme: "dark", "pipit.1.forgotten": `${marker}` });
  deepEqual(records.sort(), ["1", "5f", "draft", "record"]);
  equal(isMarkerStored, true);
  equal(readMarker(), marker);
});

test("the marker rises each time, and starts again if somebody has stored something else", () => {
  const { marker } = forgetStored()!;
  equal(forgetStored()!.marker, marker! + 1);
  for (const text of ["Infinity", "-5", "-9e99", "no number", "1.5", ""]) {
    local["pipit.1.forgotten"] = text;
    const next = forgetStored()!.marker!;
    equal(readMarker(), next, text);
    equal(next >= marker!, true, text);
  }
});

test("with a marker that is known already, nothing is removed", () => {
  local["pipit.1.forgotten"] = "7";
  equal(forgetStored(undefined, 7), undefined);
  equal(session["pipit.1.a"], "record");
  equal(forgetStored(undefined, 8)!.marker, 8);
  equal(session["pipit.1.a"], undefined);
});

test("a chat in the iframe removes only what is its own", () => {
  const namespace = "pipit.frame.1.https://blog.example ";
  deepEqual(forgetStored(namespace, 3)!.records, ["other"]);
  equal(session["pipit.1.a"], "record");
  equal(readMarker(namespace), 3);
  equal(readMarker(), 0);
});

test("a storage that cannot be used does not keep the other one", () => {
  setStorage("localStorage", undefined);
  deepEqual(forgetStored(), { marker: undefined, records: ["record", "draft"], isMarkerStored: false });
  setStorage("localStorage", local);
  setStorage("sessionStorage", undefined);
  equal(forgetStored()!.isMarkerStored, true);
  equal(local["pipit.muted"], undefined);
  setStorage("localStorage", undefined);
  equal(forgetStored()!.isMarkerStored, false);
});

test("a storage that is full is emptied, and the marker is known although it is not stored", () => {
  const refuse = () => {
    throw new Error("QuotaExceededError");
  };
  Object.defineProperty(local, "setItem", { value: refuse });
  const { marker, records, isMarkerStored } = forgetStored()!;
  equal(records.includes("record"), true);
  equal(isMarkerStored, false);
  equal(marker! > 0, true);
});
