// The smallest session endpoint: it asks the service site for a session of a visitor who is not signed in, and says nothing else about
// the visitor. ../session-endpoint has endpoints with a login, the answers of the form, limits and time-outs.

const { B2C_SITE, B2C_USER, B2C_PASSWORD } = process.env;

export async function answerWithSession(response) {
  const answer = await fetch(`${B2C_SITE}/services/rest/crossChannelServices/latest/establishSessions`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(`${B2C_USER}:${B2C_PASSWORD}`)}`,
      "Content-Type": "application/json",
      "OSvC-CREST-Application-Context": "Chat session endpoint",
    },
    body: JSON.stringify({ sessionInformation: "{}" }), // JSON in a text, not an object
  });
  response.writeHead(answer.ok ? 200 : 502, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(answer.ok ? await answer.text() : `{"error":"the service site answered with status ${answer.status}"}`);
}
