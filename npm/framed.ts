// The panel where the page lets no WASM run: in a frame from the widget's own origin, whose policy does. The same
// commands and events, which cross as messages; see `frame.ts` for the other side.

import { accentRule } from "./accent-palette";
import type { AssetSource, InternalChat, Panel } from "./chat-internals";
import { type Options, type PanelCommandName, type SessionWanted, type State, STORAGE_PREFIX } from "./contract";
import type { PipitError } from "./error";
import { deepFreeze } from "./freeze";
import { createSheet, isFloating, isUserActive, setLabel, setPanelOpen } from "./launcher";
import { type Ask, talk } from "./port";

/** How long the frame may take to say that it is there, in ms. */
const PATIENCE_MS = 10_000;

/** Has a conversation in the frame be gone on with when the page is loaded again; see `isKept` in `chat.ts`. */
const FRAMED = `${STORAGE_PREFIX}framed`;

/** How things stand in the frame, and what its launcher says. */
export interface Shown {
  label: string;
  lang: string;
  dir: string;
  badge: string;
  state: State;
}

/** The panel in a frame; where that may not be, the card that says so. */
export async function framed(chat: InternalChat, styles: CSSStyleSheet, files: AssetSource, error: PipitError): Promise<Panel> {
  const root = chat.host!.shadowRoot!;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles, createSheet(accentRule(chat.options.accent) ?? "")];
  const { button } = chat.launcher;
  const inner = document.createElement("iframe");
  inner.id = "panel";
  inner.className = "panel";
  inner.setAttribute("part", "panel");
  inner.title = chat.options.title ?? button.ariaLabel ?? "";
  inner.hidden = isFloating(chat.options);
  try {
    const ask = await reach(chat, inner, new URL("frame.html", files.loaderUrl));
    console.info("Pipit is in a frame:", error.message);
    return commands(chat, inner, ask);
  } catch (refused) {
    chat.signal.throwIfAborted();
    inner.remove();
    console.warn("Pipit could not be in a frame either:", refused);
    chat.reportFailure(Promise.reject(error));
    return (await files.loadScript("fallback-card")).createFallbackCard(chat, "blocked", error);
  }
}

/** Puts the frame there, and gives its port to it alone: it must be of our origin and know what we told it. */
async function reach(chat: InternalChat, inner: HTMLIFrameElement, address: URL): Promise<Ask> {
  const nonce = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
  const over = new AbortController();
  const { signal } = over;
  try {
    const said = new Promise<{ runs: boolean }>((resolve, reject) => {
      addEventListener("message", ({ source, origin, data }) => source === inner.contentWindow && origin === address.origin && data?.pipit === nonce && resolve(data), { signal });
      document.addEventListener("securitypolicyviolation", (told) => {
        const isOurs = /^(frame|child|default)-src/.test(told.effectiveDirective) && address.href.startsWith(told.blockedURI);
        if (isOurs) {
          reject(new Error(`${told.effectiveDirective} of this page's Content-Security-Policy does not have ${address.origin}.`));
        }
      }, { signal });
      chat.signal.addEventListener("abort", () => reject(chat.signal.reason), { signal });
      const late = setTimeout(() => reject(new Error(`${address.href} did not answer.`)), PATIENCE_MS);
      signal.addEventListener("abort", () => clearTimeout(late));
    });
    inner.src = `${address.href}#${nonce}`;
    chat.launcher.container.append(inner);
    if (!(await said).runs) {
      throw new Error("WebAssembly cannot run there.");
    }
  } finally {
    over.abort();
  }
  const { port1, port2 } = new MessageChannel();
  const ask = talk(port1, {
    tell: (type: string, payload: object) => chat.emit(type, deepFreeze(payload)),
    show: (shown: Shown) => show(chat, inner, shown),
    getSession: (wanted: SessionWanted) => session(chat.options, wanted),
    availability: () => chat.options.availability?.(),
    beforeSend: (text: string) => chat.options.beforeSend!(text),
  });
  chat.signal.addEventListener("abort", () => port1.close());
  inner.contentWindow!.postMessage({ pipit: nonce, options: passed(chat.options), has: has(chat.options), mode: inner.hidden ? "floating" : "page" }, address.origin, [port2]);
  return ask;
}

function commands(chat: InternalChat, inner: HTMLIFrameElement, ask: Ask): Panel {
  const run = async (name: PanelCommandName, ...values: unknown[]) => {
    chat.signal.throwIfAborted();
    return ask(name, ...values);
  };
  const open = async (takesFocus = isUserActive()) => {
    inner.hidden = false;
    setPanelOpen(chat, true);
    if (takesFocus) {
      inner.focus();
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
          return run("update", passed(values[0] as Options));
        default:
          return run(name, ...values);
      }
    },
  };
}

function show(chat: InternalChat, inner: HTMLIFrameElement, { label: text, lang, dir, badge, state }: Shown): void {
  setPanelOpen(chat, state.isOpen);
  chat.state = Object.freeze(state);
  inner.hidden = isFloating(chat.options) && !state.isOpen;
  setLabel(chat.launcher.button, text, lang, dir, badge);
  try {
    if (state.state === "idle") {
      sessionStorage.removeItem(FRAMED);
    } else {
      sessionStorage.setItem(FRAMED, "");
    }
  } catch {
    // The page may keep nothing: then the conversation goes on when the visitor opens the panel.
  }
}

/** The session is the page's affair: its function, or its address with the page's own cookies. */
async function session({ getSession, sessionEndpoint = "" }: Options, wanted: SessionWanted): Promise<unknown> {
  if (getSession) {
    return getSession({ ...wanted, signal: new AbortController().signal });
  }
  const response = await fetch(sessionEndpoint, { method: "POST", body: JSON.stringify(wanted.answers) });
  if (!response.ok) {
    throw new Error(`${sessionEndpoint} answered with status ${response.status}.`);
  }
  // As text: numbers may be larger than JavaScript's.
  return response.text();
}

/** Which of the functions there are that can be asked over the port. */
const has = ({ getSession, sessionEndpoint, availability, beforeSend }: Options) => ({
  getSession: !!(getSession ?? sessionEndpoint),
  availability: !!availability,
  beforeSend: !!beforeSend,
});

/** What crosses: no functions, no elements, and addresses as they are from here. */
function passed(options: Options): object {
  if (options.beforeRender) {
    console.warn("Pipit is in a frame, where `beforeRender` cannot be asked: it answers at once, and a message takes a while.");
  }
  const { sessionEndpoint, target, load, mode, ...rest } = options;
  const found = Object.entries(rest)
    .filter(([, value]) => typeof value !== "function")
    .map(([name, value]) => [name, name.endsWith("Endpoint") && value ? new URL(value as string, document.baseURI).href : value]);
  return Object.fromEntries(found);
}
