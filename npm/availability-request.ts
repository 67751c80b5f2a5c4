// Before a conversation starts, finds out whether an agent is available. A function of the host (the web team's code on the page)
// says so; without such a function, the chat server does. `availability.ts` uses this file for the button that opens the panel;
// `frame-host.ts` uses it for a chat in an iframe.
//
// Two operations of the chat API need no session: `getEngagementQueue` names the queue in which a visitor would wait, and
// `getQueueStats` counts the agents of a queue. No operation says when the service is open.
//
// INFERRED marks what we assume because Oracle's API reference does not state it. Queue 0 means that the service is closed, as in
// the older availability call of Oracle's service site (INFERRED). A count of 0 means that no agent is available, as the names of
// the counts suggest (INFERRED).

import type { AvailabilityStatus, Options } from "./contract";
import { absoluteAddress } from "./page-address";

/** The timeout of each request to the chat server, in ms. */
const TIMEOUT_MS = 3_000;

/**
 * The members that this file reads in the server's answers. `getEngagementQueue` sends the first two; `getQueueStats` sends the
 * others.
 */
interface QueueAnswer {
  /** May be wrong, because the id may be too large for a JavaScript number. */
  queueId?: number;
  queueIdString?: string;
  /** The number of available agents, because our request has the type `AGENTS`. (`SESSIONS` counts the chats that they can take.) */
  availableAgentSessions?: number;
  /** The number of available agents. */
  totalAvailableAgents?: number;
  engagementsInQueue?: number;
}

/**
 * Reads the body of an answer, which has at least one of these members. If it has none, throws an error that says what came
 * instead. A status of success is no proof: a service worker or the sign-in page of a network may have answered.
 */
function readAnswer(operation: string, body: string, members: readonly (keyof QueueAnswer)[]): QueueAnswer {
  let answer: QueueAnswer | null = null;
  try {
    answer = JSON.parse(body) as QueueAnswer | null;
  } catch {
    // A body that is not JSON has none of the members, which is reported below.
  }
  if (!answer || !members.some((member) => answer[member] !== undefined)) {
    throw new Error(`somebody else than the chat server answered ${operation}: ${describeBody(body)} came.`);
  }
  return answer;
}

/** Says what a body is that is not the expected answer. */
function describeBody(body: string): string {
  if (isWebPage(body)) {
    return "a web page";
  }
  return body.trim() ? "something else" : "nothing";
}

export const isWebPage = (body: string): boolean => body.trimStart().startsWith("<");

/**
 * Asks the host's function `availability`. If there is no such function, or if it returns undefined or null, asks the chat server.
 * Throws an error if there is no usable answer.
 */
export async function requestAvailability({ availability, queueId, baseUrl, site, pool }: Options): Promise<AvailabilityStatus> {
  const hostAnswer = await availability?.();
  if (hostAnswer === "open" || hostAnswer === "closed" || hostAnswer === "noAgents") {
    return hostAnswer;
  }
  if (hostAnswer !== undefined && hostAnswer !== null) {
    throw new Error("its option `availability` gave neither `open` nor `closed` nor `noAgents`.");
  }
  if (!baseUrl || site === undefined) {
    throw new Error("`baseUrl` and `site` must say where the chat server is, because there is no session yet that names it.");
  }
  const base = `${absoluteAddress(baseUrl).replace(/\/+$/, "")}/engagement/api/consumer/${encodeURIComponent(site)}/v1/`;
  const callServer = async (operation: string, request: string, members: readonly (keyof QueueAnswer)[]) => {
    const query = new URLSearchParams(pool ? { pool, request } : { request });
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS);
    try {
      const init: RequestInit = { credentials: "omit", redirect: "error", signal: timeout.signal };
      const response = await fetch(`${base}${operation}?${query}`, init);
      if (!response.ok) {
        throw new Error(`${operation} answered with status ${response.status}.`);
      }
      return readAnswer(operation, await response.text(), members);
    } finally {
      clearTimeout(timer);
    }
  };
  let queue = String(queueId ?? "");
  if (!queue) {
    const answer = await callServer("getEngagementQueue", "{}", ["queueIdString", "queueId"]);
    queue = answer.queueIdString ?? String(answer.queueId ?? "");
    if (queue === "0") {
      return "closed";
    }
  }
  if (!/^\d+$/.test(queue)) {
    throw new Error("there is no number of a queue to ask about.");
  }
  // The JSON is written by hand, because the queue's id may be too large for a JavaScript number.
  const request = `{"queueId":${queue},"chatProactiveAvailableType":"AGENTS"}`;
  const stats = await callServer("getQueueStats", request, ["totalAvailableAgents", "availableAgentSessions", "engagementsInQueue"]);
  // If the answer has no count, the chat is taken to be open: only a count of 0 says that no agent is available.
  const agents = stats.totalAvailableAgents ?? stats.availableAgentSessions;
  return agents === 0 ? "noAgents" : "open";
}
