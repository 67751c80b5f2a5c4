// The script of `frame.html`, in which the panel runs where the page does not allow WebAssembly. It makes a chat that
// follows the commands of `frame-host.ts` over a message port. Any page can load this file into a frame, so it obeys only
// pages that its own deployment lists (`frame-policy.ts`), and checks that before it begins anything.

import { setAssetSource } from "./assets";
import type { FrameContext, InternalChat, UploadListener, UploadProgress } from "./chat-internals";
import { COMMANDS, type Options, type PanelCommandName, type SessionWanted } from "./contract";
import { defineElement, placeChat } from "./element";
import type { FrameSetup, LauncherState, Offer } from "./frame-messages";
import { documentPolicy, embedderProblem, mayEmbed, optionsFromPage, restrictedFetch } from "./frame-policy";
import { assetsBeside } from "./hashed-assets";
import { type Handlers, type RemoteCall, connect } from "./rpc";

/** The value of an endpoint's option in the frame. The embedding page sends these requests, so nothing is sent to this address. */
const ASKED_OF_THE_PAGE = "about:blank#asked-of-the-page";

/** The browser names the running script only while it first runs. */
const assets = assetsBeside(document.currentScript as HTMLScriptElement);
const policy = documentPolicy();
const nonce = location.hash.slice(1);

if (parent !== self) {
  offerPort();
}

/** Accepts one port from the parent window, if every page around this one may embed it. */
function offerPort(): void {
  const ancestors = ancestorOrigins();
  const problem = problemWith(ancestors);
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
  // Where the browser does not name the parent, its origin is checked when it answers.
  parent.postMessage({ pipit: nonce, runs: canRunWasm() } satisfies Offer, ancestors?.[0] ?? "*");
}

/** The origins of all pages around this one, the parent's first; nothing where the browser does not name them. */
function ancestorOrigins(): string[] | undefined {
  const { ancestorOrigins: origins } = location as { ancestorOrigins?: DOMStringList };
  return origins && Array.from(origins);
}

/** Why the pages around this one may not embed it, as far as that is known before one of them has sent a message. */
function problemWith(ancestors: string[] | undefined): string | undefined {
  if (!mayEmbed(policy, policy.ownOrigin)) {
    return embedderProblem(policy, policy.ownOrigin);
  }
  if (!ancestors && parent !== top) {
    return "Pipit's frame cannot tell which page is at the top: this browser has no `location.ancestorOrigins`.";
  }
  const unlisted = ancestors?.find((origin) => !mayEmbed(policy, origin));
  return unlisted === undefined ? undefined : embedderProblem(policy, unlisted);
}

/** Tells the page that it is refused, so that its visitor does not wait for the frame. Nothing else starts. */
function refuse(problem: string): void {
  console.error(problem);
  parent.postMessage({ pipit: nonce, refused: problem } satisfies Offer, "*");
}

/** Whether WebAssembly may run here, tried with the smallest module. */
function canRunWasm(): boolean {
  try {
    return !!new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return false;
  }
}

/** Waits for the page's call `begin`, and creates the chat then. From then on the page can call the chat's commands. */
function serve(port: MessagePort, embedder: string): void {
  self.fetch = restrictedFetch(policy, embedder);
  setAssetSource(assets);
  defineElement();
  const handlers: Handlers = {
    begin(setup: FrameSetup) {
      const options = optionsFromPage(policy, embedder, setup.options);
      delete handlers["begin"];
      const chat = placeChat(chatOptions({ ...setup, options }, callPage));
      chat.frame = frameContext(embedder, handlers, callPage);
      for (const name of Object.keys(COMMANDS) as PanelCommandName[]) {
        handlers[name] = chat[name];
      }
      handlers["update"] = (changed: Options) => chat.update(optionsFromPage(policy, embedder, changed));
      reportState(chat, callPage);
    },
  };
  const callPage = connect(port, handlers);
}

/** The page's options. The host's functions and addresses stay on the page; in their place are functions that call the page. */
function chatOptions({ options, has, mode }: FrameSetup, callPage: RemoteCall): Options {
  return {
    ...options,
    mode,
    load: "eager",
    ...(has.getSession && { getSession: ({ reason, answers }: SessionWanted) => callPage("getSession", { reason, answers }) as Promise<string> }),
    ...(has.availability && { availability: () => callPage("availability") }),
    ...(has.beforeSend && { beforeSend: (text: string) => callPage("beforeSend", text) as Promise<string | null> }),
    ...(has.upload && { uploadEndpoint: ASKED_OF_THE_PAGE }),
    ...(has.leaveMessage && { messageEndpoint: ASKED_OF_THE_PAGE }),
  };
}

function frameContext(embedder: string, handlers: Handlers, callPage: RemoteCall): FrameContext {
  const listeners = new Map<number, UploadListener>();
  handlers["uploadProgress"] = (id: number, progress: UploadProgress) => {
    listeners.get(id)?.(progress);
    if (progress.status !== "progress") {
      listeners.delete(id);
    }
  };
  let lastUpload = 0;
  return {
    // An origin contains no space, so the namespace of one page is never the beginning of another page's namespace.
    namespace: `pipit.frame.1.${embedder} `,
    upload(file, _target, listener, signal) {
      const id = ++lastUpload;
      listeners.set(id, listener);
      signal.addEventListener("abort", () => {
        listeners.delete(id);
        void callPage("cancelUpload", id);
      });
      return callPage("upload", id, file);
    },
    leaveMessage: (answers) => callPage("leaveMessage", answers),
  };
}

/** Reports the chat's events and the content of its launcher to the page. The visitor sees the page's launcher, not this one. */
function reportState(chat: InternalChat, callPage: RemoteCall): void {
  const { button } = chat.launcher;
  const report = () => {
    const badge = button.querySelector<HTMLElement>(".badge")?.dataset["count"] ?? "";
    const shown: LauncherState = { label: button.ariaLabel ?? "", lang: button.lang, dir: button.dir, badge, state: chat.getState() };
    void callPage("show", shown);
  };
  const { emit } = chat;
  chat.emit = (type, details) => {
    emit(type, details);
    report();
    void callPage("emit", type, { ...details });
  };
  new MutationObserver(report).observe(button, { attributes: true, childList: true, subtree: true });
}
