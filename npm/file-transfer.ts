// Sends the visitor's files to the address in the option `uploadEndpoint`, and saves the agents' files. This script is loaded when
// the first file is sent or saved.
//
// An upload uses XMLHttpRequest, because `fetch` shows the progress of an upload only if its body is a stream. Only Chromium can
// send a stream.

import type { UploadListener, UploadProgress, UploadTarget } from "./chat-internals";
import { pageDocument } from "./page-document";

/**
 * The members that the endpoint's answer may have. Oracle's service site answers with `error` and `errorMessage` if its upload
 * operation `fileUpload` fails. `url` is the address at which the agent can fetch the file.
 */
interface UploadAnswer {
  url?: unknown;
  error?: unknown;
  errorMessage?: unknown;
}

/**
 * Sends a file if its type and size are allowed; otherwise the listener gets the reason at once. The listener gets the progress and
 * then the result. It gets nothing more after the signal has aborted.
 */
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
  request.onload = () => listener(uploadResult(request));
  signal.addEventListener("abort", () => {
    request.upload.onprogress = null;
    request.onerror = null;
    request.onload = null;
    request.abort();
  });
  const form = new FormData();
  form.append("file", file, file.name);
  // Oracle's service site answers no preflight request. A header would cause one, so none is added. (If the endpoint is on another
  // origin, the listener for the progress already causes one.)
  request.open("POST", target.endpoint);
  request.send(form);
}

/** Returns why a file may not be sent; undefined if it may. The type is the extension of the file's name, in lower or upper case. */
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

/** Reads the endpoint's answer to an upload. Oracle's service site answers with status 200 even if it fails, and declares its JSON as plain text. */
export function uploadResult({ status, responseText, responseURL }: Pick<XMLHttpRequest, "status" | "responseText" | "responseURL">): UploadProgress {
  let answer: UploadAnswer | null = null;
  try {
    answer = JSON.parse(responseText) as UploadAnswer | null;
  } catch {
    // An answer that is not JSON has no address, which is reported below.
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

/** Makes an address absolute; it may be relative to `base`. Its scheme must be https, or http on this machine. Returns undefined for any other value. */
function secureUrl(address: unknown, base: string): string | undefined {
  if (typeof address !== "string" || address === "") {
    return undefined;
  }
  try {
    const url = new URL(address, base);
    const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
    return url.protocol === "https:" || (url.protocol === "http:" && isLocal) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fetches a file and saves it. Throws if the server does not answer with the file. The request accepts JSON, because the operation `getTempFile` of Oracle's service site refuses
 * requests that do not accept JSON, although its answer is the file. The saved file gets a neutral media type, so that the browser
 * cannot run it in the page.
 */
export async function download(url: string, name: string): Promise<void> {
  const response = await fetch(url, { headers: { Accept: "application/json, */*" } });
  if (!response.ok) {
    throw new Error(`The server answered with status ${response.status}.`);
  }
  const file = new Blob([await response.arrayBuffer()], { type: "application/octet-stream" });
  const link = pageDocument.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
