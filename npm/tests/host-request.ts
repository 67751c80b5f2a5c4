// What the panel sends to the host: to which address, and what counts as arrived.

import { deepEqual, rejects } from "node:assert/strict";
import { afterEach, test } from "node:test";

import type { HostEndpoint, Options } from "../contract";
import { sendToHost } from "../host-request";

const browserFetch = globalThis.fetch;
afterEach(() => void (globalThis.fetch = browserFetch));

/** The requests that were made: the address and the body of each. */
function answerWith(body: string, status = 200): string[] {
  const requests: string[] = [];
  globalThis.fetch = async (address, init) => {
    requests.push(`${address as string} ${init?.body as string}`);
    return new Response(body, { status });
  };
  return requests;
}

const RATING = '{"engagementId":"9007199254740993","rating":4,"comment":""}';

test("a rating goes to the address and to the function", async () => {
  const requests = answerWith("");
  const received: unknown[] = [];
  const options: Options = { ratingEndpoint: "/rating", onRating: (rating) => received.push(rating), messageEndpoint: "/message" };
  await sendToHost(options, "ratingEndpoint", RATING);
  deepEqual(requests, [`/rating ${RATING}`]);
  deepEqual(received, [JSON.parse(RATING)]);
  await sendToHost({ onRating: options.onRating }, "ratingEndpoint", RATING);
  deepEqual([requests.length, received.length], [1, 2]);
  // The function is for ratings only.
  await sendToHost(options, "messageEndpoint", "{}");
  deepEqual([requests, received.length], [[`/rating ${RATING}`, "/message {}"], 2]);
});

test("what may not have arrived is a failure", async () => {
  const options: Options = { transcriptEndpoint: "/mail" };
  for (const [body, status] of [["", 500], ["", 404], ["<!doctype html>", 200], [" \n<html>", 200]] as const) {
    answerWith(body, status);
    await rejects(sendToHost(options, "transcriptEndpoint", "{}"));
  }
  answerWith('{"ok":true}');
  await sendToHost(options, "transcriptEndpoint", "{}");
  for (const onRating of [() => Promise.reject(new Error("no")), () => { throw new Error("no"); }]) {
    await rejects(sendToHost({ onRating }, "ratingEndpoint", RATING), /no/);
  }
});

test("nothing is sent to the address in another option", async () => {
  const requests = answerWith("");
  const options: Options = { sessionEndpoint: "/session", uploadEndpoint: "/upload", onRating: () => {} };
  for (const name of ["sessionEndpoint", "uploadEndpoint", "messageEndpoint", "transcriptEndpoint", "constructor", "onRating"]) {
    await rejects(sendToHost(options, name as HostEndpoint, "{}"), /has no address/);
  }
  deepEqual(requests, []);
});
