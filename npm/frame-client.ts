// The script of `frame.html`. If the embedding page ("the page") does not allow WebAssembly, the panel runs in an iframe with this
// file ("the frame"). The script creates a chat and performs the commands that `frame-host.ts`, the script on the page, sends over a
// message port. Any page can load `frame.html` into an iframe, so the script first checks that the page may embed it
// (`frame-policy.ts`).

import { setAssetSource } from "./assets";
import type { FrameContext, InternalChat, UploadListener, UploadProgress } from "./chat-internals";
import { COMMANDS, type Options, type PanelCommandName, type SessionWanted } from "./contract";
import { defineElement, placeChat } from "./element";
import type { FrameSetup, LauncherState, Offer } from "./frame-messages";
import { documentPolicy, embedderProblem, mayEmbed, optionsFromPage, restrictedFetch } from "./frame-policy";
import { assetsBeside } from "./hashed-assets";
import { type Handlers, type RemoteCall, connect } from "./rpc";

/**
 * The value of each option of the frame with an address for the visitor's files, messages, ratings or transcripts. Nothing is sent to
 * this address, because the page sends them for the frame.
 */
const SENT_BY_PAGE = "about:blank#sent-by-page";

/** The widget's files. Created now, because `document.currentScript` is set only while the script first runs. */
const assets = assetsBeside(document.currentScript as HTMLScriptElement);
/** The pages that may embed this frame, and the chat servers that they may name. `frame.html` lists both. */
const policy = documentPolicy();
/** The random text by which the page and this frame recognize each other's first messages. */
const nonce = location.hash.slice(1);

if (parent !== self) {
  offerToParent();
}

/**
 * Tells the parent that the frame is ready, and accepts one port from the parent. If a page around the frame may not embed it, tells
 * the parent why instead.
 */
function offerToParent(): void {
  const ancestors = ancestorOrigins();
  const problem = ancestorProblem(ancestors);
  if (problem) {
    refuse(problem);
    return;
  }
  const onMessage = ({ source, origin, data, ports: [port] }: MessageEvent<{ pipit?: string } | null>) => {
    if (source !== parent || data?.pipit !== nonce || !port) {
      return;
    }
    removeEventListener("message", onMessage);
    if (mayEmbed(policy, origin)) {
      serve(port, origin);
    } else {
      port.close();
      refuse(embedderProblem(policy, origin));
    }
  };
  addEventListener("message", onMessage);
  // If the browser does not name the parent's origin, a parent of any origin gets this message. `onMessage` checks the origin when the
  // parent answers.
  parent.postMessage({ pipit: nonce, runs: canRunWasm() } satisfies Offer, ancestors?.[0] ?? "*");
}

/** Returns the origins of all pages around this one, the parent's first; undefined if the browser does not name them. */
function ancestorOrigins(): string[] | undefined {
  const { ancestorOrigins: origins } = location as { ancestorOrigins?: DOMStringList };
  return origins && Array.from(origins);
}

/** Returns why the pages around this one may not embed it; undefined if no reason is known yet. */
function ancestorProblem(ancestors: string[] | undefined): string | undefined {
  // `mayEmbed` refuses the frame's own origin only if the frame is sandboxed. No page may embed a sandboxed frame.
  if (!mayEmbed(policy, policy.ownOrigin)) {
    return embedderProblem(policy, policy.ownOrigin);
  }
  // Without the list of origins, the frame learns only its parent's origin, from the parent's message.
  if (!ancestors && parent !== top) {
    return "Pipit's frame cannot tell which page is at the top: this browser has no `location.ancestorOrigins`.";
  }
  const unlisted = ancestors?.find((origin) => !mayEmbed(policy, origin));
  return unlisted === undefined ? undefined : embedderProblem(policy, unlisted);
}

/**
 * Tells the page that the frame refuses it. If this is the frame's first message, the page shows the fallback card at once. The frame
 * does nothing more.
 */
function refuse(problem: string): void {
  console.error(problem);
  parent.postMessage({ pipit: nonce, refused: problem } satisfies Offer, "*");
}

/** Whether WebAssembly may run in this frame. Tries it with the smallest module, which has only a magic number and a version. */
function canRunWasm(): boolean {
  try {
    return !!new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return false;
  }
}

/**
 * Answers the page's calls over the port. The first call has to be `begin`: it creates the chat and adds the chat's commands.
 * `embedder` is the page's origin.
 */
function serve(port: MessagePort, embedder: string): void {
  self.fetch = restrictedFetch(policy, embedder);
  setAssetSource(assets);
  defineElement();
  const handlers: Handlers = {
    begin(setup: FrameSetup) {
      const options = optionsFromPage(policy, embedder, setup.options);
      // The options are allowed, so the chat begins. A page can begin only one chat.
      delete handlers["begin"];
      const chat = placeChat(chatOptions({ ...setup, options }, callPage));
      chat.frame = frameContext(embedder, handlers, callPage);
      for (const name of Object.keys(COMMANDS) as PanelCommandName[]) {
        handlers[name] = chat[name];
      }
      handlers["forget"] = chat.forget;
      handlers["update"] = (changed: Options) => chat.update(optionsFromPage(policy, embedder, changed));
      reportState(chat, callPage);
    },
  };
  const callPage = connect(port, handlers);
}

/**
 * The chat's options: the options from the page, and functions that call the page, because the page's own functions cannot be sent
 * over the port. The function `beforeRender` is left out: it has to return at once, and a call of the page takes time.
 */
function chatOptions({ options, has, mode }: FrameSetup, callPage: RemoteCall): Options {
  return {
    ...options,
    mode,
    load: "eager",
    ...(has.getSession && { getSession: ({ reason, answers }: SessionWanted) => callPage("getSession", { reason, answers }) as Promise<string> }),
    ...(has.availability && { availability: () => callPage("availability") }),
    ...(has.beforeSend && { beforeSend: (text: string) => callPage("beforeSend", text) as Promise<string | null> }),
    ...(has.upload && { uploadEndpoint: SENT_BY_PAGE }),
    ...(has.leaveMessage && { messageEndpoint: SENT_BY_PAGE }),
    ...(has.rate && { ratingEndpoint: SENT_BY_PAGE }),
    ...(has.mail && { transcriptEndpoint: SENT_BY_PAGE }),
  };
}

/**
 * Creates the context by which the chat sends files and messages through the page. The page knows the target of an upload from its own
 * options, so the target is not passed on.
 */
function frameContext(embedder: string, handlers: Handlers, callPage: RemoteCall): FrameContext {
  /** The listeners of the running uploads, by the upload's number. */
  const listeners = new Map<number, UploadListener>();
  handlers["uploadProgress"] = (id: number, progress: UploadProgress) => {
    listeners.get(id)?.(progress);
    if (progress.status !== "progress") {
      listeners.delete(id);
    }
  };
  let lastUploadId = 0;
  return {
    // No origin contains a space. The space at the end keeps a namespace from being the beginning of another page's namespace.
    namespace: `pipit.frame.1.${embedder} `,
    upload(file, _target, listener, signal) {
      const id = ++lastUploadId;
      listeners.set(id, listener);
      signal.addEventListener("abort", () => {
        listeners.delete(id);
        void callPage("cancelUpload", id);
      });
      return callPage("upload", id, file);
    },
    sendToHost: (endpoint, body) => callPage("sendToHost", endpoint, body),
  };
}

/**
 * Reports the chat's events, and the content of the chat's launcher (the button that opens the panel), to the page. The visitor
 * sees the launcher on the page, and not the launcher in the frame.
 */
function reportState(chat: InternalChat, callPage: RemoteCall): void {
  const { button } = chat.launcher;
  const report = () => {
    const badge = button.querySelector<HTMLElement>(".badge")?.dataset["count"] ?? "";
    const content: LauncherState = { label: button.ariaLabel ?? "", lang: button.lang, dir: button.dir, badge, state: chat.getState() };
    void callPage("show", content);
  };
  const { emit } = chat;
  chat.emit = (type, details) => {
    emit(type, details);
    report();
    void callPage("emit", type, { ...details });
  };
  new MutationObserver(report).observe(button, { attributes: true, childList: true, subtree: true });
}
