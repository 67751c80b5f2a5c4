// Runs the panel in an iframe ("the frame") if the page that embeds the widget does not allow WebAssembly. The frame comes from the
// widget's own origin, whose policy allows WebAssembly. Commands and events cross between page and frame as messages;
// `frame-client.ts` is the script in the frame. The host (the web team's code on the page) sets addresses for sessions, uploads and
// messages. Only this script, on the page, sends requests to these addresses. The frame never does.

import { accentRule } from "./accent-palette";
import { loadFeature, setAssetSource } from "./assets";
import { createAttachments } from "./attachments";
import { requestAvailability } from "./availability-request";
import { missingFeatures } from "./browser-features";
import type { AssetSource, InternalChat, Panel, UploadProgress } from "./chat-internals";
import { containEvents } from "./contained-events";
import { type HostEndpoint, type Options, type PanelCommandName, type SessionWanted, STORAGE_PREFIX } from "./contract";
import { PipitError } from "./error";
import type { FrameSetup, LauncherState, Offer } from "./frame-messages";
import { crosses } from "./frame-policy";
import { deepFreeze } from "./freeze";
import { chooseLocale } from "./language-loader";
import { sendToHost } from "./host-request";
import { createSheet, isFloating, setLabel, setPanelOpen } from "./launcher";
import { assertAvailable } from "./open-links";
import { expandConfigText, mayChange, validateOptions } from "./options";
import { pageDocument } from "./page-document";
import { giveWay } from "./page-precedence";
import { prepare } from "./panel-preparation";
import { showStateByAttributes } from "./panel-state";
import { type Handlers, type RemoteCall, connect } from "./rpc";
import { describeStartFailure } from "./start-failure";
import { type Forgetting, forgetStored, readMarker } from "./stored-conversation";
import { takesFocus } from "./typing-on-page";

/** The timeout of the frame's first message, in ms. */
const TIMEOUT_MS = 10_000;

/**
 * A key in the page's session storage. It is stored as long as the chat in the frame has a conversation, even an ended one. After
 * the next page load, the loader finds the key (`ifConversationInSite` in `stored-conversation.ts`) and loads the panel, which
 * restores the conversation.
 */
const CONVERSATION_IN_FRAME = `${STORAGE_PREFIX}framed`;

/**
 * Creates the panel in a frame. If the panel cannot run in a frame either, creates the fallback card, which lists other ways of
 * contact. In an old browser, creates that card at once. `cause` is what was thrown when the WASM was started on the page. Throws a `PipitError` if this script or the frame throws one, such as
 * an error about a wrong option.
 */
export async function createFramePanel(chat: InternalChat, styles: CSSStyleSheet | undefined, source: AssetSource, cause: unknown): Promise<Panel> {
  setAssetSource(source);
  await prepare(chat);
  containEvents(chat.launcher.container);
  const missing = missingFeatures();
  if (!styles || missing.length > 0) {
    // A frame would run in the same browser.
    return showCard(chat, new PipitError("E_BROWSER", `this browser is too old for the panel: it does not have ${missing.join(", ")}.`, { cause }));
  }
  const error = await describeStartFailure(cause);
  const options = validOptions(chat);
  const root = chat.host!.shadowRoot!;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles, createSheet(accentRule(options.accent) ?? "")];
  const iframe = pageDocument.createElement("iframe");
  iframe.id = "panel";
  iframe.className = "panel";
  iframe.setAttribute("part", "panel");
  iframe.title = options.title ?? chat.launcher.button.ariaLabel ?? "";
  // A floating panel is closed at first.
  iframe.hidden = isFloating(options);
  if (options.beforeRender) {
    console.warn("Pipit runs in a frame, where it cannot call `beforeRender`: the function has to return at once, and a call from the frame takes time.");
  }
  const setup: FrameSetup = { options: crossingOptions(options, options.locale), has: availableFunctions(options), mode: iframe.hidden ? "floating" : "page" };
  /** The marker (`stored-conversation.ts`) up to which the frame has forgotten what the page's tabs have forgotten. */
  let forgottenUpTo = 0;
  /** Lets the frame forget, too. Returns whether there was something new to forget. */
  const forgetInFrame = async (callFrame: RemoteCall): Promise<boolean> => {
    const marker = readMarker() ?? 0;
    const isNew = marker > forgottenUpTo;
    if (isNew) {
      forgottenUpTo = marker;
      await callFrame("forget", { marker });
    }
    return isNew;
  };
  const begin = async () => {
    // If nobody knows where the frame is, `new URL` throws, and the fallback card is shown.
    const callFrame = await loadFrame(chat, iframe, new URL("frame.html", source.loaderUrl ?? source.frameBase?.()));
    await callFrame("begin", setup);
    const { prefill } = setup.options;
    if ((await forgetInFrame(callFrame)) && prefill) {
      // The frame has dropped this option with the visitor before. It is about the visitor of this page.
      await callFrame("update", { prefill });
    }
    return callFrame;
  };
  try {
    let frame = begin();
    await frame;
    console.info("Pipit runs in a frame:", error.message);
    // If the page moves the element, or removes it and Pipit puts it back, the browser loads the frame again. The frame has stored
    // its conversation, and continues it.
    chat.launcher.container.addEventListener("reattach", () => {
      frame = begin();
      chat.reportFailure(frame);
    });
    watchMarker(chat, async () => {
      if (await forgetInFrame(await frame)) {
        delete setup.options.prefill;
        delete chat.options.prefill;
      }
    });
    return createPanel(chat, iframe, setup, async (...values) => (await frame)(...values));
  } catch (frameCause) {
    iframe.remove();
    chat.signal.throwIfAborted();
    if (frameCause instanceof PipitError) {
      throw frameCause;
    }
    console.warn("Pipit cannot run in a frame either:", frameCause);
    return showCard(chat, error);
  }
}

/** Creates the fallback card. `error` says why no panel can run; it is written to the console, and the event `error` is emitted. */
async function showCard(chat: InternalChat, error: PipitError): Promise<Panel> {
  chat.reportFailure(Promise.reject(error));
  return (await loadFeature("fallback-card")).createFallbackCard(chat, "blocked", error);
}

/**
 * Loads the frame, and connects to it by a message port. The frame's address contains a nonce (a random text). The port is given
 * only to a frame that has the widget's origin and has sent this nonce.
 */
async function loadFrame(chat: InternalChat, iframe: HTMLIFrameElement, address: URL): Promise<RemoteCall> {
  const nonce = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
  const listeners = new AbortController();
  const { signal } = listeners;
  try {
    const offer = new Promise<Offer>((resolve, reject) => {
      const onMessage = ({ source, origin, data }: MessageEvent<Offer | null>) => {
        if (source === iframe.contentWindow && origin === address.origin && data?.pipit === nonce) {
          resolve(data);
        }
      };
      // Fails at once if the page's policy does not allow the frame. `blockedURI` may be only the origin of the frame's address.
      const onViolation = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
        if (/^(frame|child|default)-src/.test(effectiveDirective) && address.href.startsWith(blockedURI)) {
          reject(new Error(`${effectiveDirective} of this page's Content-Security-Policy does not have ${address.origin}.`));
        }
      };
      addEventListener("message", onMessage, { signal });
      pageDocument.addEventListener("securitypolicyviolation", onViolation, { signal });
      chat.signal.addEventListener("abort", () => reject(chat.signal.reason), { signal });
      const timeout = setTimeout(() => reject(new Error(`${address.href} did not answer.`)), TIMEOUT_MS);
      signal.addEventListener("abort", () => clearTimeout(timeout));
    });
    iframe.src = `${address.href}#${nonce}`;
    chat.launcher.container.append(iframe);
    const { runs, refused } = await offer;
    if (!runs) {
      throw new Error(refused ?? "WebAssembly cannot run there.");
    }
  } finally {
    listeners.abort();
  }
  const { port1, port2 } = new MessageChannel();
  const callFrame = connect(port1, createHandlers(chat, iframe, (...values) => callFrame(...values)));
  chat.signal.addEventListener("abort", () => port1.close());
  iframe.contentWindow!.postMessage({ pipit: nonce }, address.origin, [port2]);
  return callFrame;
}

/** Calls `onChange` when another tab of the page's site may have forgotten the visitor: at once, or when this page wakes up. */
function watchMarker(chat: InternalChat, onChange: () => Promise<void>): void {
  for (const type of ["storage", "pageshow", "focus"]) {
    addEventListener(type, () => chat.reportFailure(onChange()), { signal: chat.signal });
  }
}

/** Returns the functions that the frame may call. */
function createHandlers(chat: InternalChat, iframe: HTMLIFrameElement, callFrame: RemoteCall): Handlers {
  /** For each running upload, by its number, the function that cancels it. */
  const cancelFunctions = new Map<number, () => void>();
  /** Gives the page precedence over the frame until the result of one of the page's functions is there. */
  const giveWayUntil = <Result>(result: Promise<Result>) => {
    giveWay(chat, () => {}, result);
    return result;
  };
  return {
    emit: (type: string, details: object) => chat.emit(type, deepFreeze(details)),
    show: (content: LauncherState) => showState(chat, iframe, content),
    getSession: (wanted: SessionWanted) => giveWayUntil(requestSession(validOptions(chat), wanted)),
    availability: () => requestAvailability(chat.options),
    beforeSend: async (text: string) => giveWayUntil(Promise.resolve(chat.options.beforeSend!(text))),
    sendToHost: (endpoint: HostEndpoint, body: string) => sendToHost(validOptions(chat), endpoint, body),
    upload(id: number, file: File) {
      const report = (progress: UploadProgress) => {
        if (progress.status !== "progress") {
          cancelFunctions.delete(id);
        }
        void callFrame("uploadProgress", id, progress);
      };
      cancelFunctions.set(id, createAttachments(validOptions(chat)).upload(file, report));
    },
    cancelUpload(id: number) {
      cancelFunctions.get(id)?.();
      cancelFunctions.delete(id);
    },
  };
}

/**
 * Creates the panel's commands, which are passed on to the frame. To open the panel, they also change the iframe and the launcher (the
 * button that opens the panel) on the page at once. After any other command, `showState` does that when the frame reports its state.
 */
function createPanel(chat: InternalChat, iframe: HTMLIFrameElement, setup: FrameSetup, callFrame: RemoteCall): Panel {
  const run = async (name: PanelCommandName | "forget", ...values: unknown[]) => {
    chat.signal.throwIfAborted();
    return callFrame(name, ...values);
  };
  const open = async (isWanted?: boolean, isByLink = false) => {
    // If the visitor has clicked a link that opens the chat, and the chat is not available, the browser follows the link.
    if (isByLink) {
      assertAvailable(chat);
    }
    giveWay(chat, () => {});
    const isFocused = takesFocus(chat.host!, isWanted);
    iframe.hidden = false;
    setPanelOpen(chat, true);
    if (isFocused) {
      iframe.focus();
    }
    await run("open", isFocused);
  };
  const update = async (changed: Options, areAttributes?: boolean) => {
    const crossing = Object.entries(await changedOptions(chat, changed, areAttributes));
    const current = setup.options as Record<string, unknown>;
    const options = Object.fromEntries(crossing.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(current[name])));
    if (Object.keys(options).length > 0) {
      setup.options = { ...current, ...options };
      await run("update", options);
    }
  };
  return {
    async run(name, ...values) {
      switch (name) {
        case "open":
          return open(...(values as [boolean?, boolean?]));
        case "toggle":
          return chat.state.isOpen ? run("close") : open(values[0] as boolean | undefined);
        case "update":
          return update(values[0] as Options, values[1] as boolean | undefined);
        case "forget": {
          const { marker } = (values[0] as Forgetting | undefined) ?? forgetStored()!;
          delete setup.options.prefill;
          delete chat.options.prefill;
          return run("forget", { marker });
        }
        default:
          return run(name, ...values);
      }
    },
  };
}

/**
 * Returns the given options that are passed to the frame. Throws `E_OPTION` if an option that stays on the page changes. The frame
 * checks whether the other options may change.
 */
async function changedOptions(chat: InternalChat, changed: Options, areAttributes = false): Promise<Options> {
  const current = validOptions(chat);
  const valid = validateOptions(await expandConfigText(chat, changed), areAttributes ? changed : {}, current);
  const isFixed = (name: string, value: unknown, before: unknown) => !crosses(name) && value !== before && !mayChange(name, before, value);
  const fixed = Object.entries(valid).find(([name, value]) => isFixed(name, value, current[name as keyof Options]));
  if (fixed) {
    throw new PipitError("E_OPTION", `the option \`${fixed[0]}\` cannot change while the panel is on the page.`);
  }
  return crossingOptions(valid, "locale" in valid ? valid.locale : current.locale);
}

/** Shows the state of the frame's chat by the launcher on the page, and stores whether there is a conversation. */
function showState(chat: InternalChat, iframe: HTMLIFrameElement, { label, lang, dir, badge, state }: LauncherState): void {
  setPanelOpen(chat, state.isOpen);
  chat.state = Object.freeze(state);
  showStateByAttributes(chat);
  iframe.hidden = isFloating(chat.options) && !state.isOpen;
  setLabel(chat.launcher.button, label, lang, dir, badge);
  try {
    if (state.state === "idle") {
      sessionStorage.removeItem(CONVERSATION_IN_FRAME);
    } else {
      sessionStorage.setItem(CONVERSATION_IN_FRAME, "");
    }
  } catch {
    // The browser lets the page store nothing. So after a page load, the conversation continues only when the visitor opens the
    // panel.
  }
}

/**
 * Gets a session of the chat API: from the host's function, from the host's server, or from `jwt`. A server of the page's own origin
 * gets the page's cookies.
 */
async function requestSession({ getSession, sessionEndpoint, jwt }: Options, wanted: SessionWanted): Promise<unknown> {
  if (getSession) {
    // A signal cannot cross from the frame, so the host gets a signal that never aborts.
    return getSession({ ...wanted, signal: new AbortController().signal });
  }
  if (!sessionEndpoint) {
    return jwt;
  }
  const request = { method: "POST", headers: { "Content-Type": "application/json; charset=utf-8" }, body: JSON.stringify(wanted.answers) };
  const response = await fetch(sessionEndpoint, request).catch(async (error: unknown) => {
    const { findWorkingFetch } = await loadFeature("fetch-check");
    const workingFetch = await findWorkingFetch(sessionEndpoint, ["Content-Type"], false);
    if (!workingFetch) {
      throw error;
    }
    return workingFetch(sessionEndpoint, request);
  });
  if (!response.ok) {
    throw new Error(`${sessionEndpoint} answered with status ${response.status}.`);
  }
  // The JSON is not parsed here, because its numbers may be too large for JavaScript.
  return response.text();
}

/** Says which functions of the page the frame can call. A function is available if the host has set an option that it uses. */
const availableFunctions = ({ getSession, sessionEndpoint, jwt, whenClosed, whenNoAgents, beforeSend, uploadEndpoint, messageEndpoint, onRating, ratingEndpoint, transcriptEndpoint }: Options): FrameSetup["has"] => ({
  getSession: !!(getSession ?? sessionEndpoint ?? jwt),
  availability: !!(whenClosed ?? whenNoAgents),
  beforeSend: !!beforeSend,
  upload: uploadEndpoint !== undefined,
  leaveMessage: !!messageEndpoint,
  rate: !!(onRating ?? ratingEndpoint),
  mail: !!transcriptEndpoint,
});

/**
 * Returns the options that are passed to the frame. They are plain data. The frame does not know the page's language, so the page
 * chooses the locale. `wanted` is the option `locale` of the host.
 */
function crossingOptions(options: Options, wanted: string | undefined): Options {
  const crossing = Object.fromEntries(Object.entries(options).filter(([name]) => crosses(name)));
  return { ...crossing, locale: chooseLocale(wanted).locale };
}

/** Returns the web team's options, checked and with absolute addresses. Throws `E_OPTION` if one is wrong. */
const validOptions = ({ options, attributes }: InternalChat): Options => validateOptions(options, attributes);
