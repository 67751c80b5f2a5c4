// Types that the loader, the panel and the scripts that are loaded on demand share. Hosts do not see them. They are in a file
// of their own, so that no two scripts import each other.

import type { Availability, Chat, Finding, Options, PanelCommandName, State } from "./contract";
import type { PipitError } from "./error";

/** The launcher's elements. */
export interface Launcher {
  /** The element around launcher and panel. */
  readonly container: HTMLElement;
  readonly button: HTMLButtonElement;
  /** The sheet with the accent of the launcher. */
  readonly colours: CSSStyleSheet;
}

/**
 * What a chat in `frame.html` has besides. That page is shown in an iframe where the host's page does not allow WebAssembly.
 */
export interface FrameContext {
  /**
   * The beginning of every name of storage, channel and lock. It contains the embedding page's origin, so that the frame
   * shares nothing with tabs of the widget's own origin, nor with frames on other sites.
   */
  readonly namespace: string;
  /** Lets the embedding page send a file. Rejects if the upload could not begin. */
  upload(file: File, target: UploadTarget, listener: UploadListener, signal: AbortSignal): Promise<unknown>;
  /** Lets the embedding page send the message that a visitor leaves. */
  leaveMessage(answers: string): Promise<unknown>;
}

/** A chat with the members that only Pipit's own scripts use. */
export interface InternalChat extends Chat {
  /** The element of the chat; absent until `attachTo` is called. */
  host?: HTMLElement;
  launcher: Launcher;
  options: Options;
  /** The options that are attributes of the element or the script. An attribute without an option of its name is ignored. */
  attributes: object;
  state: State;
  /** Absent if the site sets neither `whenClosed` nor `whenNoAgents`, and as long as the answer is not known. */
  availability?: Availability;
  frame?: FrameContext;
  /** Aborts when the chat is taken off the page. */
  readonly signal: AbortSignal;
  /** Puts the launcher into an element of the page. Attributes win over options, and earlier updates over both. */
  attachTo(host: HTMLElement, options: Options, attributes?: object): void;
  update(changed: Options, areAttributes?: boolean): Promise<void>;
  toggle(takesFocus?: boolean): Promise<void>;
  /** Sends an event to the host's listeners and to those of the element. */
  emit(type: string, details?: object): void;
  /** Reports the failure of something that nobody waits for, on the console and as the event `error`. */
  reportFailure(action: Promise<unknown>): Promise<unknown>;
}

/** A panel of any kind: by WASM, in an iframe, or the fallback card. */
export interface Panel {
  /** Performs a command of the contract's table. */
  run(name: PanelCommandName, ...values: unknown[]): Promise<unknown>;
}

/** Makes the panel of a chat. */
export type PanelFactory = (chat: InternalChat) => Promise<Panel>;

/** Why there is no panel: the WASM broke too often, or WebAssembly is not allowed. */
export type FallbackReason = "broken" | "blocked";

/** Where an upload goes, and what it may contain. */
export interface UploadTarget {
  readonly endpoint: string;
  /** The ends of file names, in lower case and without a dot. */
  readonly types: readonly string[];
  readonly maxBytes: number;
}

/**
 * How an upload goes. `progress` comes any number of times; every other status is the last one: the agent can fetch the
 * file at `url`; or the file was not sent because of its type, because it is empty or too large, because the endpoint
 * refused it, or because the connection failed.
 */
export type UploadProgress =
  | { readonly status: "progress"; readonly percent: number }
  | { readonly status: "done"; readonly url: string }
  | { readonly status: "large"; readonly maxBytes: number }
  | { readonly status: "kind" | "empty" | "refused" | "lost" };

export type UploadListener = (progress: UploadProgress) => void;

/** The scripts that are loaded on demand, and what they export. */
export interface LazyScripts {
  panel: {
    loadPanel(wasm: Response, source: AssetSource): Promise<PanelFactory>;
    runDoctor(chat: InternalChat, source: AssetSource): Promise<readonly Finding[]>;
  };
  availability: {
    watchAvailability(chat: InternalChat): Promise<void>;
    sendMessage(endpoint: string, answers: string): Promise<void>;
  };
  doctor: {
    runDoctor(chat: InternalChat, source: AssetSource): Promise<readonly Finding[]>;
  };
  "fallback-card": {
    showRestartBanner(chat: InternalChat, isConversationStored: boolean): Promise<void>;
    createFallbackCard(chat: InternalChat, reason: FallbackReason, error: PipitError): Panel;
  };
  "file-transfer": {
    upload(file: File, target: UploadTarget, listener: UploadListener, signal: AbortSignal): void;
    download(url: string, name: string): Promise<void>;
  };
  "frame-host": {
    createFramePanel(chat: InternalChat, styles: CSSStyleSheet, source: AssetSource, error: PipitError): Promise<Panel>;
  };
  sound: {
    playChime(): void;
  };
  title: {
    showUnreadCount(unread: number): void;
  };
}

/** Loads scripts and files. Script tag and package each have their own way. */
export interface AssetSource {
  loadScript<Name extends keyof LazyScripts>(name: Name): Promise<LazyScripts[Name]>;
  fetchFile(name: string): Promise<Response>;
  /** The SHA-256 of each file that may be loaded, by its name. The panel adds the files that only it needs. */
  hashes: Record<string, string>;
  /** The address of the script tag's file. The frame's page is beside it. Absent in the package. */
  loaderUrl?: string;
}
