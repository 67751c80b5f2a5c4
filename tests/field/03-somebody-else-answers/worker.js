// Answers every request that fails, as workers do that show a page while the browser is offline. A request to `/worker/KIND` sets what
// it answers with, and says so. With the kind `session`, it also answers every request for a session.
const html = () => new Response("<!doctype html><h1>You are offline</h1>", { headers: { "Content-Type": "text/html" } });
const answers = {
  html,
  session: html,
  json: () => Response.json({ ok: true }),
  object: () => Response.json({}),
  list: () => Response.json([]),
  null: () => Response.json(null),
  empty: () => new Response(),
  nothing: () => new Response(null, { status: 204 }),
  text: () => new Response("offline"),
  half: () => new Response('{"clientId":'),
};
let kind = "html";
const answer = () => answers[kind]();
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (pathname.startsWith("/worker/")) {
    kind = pathname.replace("/worker/", "");
    event.respondWith(new Response(kind));
  } else if (pathname === "/session" && kind === "session") {
    event.respondWith(answer());
  } else {
    event.respondWith(fetch(event.request).catch(answer));
  }
});
