// Creates the object by which the panel's WASM sends the visitor's files and saves the agents' files. On the Rust side,
// `src/config/attachments.rs` reads the object. The code that transfers the files is in `file-transfer.ts`, which is loaded when
// it is first needed.

import { loadFeature } from "./assets";
import type { FrameContext, UploadListener } from "./chat-internals";
import type { Options } from "./contract";
import { PipitError } from "./error";

export interface Attachments {
  /** The file types that the visitor may send, as in `<input accept="…">`. Absent if the visitor cannot send files. */
  accept?: string;
  /** Sends a file. Calls the listener with the progress and the result. Returns a function that cancels the upload. */
  upload(file: File, listener: UploadListener): () => void;
  /** Fetches an agent's file, and saves it on the visitor's machine under a name. */
  download(url: string, name: string): Promise<void>;
}

/** The file types that the customer portal of Oracle's service site accepts by default. */
const DEFAULT_TYPES = [
  "png", "jpg", "jpeg", "gif", "bmp", "txt", "csv", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "rtf", "odt",
  "odm", "ods", "odp", "odf", "msg", "eml", "zip", "wav", "mp3", "mov", "mp4",
];
const DEFAULT_MAX_BYTES = 10_000_000;

/**
 * Creates the object from the chat's options. Throws `E_OPTION` if `uploadMaxBytes` is not a positive number. If the chat runs in
 * an iframe, `uploadByPage` is the function that lets the embedding page send the files.
 */
export function createAttachments(options: Options, uploadByPage?: FrameContext["upload"]): Attachments {
  const { uploadEndpoint: endpoint, uploadTypes = DEFAULT_TYPES, uploadMaxBytes = DEFAULT_MAX_BYTES } = options;
  const maxBytes = Number(uploadMaxBytes);
  if (!(maxBytes > 0)) {
    throw new PipitError("E_OPTION", "the option `uploadMaxBytes` is not a number of bytes.");
  }
  const types = [uploadTypes].flat().map((type) => type.trim().replace(/^\./, "").toLowerCase());
  return {
    ...(endpoint !== undefined && { accept: types.map((type) => `.${type}`).join() }),
    upload(file, listener) {
      const cancellation = new AbortController();
      const { signal } = cancellation;
      const target = { endpoint: endpoint ?? "", types, maxBytes };
      const upload = async () => (uploadByPage ?? (await loadFeature("file-transfer")).upload)(file, target, listener, signal);
      // Reached if the script cannot be loaded, or if the transfer throws an error.
      upload().catch(() => {
        if (!signal.aborted) {
          listener({ status: "lost" });
        }
      });
      return () => cancellation.abort();
    },
    download: async (url, name) => (await loadFeature("file-transfer")).download(url, name),
  };
}
