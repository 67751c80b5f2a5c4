// What a page may have the frame do: by origins and addresses alone, without a browser.

import { deepEqual, equal, match, throws } from "node:assert/strict";
import { test } from "node:test";
import { type FramePolicy, embedderProblem, mayEmbed, optionsFromPage, requestProblem } from "../frame-policy";

const OWN = "https://shop.example";
const BLOG = "https://blog.example";
const CHAT = "https://chat.example";
const DIRECTORY = `${OWN}/pipit/`;

const policy = (origins: string[], chatServers: string[] = [], ownOrigin = OWN): FramePolicy => ({ ownOrigin, origins, chatServers });

test("only the own origin and listed origins may embed the frame", () => {
  equal(mayEmbed(policy([]), OWN), true);
  equal(mayEmbed(policy([]), BLOG), false);
  equal(mayEmbed(policy([BLOG]), BLOG), true);
  for (const origin of ["https://a.blog.example", "http://blog.example", "https://blog.example:8443", "https://blog.example.evil.test", "", "null"]) {
    equal(mayEmbed(policy([BLOG]), origin), false, origin);
  }
});

test("an opaque origin is refused, listed or not, on either side", () => {
  equal(mayEmbed(policy(["null"]), "null"), false);
  equal(mayEmbed(policy([BLOG], [], "null"), BLOG), false);
  equal(mayEmbed(policy([], [], "null"), "null"), false);
});

test("the problem names the missing origin and the command that lists it", () => {
  match(embedderProblem(policy([]), BLOG), /https:\/\/blog\.example.*--frame-origins https:\/\/blog\.example/);
  equal(embedderProblem(policy([]), BLOG).includes("\n"), false);
});

test("no address for sessions, files or messages crosses, and no token", () => {
  for (const name of ["sessionEndpoint", "jwt", "uploadEndpoint", "messageEndpoint", "getSession", "namespace", "__proto__", "toString"]) {
    const options = JSON.parse(`{ "${name}": "/orders" }`) as object;
    throws(() => optionsFromPage(policy([BLOG]), BLOG, options), { code: "E_OPTION" }, name);
  }
  const options = { title: "Fernhill", site: "fernhill" };
  deepEqual(optionsFromPage(policy([BLOG]), BLOG, options), options);
});

test("a chat server that a foreign page names has to be listed", () => {
  const named = [{ baseUrl: CHAT }, { baseUrl: `${CHAT}/` }, { allowedHosts: ["chat.example"] }];
  for (const options of named) {
    throws(() => optionsFromPage(policy([BLOG]), BLOG, options), { code: "E_OPTION" });
    deepEqual(optionsFromPage(policy([BLOG], [CHAT]), BLOG, options), options);
    deepEqual(optionsFromPage(policy([]), OWN, options), options);
  }
  for (const options of [{ baseUrl: "" }, { baseUrl: "/x" }, { baseUrl: "https://chat.example.evil.test" }, { baseUrl: "https://chat.example@evil.test" }, { allowedHosts: ["chat.example", "evil.test"] }, { allowedHosts: "evil.test" }]) {
    throws(() => optionsFromPage(policy([BLOG], [CHAT]), BLOG, options), { code: "E_OPTION" }, JSON.stringify(options));
  }
});

test("a foreign page makes the frame send nothing to the frame's own origin", () => {
  const allowed = (embedder: string, method: string, url: string, chatServers: string[] = []) =>
    requestProblem(policy([BLOG], chatServers), embedder, DIRECTORY, { method, url }) === undefined;
  equal(allowed(BLOG, "GET", `${DIRECTORY}widget_bg.wasm`), true);
  equal(allowed(BLOG, "POST", `${DIRECTORY}widget_bg.wasm`), false);
  equal(allowed(BLOG, "GET", `${OWN}/orders`), false);
  equal(allowed(BLOG, "POST", `${OWN}/engagement/api/consumer/site/v1/requestEngagement`), false);
  equal(allowed(OWN, "POST", `${OWN}/engagement/api/consumer/site/v1/requestEngagement`), true);
  equal(allowed(BLOG, "POST", `${OWN}/engagement/api/consumer/site/v1/requestEngagement`, [OWN]), true);
});

test("where chat servers are listed, the session of a foreign page names none but those", () => {
  const post = (url: string, chatServers: string[]) => requestProblem(policy([BLOG], chatServers), BLOG, DIRECTORY, { method: "POST", url });
  equal(post(`${CHAT}/x`, []), undefined);
  equal(post(`${CHAT}/x`, [CHAT]), undefined);
  match(post("https://evil.test/x", [CHAT]) ?? "", /--chat-servers https:\/\/evil\.test/);
});
