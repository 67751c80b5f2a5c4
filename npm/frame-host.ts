// The panel where the page does not allow WebAssembly: it runs in a frame from the widget's own origin, whose policy
// allows it. Commands and events are the same and cross as messages; `frame-client.ts` is the other side. Every request to the
// page's own addresses (session, uploads, messages) is made here, by the page, and never by the frame.

import { accentRule } from "./accent-palette";
import { setAssetSource } from "./assets";
import { createAttachments } from "./attachments";
import { requestAvailability, sendMessage } from "./availability-request";
import type { AssetSource, InternalChat, Panel, UploadProgress } from "./chat-internals";
import { type Options, type PanelCommandName, type SessionWanted, STORAGE_PREFIX } from "./contract";
import { PipitError } from "./error";
import type { FrameSetup, LauncherState, Offer } from "./frame-messages";
import { crosses } from "./frame-policy";
import { deepFreeze } from "./freeze";
import { createSheet, isFloating, isUserActive, setLabel, setPanelOpen } from "./launcher";
import { validateOptions } from "./options";
import { type Handlers, type RemoteCall, connect } from "./rpc";

/** How long the frame may take to answer at first, in ms. */
const TIMEOUT_MS = 10_000;

/**
 * A key in the page's session storage while a conversation runs in the frame. The loader finds it after the next page load
 * (`isConversationInSite` in `stored-conversation.ts`), and loads the panel to continue.
 */
const CONVERSATION_IN_FRAME = `${STORAGE_PREFIX}framed`;

/** The panel in a frame; where that is not possible, the card that says so. */
export async function createFramePanel(chat: InternalChat, styles: CSSStyleSheet, source: AssetSource, error: PipitError): Promise<Panel> {
  setAssetSource(source);
  const options = validateOptions(chat.options, chat.attributes);
  const root = chat.host!.shadowRoot!;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles, createSheet(accentRule(options.accent) ?? "")];
  const iframe = document.createElement("iframe");
  iframe.id = "panel";
  iframe.className = "panel";
  iframe.setAttribute("part", "panel");
  iframe.title = options.title ?? chat.launcher.button.ariaLabel ?? "";
  iframe.hidden = isFloating(options);
  try {
    const callFrame = await loadFrame(chat, iframe, new URL("frame.html", source.loaderUrl));
    const setup: FrameSetup = { options: crossingOptions(options), has: availableFunctions(options), mode: iframe.hidden ? "floating" : "page" };
    await callFrame("begin", setup);
    console.info("Pipit is in a frame:", error.message);
    return createPanel(chat, iframe, callFrame);
  } catch (cause) {
    iframe.remove();
    chat.signal.throwIfAborted();
    if (cause instanceof PipitError) {
      throw cause;
    }
    console.warn("Pipit could not be in a frame either:", cause);
    // The error names the missing directive on the console.
    chat.reportFailure(Promise.reject(error));
    return (await source.loadScript("fallback-card")).createFallbackCard(chat, "blocked", error);
  }
}

/** Loads the frame, and gives a port to it alone: it must be of the widget's origin and know the nonce. */
async function loadFrame(chat: InternalChat, iframe: HTMLIFrameElement, address: URL): Promise<RemoteCall> {
  const nonce = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
  const done = new AbortController();
  const { signal } = done;
  try {
    const offered = new Promise<Offer>((resolve, reject) => {
      const onMessage = ({ source, origin, data }: MessageEvent<Offer | null>) => {
        if (source === iframe.contentWindow && origin === address.origin && data?.pipit === nonce) {
          resolve(data);
        }
      };
      const onViolation = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
        if (/^(frame|child|default)-src/.test(effectiveDirective) && address.href.startsWith(blockedURI)) {
          reject(new Error(`${effectiveDirective} of this page's Content-Security-Policy does not have ${address.origin}.`));
        }
      };
      addEventListener("message", onMessage, { signal });
      document.addEventListener("securitypolicyviolation", onViolation, { signal });
      chat.signal.addEventListener("abort", () => reject(chat.signal.reason), { signal });
      const timeout = setTimeout(() => reject(new Error(`${address.href} did not answer.`)), TIMEOUT_MS);
      signal.addEventListener("abort", () => clearTimeout(timeout));
    });
    iframe.src = `${address.href}#${nonce}`;
    chat.launcher.container.append(iframe);
    const { runs, refused } = await offered;
    if (!runs) {
      throw new Error(refused ?? "WebAssembly cannot run there.");
    }
  } finally {
    done.abort();
  }
  const { port1, port2 } = new MessageChannel();
  const callFrame = connect(port1, createHandlers(chat, iframe, (...values) => callFrame(...values)));
  chat.signal.addEventListener("abort", () => port1.close());
  iframe.contentWindow!.postMessage({ pipit: nonce }, address.origin, [port2]);
  return callFrame;
}

/** The functions that the frame may call. */
function createHandlers(chat: InternalChat, iframe: HTMLIFrameElement, callFrame: RemoteCall): Handlers {
  const uploads = new Map<number, () => void>();
  return {
    emit: (type: string, details: object) => chat.emit(type, deepFreeze(details)),
    show: (shown: LauncherState) => showState(chat, iframe, shown),
    getSession: (wanted: SessionWanted) => requestSession(chat.options, wanted),
    availability: () => requestAvailability(chat.options),
    beforeSend: (text: string) => chat.options.beforeSend!(text),
    leaveMessage: (answers: string) => sendMessage(chat.options.messageEndpoint!, answers),
    upload(id: number, file: File) {
      const report = (progress: UploadProgress) => void callFrame("uploadProgress", id, progress);
      uploads.set(id, createAttachments(validateOptions(chat.options, chat.attributes)).upload(file, report));
    },
    cancelUpload(id: number) {
      uploads.get(id)?.();
      uploads.delete(id);
    },
  };
}

function createPanel(chat: InternalChat, iframe: HTMLIFrameElement, callFrame: RemoteCall): Panel {
  const run = async (name: PanelCommandName, ...values: unknown[]) => {
    chat.signal.throwIfAborted();
    return callFrame(name, ...values);
  };
  const open = async (takesFocus = isUserActive()) => {
    iframe.hidden = false;
    setPanelOpen(chat, true);
    if (takesFocus) {
      iframe.focus();
    }
    await run("open", takesFocus);
  };
  return {
    async run(name, ...values) {
      switch (name) {
        case "open":
          return open(values[0] as boolean | undefined);
        case "toggle":
          return chat.state.isOpen ? run("close") : open(values[0] as boolean | undefined);
        case "update":
          return run("update", changedOptions(chat, values[0] as Options, values[1] as boolean | undefined));
        default:
          return run(name, ...values);
      }
    },
  };
}

/** The changed options that cross. Throws `E_OPTION` for one that stays on the page, because those can no longer change. */
function changedOptions({ options }: InternalChat, changed: Options, areAttributes = false): Options {
  const valid = validateOptions(changed, areAttributes ? changed : {});
  const fixed = Object.entries(valid).find(([name, value]) => !crosses(name) && value !== options[name as keyof Options]);
  if (fixed) {
    throw new PipitError("E_OPTION", `the option \`${fixed[0]}\` cannot change while the panel is on the page.`);
  }
  return crossingOptions(valid);
}

function showState(chat: InternalChat, iframe: HTMLIFrameElement, { label: text, lang, dir, badge, state }: LauncherState): void {
  setPanelOpen(chat, state.isOpen);
  chat.state = Object.freeze(state);
  iframe.hidden = isFloating(chat.options) && !state.isOpen;
  setLabel(chat.launcher.button, text, lang, dir, badge);
  try {
    if (state.state === "idle") {
      sessionStorage.removeItem(CONVERSATION_IN_FRAME);
    } else {
      sessionStorage.setItem(CONVERSATION_IN_FRAME, "");
    }
  } catch {
    // The page may store nothing. Then the conversation continues when the visitor opens the panel.
  }
}

/** Gets a session: from the host's function, from the host's server with the page's cookies, or as the token in the options. */
async function requestSession({ getSession, sessionEndpoint, jwt }: Options, wanted: SessionWanted): Promise<unknown> {
  if (getSession) {
    return getSession({ ...wanted, signal: new AbortController().signal });
  }
  if (!sessionEndpoint) {
    return jwt;
  }
  const response = await fetch(sessionEndpoint, { method: "POST", body: JSON.stringify(wanted.answers) });
  if (!response.ok) {
    throw new Error(`${sessionEndpoint} answered with status ${response.status}.`);
  }
  // As text: numbers may be larger than JavaScript's.
  return response.text();
}

/** Which functions of this page the frame can call, depending on the host's options. */
const availableFunctions = ({ getSession, sessionEndpoint, jwt, whenClosed, whenNoAgents, beforeSend, uploadEndpoint, messageEndpoint }: Options): FrameSetup["has"] => ({
  getSession: !!(getSession ?? sessionEndpoint ?? jwt),
  availability: !!(whenClosed ?? whenNoAgents),
  beforeSend: !!beforeSend,
  upload: uploadEndpoint !== undefined,
  leaveMessage: !!messageEndpoint,
});

/** The options that cross: plain data, and addresses as they are seen from this page. */
function crossingOptions(options: Options): Options {
  if (options.beforeRender) {
    console.warn("Pipit is in a frame, where `beforeRender` cannot be asked: it answers at once, and a message takes a while.");
  }
  const isAddress = (name: string) => name === "baseUrl" || name === "surveyBase";
  const crossing = Object.entries(options).filter(([name]) => crosses(name));
  return Object.fromEntries(crossing.map(([name, value]) => [name, isAddress(name) && value !== undefined ? absolute(`${value}`) : value]));
}

/** An address that is empty or begins with `/` is one of the page's own server. */
function absolute(address: string): string {
  return /^(\/(?!\/)|$)/.test(address) ? `${location.origin}${address}` : address;
}
