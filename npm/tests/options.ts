// Tests how options are read: from the address and the attributes of the script's tag, and from the attribute `launch-form-fields`
// of Oracle's chat inlay (Oracle's own chat element). Also tests how the addresses in options become absolute, and how a file gets
// the media type of WASM.

import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { withWasmType } from "../assets";
import { OPTIONS } from "../contract";
import { validateOptions } from "../options";
import { fromInlayAttributes } from "../oracle-inlay-compat";
import { absoluteAddress } from "../page-address";
import { findRunningScript } from "../script-tag";

/** Checks options, and returns them as a usual object. The result of `validateOptions` has no prototype. */
const checkedOptions = (...values: Parameters<typeof validateOptions>) => ({ ...validateOptions(...values) });

/** Sets a global variable that a browser has, and that the tested files read. */
const define = (name: string, value: unknown) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

define("self", globalThis);
define("document", {});

/** Sets the address of the page. `origin` is the page's origin as `self.origin` gives it; by default that of the address. */
function setPage(address: string, origin = new URL(address).origin): void {
  define("location", new URL(address));
  define("origin", origin);
}

/** Returns the options of a script tag with this address. `dataset` has its attributes `data-…`, by the names of the options. */
function optionsOfTag(src: string, dataset: Record<string, string> = {}): Record<string, string | undefined> {
  define("Document", { prototype: { currentScript: { src, dataset } } });
  return findRunningScript().options;
}

test("an address without a server is on the page's own server, and every other address keeps its server", () => {
  setPage("https://shop.example/help/chat.html?session=https://evil.test#/x");
  const expected = {
    "/session": "https://shop.example/session",
    session: "https://shop.example/help/session",
    "./session": "https://shop.example/help/session",
    "../session": "https://shop.example/session",
    "?session": "https://shop.example/help/chat.html?session",
    "//api.example/session": "https://api.example/session",
    "https://api.example/session": "https://api.example/session",
    "about:blank#sent-by-page": "about:blank#sent-by-page",
    "https://": "https://",
  };
  for (const [address, absolute] of Object.entries(expected)) {
    equal(absoluteAddress(address), absolute);
  }
});

test("on a page without an address of its own, addresses are relative to the page's origin", () => {
  const ownOrigin = "https://shop.example";
  for (const page of ["about:srcdoc", "about:blank", `blob:${ownOrigin}/91fa`]) {
    setPage(page, ownOrigin);
    for (const address of ["/session", "session", "./session"]) {
      equal(absoluteAddress(address), `${ownOrigin}/session`, `${address} on ${page}`);
    }
  }
  // A sandboxed page has no origin, so the address stays relative.
  setPage("about:srcdoc", "null");
  equal(absoluteAddress("/session"), "/session");
});

test("neither a password nor a second slash in the page's address changes the server", () => {
  setPage("https://mia:secret@shop.example/chat");
  equal(absoluteAddress("/session"), "https://shop.example/session");
  setPage("https://shop.example//evil.test/chat");
  equal(absoluteAddress("/session"), "https://shop.example/session");
  equal(absoluteAddress("session"), "https://shop.example//evil.test/session");
});

test("an address with one slash at the beginning is on the page's origin, whatever the page's address is", () => {
  const path = fc.webPath().filter((text) => text.startsWith("/") && !text.startsWith("//"));
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), path, (page, address) => {
      setPage(page);
      equal(new URL(absoluteAddress(address)).origin, new URL(page).origin);
    }),
  );
});

test("every option that is an address becomes absolute, and an empty one counts as none", () => {
  setPage("https://shop.example/help/");
  const names = Object.entries(OPTIONS).filter(([, traits]) => "kind" in traits && traits.kind === "address").map(([name]) => name);
  deepEqual(names, ["sessionEndpoint", "baseUrl", "surveyBase", "logo", "uploadEndpoint", "messageEndpoint", "ratingEndpoint", "transcriptEndpoint"]);
  for (const name of names) {
    deepEqual(checkedOptions({ [name]: "/x" }), { [name]: "https://shop.example/x" });
    deepEqual(checkedOptions({ [name]: "" }), { [name]: undefined });
    deepEqual(checkedOptions({ [name]: undefined }), { [name]: undefined });
  }
});

test("starters are at most six sentences, which may have commas", () => {
  deepEqual(checkedOptions({ starters: "Well, where is it? | Broken||" }), { starters: ["Well, where is it?", "Broken"] });
  deepEqual(checkedOptions({ starters: ["a|b", " c "] }), { starters: ["a|b", "c"] });
  deepEqual(checkedOptions({ starters: "1|2|3|4|5|6|7" }), { starters: ["1", "2", "3", "4", "5", "6"] });
});

test("options are read from the script's address, and the attributes of its tag win over them", () => {
  setPage("https://shop.example/");
  const src = "https://cdn.example/pipit.js?session-endpoint=%2Fsession&title=Shop+1&v=3&utm_source=x";
  const inAddress = { sessionEndpoint: "/session", title: "Shop 1", v: "3", utm_source: "x" };
  deepEqual(optionsOfTag(src), inAddress);
  deepEqual(optionsOfTag(src, { title: "Garden", side: "left" }), { ...inAddress, title: "Garden", side: "left" });
  // Of a repeated name, the last value counts. A name without a value has an empty value, as an attribute has.
  deepEqual(optionsOfTag("https://cdn.example/pipit.js?title=A&title=B&side#top"), { title: "B", side: "" });
  deepEqual(optionsOfTag("https://cdn.example/pipit.js?sessionEndpoint=/a%26b#title=C"), { sessionEndpoint: "/a&b" });
  deepEqual(optionsOfTag("https://cdn.example/pipit.js#?title=C"), {});
});

test("a script that is not a file of its own is an error", () => {
  setPage("https://shop.example/chat?session-endpoint=//evil.test");
  throws(() => optionsOfTag(""));
});

test("a form for messages needs an address, whichever of the two options was set first", () => {
  setPage("https://shop.example/");
  for (const name of ["whenClosed", "whenNoAgents"]) {
    const form = { [name]: "form" };
    throws(() => validateOptions(form), { code: "E_OPTION", message: /messageEndpoint/ });
    throws(() => validateOptions(form, {}, { title: "Shop" }), { code: "E_OPTION" });
    deepEqual(checkedOptions(form, {}, { messageEndpoint: "/leave" }), form);
    deepEqual(checkedOptions({ ...form, title: "Shop" }, form, { messageEndpoint: "/leave" }), { ...form, title: "Shop" });
    throws(() => validateOptions({ messageEndpoint: "" }, {}, { ...form, messageEndpoint: "/leave" }), { code: "E_OPTION" });
    deepEqual(checkedOptions({ title: "Shop" }, {}, { ...form, messageEndpoint: "/leave" }), { title: "Shop" });
  }
});

test("names in the script's address that are no options are ignored, whatever they are", () => {
  setPage("https://shop.example/");
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "v", "utm_source")), fc.string())), (parameters) => {
      const foreign = parameters.filter(([name]) => !Object.keys(OPTIONS).includes(name));
      const options = optionsOfTag(`https://cdn.example/pipit.js?${new URLSearchParams(foreign)}`, { title: "Shop" });
      deepEqual(checkedOptions({ ...options }, options), { title: "Shop" });
    }),
  );
});

test("if the attribute `launch-form-fields` is no JSON list of fields, the error names the attribute", () => {
  // Some of these random texts are lists of fields, which cause no error.
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ minLength: 1 })), (launchFormFields) => {
      try {
        fromInlayAttributes({ launchFormFields });
      } catch (error) {
        equal((error as { code: string }).code, "E_OPTION");
      }
    }),
  );
  for (const launchFormFields of ["7", "null", "{}", "[7]", "[null]", '[{"label":"Name"}]', "{"]) {
    throws(() => fromInlayAttributes({ launchFormFields }), { code: "E_OPTION", message: /launch-form-fields/ }, launchFormFields);
  }
});

test("a file with a wrong media type gets the one of WASM, and a file with the right one is not changed", async () => {
  for (const type of ["application/octet-stream", "application/wasm; charset=utf-8", "text/plain"]) {
    const response = withWasmType(new Response("content", { headers: { "Content-Type": type } }));
    equal(response.headers.get("content-type"), "application/wasm");
    equal(await response.text(), "content");
  }
  const response = new Response("content", { headers: { "Content-Type": "application/wasm" } });
  equal(withWasmType(response), response);
});
