// Types that are shared by the loader (`pipit.js`), the panel's script and the scripts that are loaded on demand. They are not part
// of the API for hosts (the web teams' code on the pages). The types are in a file of their own, because scripts that import each
// other's types would depend on each other.

import type { Availability, Chat, Findings, HostEndpoint, Options, PanelCommandName, State } from "./contract";
import type { PipitError } from "./error";
import type { Forgetting } from "./stored-conversation";

/** The launcher (the button that opens the panel), with the element and the style sheet that belong to it. */
export interface Launcher {
  /** The element around launcher and panel. */
  readonly container: HTMLElement;
  readonly button: HTMLButtonElement;
  /**
   * The style sheet of the launcher. Its first rule is the one of the container. Scripts add rules at its end. Undefined in an old
   * browser, in which only the fallback card can be shown.
   */
  readonly styles: CSSStyleSheet;
  /** The labels in the languages in which the label is not `Chat`. Absent until the script `watchers` has loaded. */
  labels?: Readonly<Record<string, string>>;
}

/**
 * What a chat has in addition if it runs in the iframe `frame.html`. The iframe is used if the host's page does not allow
 * WebAssembly.
 */
export interface FrameContext {
  /**
   * The beginning of the name of every stored item, broadcast channel and lock. It contains the embedding page's origin, so
   * that the frame shares nothing with tabs of the widget's own origin, nor with frames on other sites.
   */
  readonly namespace: string;
  /** Lets the embedding page send a file. Rejects if the upload could not begin. */
  upload(file: File, target: UploadTarget, listener: UploadListener, signal: AbortSignal): Promise<unknown>;
  /** Lets the embedding page send what the visitor leaves to the address in this option. */
  sendToHost(endpoint: HostEndpoint, body: string): Promise<unknown>;
}

/** A chat with the members that only Pipit's own scripts use. */
export interface InternalChat extends Chat {
  /** The element <pipit-chat> of this chat: the host of its shadow root, not the web team's code. Absent until `attachTo` is called. */
  host?: HTMLElement;
  launcher: Launcher;
  options: Options;
  /**
   * The attributes that the element or the script tag has or had, by the names of options. Attributes with other names are ignored.
   */
  attributes: object;
  state: State;
  /** The text of the attribute or property `config` that the panel has read last. Absent if there was none. */
  configText?: string;
  /** Absent until the first check of the availability is over. A check happens only with an option `whenClosed` or `whenNoAgents`. */
  availability?: Availability;
  /** Present only if the chat runs in the iframe. */
  frame?: FrameContext;
  /** Aborts when the chat is taken off the page. */
  readonly signal: AbortSignal;
  /** Puts the launcher into an element of the page. Attributes win over options. Options that `update` has set win over both. */
  attachTo(host: HTMLElement, options: Options, attributes?: object): void;
  /** Changes options. If `areAttributes`, unknown names are attributes of other scripts and are ignored. */
  update(changed: Options, areAttributes?: boolean): Promise<void>;
  /**
   * Forgets the visitor. With `wanted.records`, what is stored was removed already. With `wanted.marker`, the other tabs of the site
   * have already forgotten; the command does nothing if this tab has, too.
   */
  forget(wanted?: Partial<Forgetting>): Promise<void>;
  /**
   * Opens or closes the panel. `isWanted` is true if the visitor has pressed the launcher. An opened panel takes the focus if it is
   * true, or if it is absent and the visitor has just clicked or typed, and in both cases only if the visitor does not type on the
   * page.
   */
  toggle(isWanted?: boolean): Promise<void>;
  /**
   * Opens the panel. For `isWanted`, see `toggle`. `isByLink` means that the visitor has clicked a link of the page that opens the
   * chat. The command then fails if the launcher is hidden or disabled, or if only the fallback card could be shown. The browser
   * follows the link instead.
   */
  open(isWanted?: boolean, isByLink?: boolean): Promise<void>;
  /** Sends an event to the host's listeners, and to listeners of the element <pipit-chat>. */
  emit(type: string, details?: object): void;
  /**
   * Reports a failure of the action on the console and as the event `error`. This is for actions whose promise the host does not
   * get. The returned promise resolves even if the action fails.
   */
  reportFailure(action: Promise<unknown>): Promise<unknown>;
}

/** A panel of any kind: drawn by the WASM on the page, in an iframe, or the fallback card (it lists other ways of contact). */
export interface Panel {
  /** Performs a command of the table `COMMANDS` in `contract.ts`, or `forget`, with the same value as `InternalChat` has. */
  run(name: PanelCommandName | "forget", ...values: unknown[]): Promise<unknown>;
}

/** Makes the panel of a chat. */
export type PanelFactory = (chat: InternalChat) => Promise<Panel>;

/** Why the visitor sees the fallback card: the WASM has broken too often, or WebAssembly is not allowed. */
export type FallbackReason = "broken" | "blocked";

/** Where an upload goes, and what it may contain. */
export interface UploadTarget {
  readonly endpoint: string;
  /** The allowed file name extensions, in lower case and without a dot. */
  readonly types: readonly string[];
  readonly maxBytes: number;
}

/**
 * The state of an upload. `progress` is reported any number of times. Every other status ends the upload. With `done`, the agent
 * can fetch the file at `url`. The other statuses say why the file did not arrive: the file is too `large`, its type (`kind`) is
 * not allowed, it is `empty`, the endpoint has `refused` it, or the connection was `lost`.
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
    loadPanel(wasm: Promise<Response>, source: AssetSource): Promise<PanelFactory>;
  };
  doctor: {
    runDoctor(chat: InternalChat, source: AssetSource): Promise<Findings>;
  };
  "fallback-card": {
    showRestartBanner(chat: InternalChat, isConversationStored: boolean): Promise<void>;
    createFallbackCard(chat: InternalChat, reason: FallbackReason, error: PipitError): Panel;
  };
  "fetch-check": {
    fetchWasmByBrowser(source: AssetSource): Promise<Response>;
    findWorkingFetch(url: string, headers: readonly string[], isRefused: boolean): Promise<typeof fetch | undefined>;
  };
  "file-transfer": {
    upload(file: File, target: UploadTarget, listener: UploadListener, signal: AbortSignal): void;
    download(url: string, name: string): Promise<void>;
  };
  "frame-host": {
    createFramePanel(chat: InternalChat, styles: CSSStyleSheet | undefined, source: AssetSource, cause: unknown): Promise<Panel>;
  };
  "page-precedence": {
    giveWay(chat: InternalChat, callWasm: (command: string, argument: boolean) => void, result?: PromiseLike<unknown>): void;
  };
  sound: {
    playChime(): void;
  };
  title: {
    showInTitle(warning: string, unread: number): void;
  };
  watchers: {
    followScale(chat: InternalChat): void;
    forget(chat: InternalChat, wanted?: Partial<Forgetting>, hasPanel?: boolean): Promise<void>;
    loadFeature<Name extends keyof LazyScripts>(source: AssetSource, name: Name): Promise<LazyScripts[Name]>;
    readConfigText(chat: InternalChat): void;
    runDoctor(chat: InternalChat, source: AssetSource): Promise<Findings>;
    sendToHost(options: Options, endpoint: HostEndpoint, body: string): Promise<void>;
    watch(chat: InternalChat, source: AssetSource): Promise<void>;
    withConfigText(chat: InternalChat, options: Options): Options;
  };
}

/** Loads scripts and files. The script tag and the npm package each have an implementation. */
export interface AssetSource {
  loadScript<Name extends keyof LazyScripts>(name: Name): Promise<LazyScripts[Name]>;
  /** Calls the page's `fetch` before it returns. */
  fetchFile(name: string): Promise<Response>;
  /**
   * The SHA-256 of each file, by the file's name. The panel's script adds the hashes of the files that only it loads. Not used in
   * the npm package.
   */
  hashes: Record<string, string>;
  /** The address of the loader. `frame.html` is in the same directory. Absent in the npm package. */
  loaderUrl?: string;
  /**
   * Returns the address of the directory with `frame.html`, if the host has copied the files of the npm package and has said where they
   * are. Only in the npm package.
   */
  frameBase?: () => string | undefined;
}
