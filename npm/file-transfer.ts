// Sends the visitor's files to the site, and saves the agent's files. Loaded when a visitor first has a file.
//
// An upload is an XMLHttpRequest, because `fetch` reports progress only of streams, which only Chromium can send.

import type { UploadListener, UploadProgress, UploadTarget } from "./chat-internals";

/** The members that the endpoint's answer may have. The site's own `fileUpload` has `error` and `errorMessage`. */
interface UploadAnswer {
  url?: unknown;
  error?: unknown;
  errorMessage?: unknown;
}

/** Sends a file if it may be sent. The listener gets the progress and then the result, until the signal aborts. */
export function upload(file: File, target: UploadTarget, listener: UploadListener, signal: AbortSignal): void {
  if (signal.aborted) {
    return;
  }
  const problem = findProblem(file, target);
  if (problem) {
    listener(problem);
    return;
  }
  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => listener({ status: "progress", percent: Math.floor((100 * loaded) / (total || 1)) });
  request.onerror = () => listener({ status: "lost" });
  request.onload = () => listener(resultOf(request));
  // A cancelled upload reports nothing more.
  signal.addEventListener("abort", () => {
    request.upload.onprogress = null;
    request.onerror = null;
    request.onload = null;
    request.abort();
  });
  const form = new FormData();
  form.append("file", file, file.name);
  // It has no header of ours, because the service site does not answer the preflight request that one would need.
  request.open("POST", target.endpoint);
  request.send(form);
}

/** Why a file may not be sent. The case of the type in its name does not matter. */
function findProblem(file: File, { types, maxBytes }: UploadTarget): UploadProgress | undefined {
  const dot = file.name.lastIndexOf(".");
  if (dot < 0 || !types.includes(file.name.slice(dot + 1).toLowerCase())) {
    return { status: "kind" };
  }
  if (file.size === 0) {
    return { status: "empty" };
  }
  return file.size > maxBytes ? { status: "large", maxBytes } : undefined;
}

/** The service site answers failures with status 200, too, and sends JSON as plain text. */
function resultOf({ status, responseText, responseURL }: XMLHttpRequest): UploadProgress {
  let answer: UploadAnswer | null = null;
  try {
    answer = JSON.parse(responseText) as UploadAnswer | null;
  } catch {
    // Without an answer there is no address, which is reported below.
  }
  if (status < 200 || status > 299 || answer?.error || answer?.errorMessage) {
    return { status: "refused" };
  }
  const url = secureUrl(answer?.url, responseURL);
  if (!url) {
    console.warn(
      "Pipit: a file was uploaded, but the answer has no `url` with https at which the agent can fetch it. " +
        "The chat API has no other known way to tell the agent of a file, so the visitor is told that it was not sent.",
    );
    return { status: "refused" };
  }
  return { status: "done", url };
}

/** The absolute address, if it is https, or http on this machine. */
function secureUrl(address: unknown, base: string): string | undefined {
  try {
    const url = new URL(String(address ?? ":"), base);
    const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
    return url.protocol === "https:" || (url.protocol === "http:" && isLocal) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fetches a file and saves it. The service site's `getTempFile` answers only requests that accept JSON, though the answer
 * is the file. A saved file cannot run in the page, whatever it contains.
 */
export async function download(url: string, name: string): Promise<void> {
  const response = await fetch(url, { headers: { Accept: "application/json, */*" } });
  if (!response.ok) {
    throw new Error(`The server answered with status ${response.status}.`);
  }
  const file = new Blob([await response.arrayBuffer()], { type: "application/octet-stream" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
