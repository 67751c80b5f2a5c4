// Runs in the page before any other script, and answers Pipit's requests in the page itself, so that no server and no network are in
// the figures. Sets `window.answerSource`. Pipit holds one open request for new messages (`getMessages`), and `receive` answers it.

{
  const pageFetch = window.fetch.bind(window);
  const AGENT = 35;
  const VISITOR = 2;
  /** Answers the open `getMessages`; `undefined` while none is open. */
  let answerPoll;
  /** Is called when a `getMessages` has been opened. */
  let pollOpened;
  let sequenceNumber = 0;

  const respond = (body) => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });

  /** Holds a `getMessages` until `receive` answers it or the chat aborts it. */
  function holdPoll(request) {
    return new Promise((resolve, reject) => {
      answerPoll = (body) => resolve(respond(body));
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
      pollOpened?.();
    });
  }

  /** Resolves as soon as a `getMessages` is open. */
  async function openPoll() {
    while (!answerPoll) {
      await new Promise((resolve) => (pollOpened = resolve));
    }
    const answer = answerPoll;
    answerPoll = undefined;
    return answer;
  }

  async function deliver(messages) {
    const answer = await openPoll();
    const systemMessages = messages.map((message) => {
      sequenceNumber += 1;
      return { ...message, clientId: AGENT, clientIdString: `${AGENT}`, createdTime: "2026-11-05T12:00:00Z", sequenceNumber };
    });
    answer({ systemMessages });
  }

  window.fetch = function fetch(input, init) {
    const request = input instanceof Request ? input : new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/requestEngagement")) {
      return Promise.resolve(respond({ resultType: "SUCCESS", sessionId: "s", engagementId: 1, clientId: VISITOR }));
    }
    if (pathname.endsWith("/getMessages")) {
      return holdPoll(request);
    }
    // Posts, typing signals and the end.
    return pathname.startsWith("/engagement/") ? Promise.resolve(respond({ clientId: VISITOR })) : pageFetch(request);
  };

  window.answerSource = {
    /** Begins a conversation. An agent joins at once. */
    async start() {
      window.Pipit.startChat();
      await deliver([{ messageName: "RNEngagementParticipantAddedMessage", name: "Ana", role: "LEAD" }]);
    },
    /** Answers the open `getMessages` with messages of the agent. Resolves when that is done. */
    receive(texts) {
      return deliver(texts.map((body) => ({ messageName: "RNEngagementMessagePostedMessage", body, richText: false })));
    },
  };
}
