// Moves files: the visitor's to the site, the agent's to the visitor. Loaded when a visitor first has one.
//
// Only `fetch` with streams could tell how far an upload is, and no browser but Chromium has them; so it is an
// XMLHttpRequest.

import type { Order, Tell, UploadProgress } from "./attachments";

/** What an upload's answer may hold. The site's own `fileUpload` has `error` and `errorMessage`. */
interface Answer {
  url?: unknown;
  error?: unknown;
  errorMessage?: unknown;
}

/**
 * Sends a file, unless it is not to be sent. Tells, until the signal aborts:
 *   `progress`  how much of it has left, in percent
 *   `done`      the address at which the agent can fetch it
 * or why it was not sent, and then nothing more:
 *   `kind`, `empty`, `large` (with the most bytes there may be), `refused`, `lost`
 */
export function upload(file: File, order: Order, tell: Tell, signal: AbortSignal): void {
  if (signal.aborted) {
    return;
  }
  const wrong = check(file, order);
  if (wrong) {
    tell(wrong);
    return;
  }
  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => tell({ status: "progress", percent: Math.floor((100 * loaded) / (total || 1)) });
  request.onerror = () => tell({ status: "lost" });
  request.onload = () => tell(outcome(request));
  // An upload that was given up tells nothing more.
  signal.addEventListener("abort", () => {
    request.upload.onprogress = request.onerror = request.onload = null;
    request.abort();
  });
  const form = new FormData();
  form.append("file", file, file.name);
  // No header of ours: a preflight would forbid it at the service site.
  request.open("POST", order.endpoint);
  request.send(form);
}

/** Why a file may not be sent. Ends of names are compared without regard to case. */
function check(file: File, { types, maxBytes }: Order): UploadProgress | undefined {
  const dot = file.name.lastIndexOf(".");
  if (dot < 0 || !types.includes(file.name.slice(dot + 1).toLowerCase())) {
    return { status: "kind" };
  }
  if (file.size === 0) {
    return { status: "empty" };
  }
  return file.size > maxBytes ? { status: "large", maxBytes } : undefined;
}

/** The service site answers failures with 200, too, and JSON as plain text. */
function outcome({ status, responseText, responseURL }: XMLHttpRequest): UploadProgress {
  let answer: Answer | null = null;
  try {
    answer = JSON.parse(responseText) as Answer | null;
  } catch {
    // Told below.
  }
  if (status < 200 || status > 299 || answer?.error || answer?.errorMessage) {
    return { status: "refused" };
  }
  const url = address(answer?.url, responseURL);
  if (!url) {
    console.warn(
      "Pipit: a file was uploaded, but the answer has no `url` with https at which the agent can fetch it. " +
        "The chat API has no other known way to tell the agent of a file, so the visitor is told that it was not sent.",
    );
    return { status: "refused" };
  }
  return { status: "done", url };
}

/** https, or http on this machine. */
function address(told: unknown, base: string): string | undefined {
  try {
    const url = new URL(String(told ?? ":"), base);
    const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
    return url.protocol === "https:" || (url.protocol === "http:" && isLocal) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fetches a file and saves it. The service site's `getTempFile` answers only to who accepts JSON, though it answers
 * with the file. As a saved file it runs nowhere, whatever it holds.
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
