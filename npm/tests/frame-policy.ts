// Tests the rules for the widget's iframe ("the frame"): which pages may embed it, which options it accepts from them, and to which
// servers it sends for them. The rules use only origins and addresses, so no browser is needed.

import { deepEqual, equal, match, rejects, throws } from "node:assert/strict";
import { test } from "node:test";
import { type FramePolicy, embedderProblem, mayEmbed, optionsFromPage, requestProblem, restrictedFetch } from "../frame-policy";

/** The origin of the frame's own files. */
const OWN = "https://shop.example";
/** The origin of a page that embeds the frame. */
const BLOG = "https://blog.example";
/** The origin of a chat server. */
const CHAT = "https://chat.example";
/** The address of the widget's files. */
const DIRECTORY = `${OWN}/pipit/`;

/** The rules for a frame of `ownOrigin`: pages of `origins` may also embed it, and may name the servers in `chatServers`. */
const policy = (origins: string[], chatServers: string[] = [], ownOrigin = OWN): FramePolicy => ({ ownOrigin, origins, chatServers });

test("only the frame's own origin and listed origins may embed the frame", () => {
  equal(mayEmbed(policy([]), OWN), true);
  equal(mayEmbed(policy([]), BLOG), false);
  equal(mayEmbed(policy([BLOG]), BLOG), true);
  for (const origin of ["https://a.blog.example", "http://blog.example", "https://blog.example:8443", "https://blog.example.evil.test", "", "null"]) {
    equal(mayEmbed(policy([BLOG]), origin), false, origin);
  }
});

test("a sandboxed page may not embed the frame, and nobody may embed a sandboxed frame, even if `null` is listed", () => {
  // Every sandboxed page has the origin `null`, so this origin identifies no page.
  equal(mayEmbed(policy(["null"]), "null"), false);
  equal(mayEmbed(policy([BLOG], [], "null"), BLOG), false);
  equal(mayEmbed(policy([], [], "null"), "null"), false);
});

test("the message about a refused page names the page's origin and the argument that would allow it", () => {
  // `--frame-origins` is an argument of `cargo xtask bundle`, which builds the frame. The message is one line.
  match(embedderProblem(policy([]), BLOG), /https:\/\/blog\.example.*--frame-origins https:\/\/blog\.example/);
  equal(embedderProblem(policy([]), BLOG).includes("\n"), false);
});

test("the frame accepts no token, no address for sessions, files or messages, and no unknown option", () => {
  // Only the frame itself sets `namespace`. `__proto__` and `toString` are names that every object has.
  for (const name of ["sessionEndpoint", "jwt", "uploadEndpoint", "messageEndpoint", "getSession", "namespace", "__proto__", "toString"]) {
    const options = JSON.parse(`{ "${name}": "/orders" }`) as object;
    throws(() => optionsFromPage(policy([BLOG]), BLOG, options), { code: "E_OPTION" }, name);
  }
  const options = { title: "Fernhill", site: "fernhill" };
  deepEqual(optionsFromPage(policy([BLOG]), BLOG, options), options);
});

test("a page of another origin may name only listed chat servers", () => {
  const optionsWithServer = [{ baseUrl: CHAT }, { baseUrl: `${CHAT}/` }, { allowedHosts: ["chat.example"] }];
  for (const options of optionsWithServer) {
    throws(() => optionsFromPage(policy([BLOG]), BLOG, options), { code: "E_OPTION" });
    deepEqual(optionsFromPage(policy([BLOG], [CHAT]), BLOG, options), options);
    deepEqual(optionsFromPage(policy([]), OWN, options), options);
  }
  for (const options of [{ baseUrl: "" }, { baseUrl: "/x" }, { baseUrl: "https://chat.example.evil.test" }, { baseUrl: "https://chat.example@evil.test" }, { allowedHosts: ["chat.example", "evil.test"] }, { allowedHosts: "evil.test" }]) {
    throws(() => optionsFromPage(policy([BLOG], [CHAT]), BLOG, options), { code: "E_OPTION" }, JSON.stringify(options));
  }
});

test("a page of another origin can make the frame only read the widget's files at the frame's own origin, unless that origin is a listed chat server", () => {
  const isAllowed = (embedder: string, method: string, url: string, chatServers: string[] = []) =>
    requestProblem(policy([BLOG], chatServers), embedder, DIRECTORY, { method, url }) === undefined;
  equal(isAllowed(BLOG, "GET", `${DIRECTORY}widget_bg.wasm`), true);
  equal(isAllowed(BLOG, "POST", `${DIRECTORY}widget_bg.wasm`), false);
  equal(isAllowed(BLOG, "GET", `${OWN}/orders`), false);
  equal(isAllowed(BLOG, "POST", `${OWN}/engagement/api/consumer/site/v1/requestEngagement`), false);
  equal(isAllowed(OWN, "POST", `${OWN}/engagement/api/consumer/site/v1/requestEngagement`), true);
  equal(isAllowed(BLOG, "POST", `${OWN}/engagement/api/consumer/site/v1/requestEngagement`, [OWN]), true);
});

test("a page of another origin can make the frame send to listed chat servers only, and to none if none is listed", () => {
  const problemOfPost = (url: string, chatServers: string[]) => requestProblem(policy([BLOG], chatServers), BLOG, DIRECTORY, { method: "POST", url });
  equal(problemOfPost(`${CHAT}/x`, [CHAT]), undefined);
  for (const chatServers of [[], [CHAT]]) {
    match(problemOfPost("https://evil.test/x", chatServers) ?? "", /--chat-servers https:\/\/evil\.test/);
  }
  match(problemOfPost(`${CHAT}/x`, []) ?? "", /--chat-servers https:\/\/chat\.example/);
  // The agent's files may be on another server than the chat.
  equal(requestProblem(policy([BLOG]), BLOG, DIRECTORY, { method: "GET", url: "https://files.example/x" }), undefined);
});

test("a redirect of a POST is an error, no request carries cookies, and a refused request is not sent", async () => {
  const sent: Request[] = [];
  // The parts of a browser that `restrictedFetch` uses.
  Object.assign(globalThis, {
    self: { fetch: async (request: Request) => sent.push(request) },
    location: { href: `${DIRECTORY}frame.html` },
  });
  const fetch = restrictedFetch(policy([BLOG], [CHAT]), BLOG);
  await fetch(`${CHAT}/postMessage`, { method: "POST", body: "{}", credentials: "include" });
  await fetch(`${DIRECTORY}panel.js`);
  equal(sent[0]!.redirect, "error");
  deepEqual(sent.map(({ credentials }) => credentials), ["omit", "omit"]);
  await rejects(fetch("https://evil.test/", { method: "POST", body: "{}" }), TypeError);
  equal(sent.length, 2);
});
