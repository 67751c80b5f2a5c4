// What the widget needs to move files. The part that does it is loaded when a visitor first has one.

import { PipitError } from "./error";
import { part } from "./assets";

/** What a host may say of files. Without an endpoint the visitor can send none. */
export interface FileOptions {
  /** An address that takes a file and answers where it can be fetched; see docs/embed.md. */
  uploadEndpoint?: string | undefined;
  /** What may be sent, by the ends of names: `png`. */
  uploadTypes?: readonly string[] | string | undefined;
  /** How large a file may be, in bytes. */
  uploadMaxBytes?: number | string | undefined;
}

/** What is sent where. */
export interface Order {
  endpoint: string;
  types: readonly string[];
  maxBytes: number;
}

/** How an upload goes: how much of the file has left, where the agent can fetch it, or why it was not sent. */
export type UploadProgress =
  | { status: "progress"; percent: number }
  | { status: "done"; url: string }
  | { status: "large"; maxBytes: number }
  | { status: "kind" | "empty" | "refused" | "lost" };

/** Is called each time that an upload gets further. */
export type Tell = (progress: UploadProgress) => void;

/** What `src/config/attachments.rs` takes. */
export interface Attachments {
  accept?: string;
  upload(file: File, tell: Tell): () => void;
  download(url: string, name: string): Promise<void>;
}

/** What the service site's own portal takes by default. */
const TYPES = [
  "png", "jpg", "jpeg", "gif", "bmp", "txt", "csv", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "rtf", "odt",
  "odm", "ods", "odp", "odf", "msg", "eml", "zip", "wav", "mp3", "mov", "mp4",
];
const MAX_BYTES = 10_000_000;

export function attachments(given: FileOptions): Attachments {
  const { uploadEndpoint: endpoint, uploadTypes = TYPES, uploadMaxBytes = MAX_BYTES } = given;
  const maxBytes = Number(uploadMaxBytes);
  if (!(maxBytes > 0)) {
    throw new PipitError("E_OPTION", "the option `uploadMaxBytes` is not a number of bytes.");
  }
  const types = [uploadTypes].flat().map((type) => type.trim().replace(/^\./, "").toLowerCase());
  const load = () => part("file-transfer");
  return {
    ...(endpoint !== undefined && { accept: types.map((type) => `.${type}`).join() }),
    upload(file, tell) {
      const stop = new AbortController();
      load().then(
        (loaded) => loaded.upload(file, { endpoint: endpoint ?? "", types, maxBytes }, tell, stop.signal),
        () => stop.signal.aborted || tell({ status: "lost" }),
      );
      return () => stop.abort();
    },
    download: async (url, name) => (await load()).download(url, name),
  };
}
