// Whether somebody is there, before a conversation. See `availability.ts`.
//
// Two operations need no session: `getEngagementQueue` says in which queue a visitor would wait, `getQueueStats` how
// many agents it has. Neither has a member for the hours of service. That queue 0 means *out of hours* is INFERRED from
// the service site's older availability call; and that a count of 0 means that nobody is there, from the members' names.

import type { Availability } from "./availability";
import type { Options } from "./options";

/** How long the server may take, in ms. */
const PATIENCE_MS = 3_000;

/** What is read of the two answers. The twins in text are exact: an int64 is more than JavaScript's numbers hold. */
interface Answer {
  queueId?: number;
  queueIdString?: string;
  availableAgentSessions?: number;
  totalAvailableAgents?: number;
}

export async function state({ availability, queueId, baseUrl, site, pool }: Options): Promise<Availability> {
  const told = await availability?.();
  if (told === "open" || told === "closed" || told === "noAgents") {
    return told;
  }
  if (told !== undefined && told !== null) {
    throw new Error("its option `availability` gave neither `open` nor `closed` nor `noAgents`.");
  }
  if (baseUrl === undefined || site === undefined) {
    throw new Error("`baseUrl` and `site` must say where the chat server is, for there is no session yet to tell it.");
  }
  const base = `${baseUrl.replace(/\/+$/, "")}/engagement/api/consumer/${encodeURIComponent(site)}/v1/`;
  const ask = async (operation: string, request: string) => {
    const query = new URLSearchParams(pool ? { pool, request } : { request });
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const options: RequestInit = { credentials: "omit", redirect: "error", signal: stop.signal };
      const response = await fetch(`${base}${operation}?${query}`, options);
      if (!response.ok) {
        throw new Error(`${operation} answered with status ${response.status}.`);
      }
      return (await response.json()) as Answer;
    } finally {
      clearTimeout(late);
    }
  };
  let queue = String(queueId ?? "");
  if (!queue) {
    const found = await ask("getEngagementQueue", "{}");
    queue = found.queueIdString ?? String(found.queueId ?? "");
    if (queue === "0") {
      return "closed";
    }
  }
  if (!/^\d+$/.test(queue)) {
    throw new Error("there is no number of a queue to ask about.");
  }
  // Written by hand: the number may be too large for JSON.stringify.
  const stats = await ask("getQueueStats", `{"queueId":${queue},"chatProactiveAvailableType":"AGENTS"}`);
  const agents = stats.totalAvailableAgents ?? stats.availableAgentSessions;
  return agents === 0 ? "noAgents" : "open";
}

/** Leaves a message: what the form holds, as JSON. */
export async function leave(endpoint: string, answers: string): Promise<void> {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  const response = await fetch(endpoint, { method: "POST", headers, body: answers });
  if (!response.ok) {
    throw new Error(`The server answered with status ${response.status}.`);
  }
}
