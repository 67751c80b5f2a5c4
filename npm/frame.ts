// Inside the frame of `framed.ts`: a chat of its own, that does what it is told over the port. Its launcher is never
// seen; what that would say is handed out.

import { setAssetSource } from "./assets";
import type { Options, SessionWanted } from "./contract";
import { defineElement, placeChat } from "./element";
import type { Shown } from "./framed";
import { assetsBeside } from "./hashed-assets";
import { talk } from "./port";

/** What the page sends once, with the port. */
interface Begin {
  pipit: string;
  options: Options;
  /** The functions of the page's that can be asked over the port. */
  has: { getSession: boolean; availability: boolean; beforeSend: boolean };
  mode: "floating" | "page";
}

const COMMANDS = ["open", "close", "startChat", "endChat", "send", "setDraft", "setConsent", "markRead", "transcript", "update"] as const;

setAssetSource(assetsBeside(document.currentScript as HTMLScriptElement));
defineElement();

const nonce = location.hash.slice(1);

/** Whether WASM runs here: the smallest module that there is. */
function runs(): boolean {
  try {
    return !!new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return false;
  }
}

function begin({ options, has, mode }: Begin, port: MessagePort): void {
  const ask = talk(port, Object.fromEntries(COMMANDS.map((name) => [name, (...values: never[]) => (chat[name] as (...values: never[]) => unknown)(...values)])));
  const chat = placeChat({
    ...options,
    mode,
    load: "eager",
    ...(has.getSession && { getSession: ({ reason, answers }: SessionWanted) => ask("getSession", { reason, answers }) as Promise<string> }),
    ...(has.availability && { availability: () => ask("availability") }),
    ...(has.beforeSend && { beforeSend: (text: string) => ask("beforeSend", text) as Promise<string | null> }),
  });
  const { button } = chat.launcher;
  const show = () => {
    const badge = button.querySelector<HTMLElement>(".badge")?.dataset["count"] ?? "";
    const shown: Shown = { label: button.ariaLabel ?? "", lang: button.lang, dir: button.dir, badge, state: chat.getState() };
    void ask("show", shown);
  };
  const { emit } = chat;
  chat.emit = (type, payload) => {
    emit(type, payload);
    show();
    void ask("tell", type, { ...payload });
  };
  new MutationObserver(show).observe(button, { attributes: true, childList: true, subtree: true });
}

addEventListener("message", ({ source, data, ports: [port] }: MessageEvent<Begin>) => {
  if (source === parent && data?.pipit === nonce && port) {
    begin(data, port);
  }
});
// To whoever has put us here: it is the nonce that only they know.
parent.postMessage({ pipit: nonce, runs: runs() }, "*");
