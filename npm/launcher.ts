// The button on the page, and the frame around it and the panel. Both are there before the panel's code is.

import type { Chat } from "./chat";
import { direction, launcherWords } from "./language";
import type { Options } from "./options";

/** The style sheet of frame and launcher, put here by the site's build. */
declare const LAUNCHER_CSS: string;

export const CHAT = "M4 19.8l1.2-3.6A8.5 7.2 0 1 1 8.6 18.3z";

export const DOWN = "M6 9.5l6 6 6-6";

export interface Launcher {
  /** What the panel is put into. */
  readonly frame: HTMLElement;
  readonly button: HTMLButtonElement;
  /** Its accent. */
  readonly colours: CSSStyleSheet;
}

export function launcher(host: HTMLElement): Launcher {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const frame = make("div");
  const button = make("button", { className: "launcher", part: "launcher", ariaExpanded: "false" });
  const face = make("slot", { name: "launcher" });
  face.append(icon(CHAT));
  button.append(face);
  // Adopted: neither a `<style>` nor a `style="…"` would pass every page's security policy.
  const colours = sheet(".pipit{}");
  root.adoptedStyleSheets = [sheet(LAUNCHER_CSS), colours];
  root.replaceChildren(frame);
  return { frame, button, colours };
}

export const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, members?: object): HTMLElementTagNameMap[Name] =>
  Object.assign(document.createElement(name), members);

/** TypeScript does not know of it yet. */
type Zoomed = HTMLElement & { currentCSSZoom: number };

/** Has the launcher look as the host wants it; in its mode there may be none. */
export function dress({ frame, button, colours }: Launcher, options: Options): void {
  const { theme, side, mode = "floating", accent, locale, words } = options;
  frame.className = ["pipit", mode, side, theme].join(" ");
  const { style } = colours.cssRules[0] as CSSStyleRule;
  style.setProperty("--launcher", accent ?? "");
  if (mode === "floating") {
    // A zoom of the page's would push what is sized by the window out of it. Browsers that do not tell it take nothing.
    // Asked before the next frame is painted, when the page's styles are worked out anyway.
    requestAnimationFrame(() => (style.zoom = `${+(style.zoom || 1) / (frame as Zoomed).currentCSSZoom}`));
    // From then on the panel says what it says.
    if (!button.parentNode) {
      const [language, text] = launcherWords(locale);
      button.lang = language;
      button.dir = direction(language);
      button.ariaLabel = words?.["launcher"] ?? text;
      frame.append(button);
    }
  }
}

/** Whether the panel is over the page, and can be opened and closed. */
export const floats = ({ mode = "floating" }: Options): boolean => mode === "floating";

/** Whether the visitor has just done something: only then does what is opened take the focus. */
export const isGesture = (): boolean => navigator.userActivation?.isActive ?? false;

/** What the launcher says, and the number on it; nothing for none. */
export function label(button: HTMLButtonElement, text: string, lang: string, dir: string, count: string): void {
  Object.assign(button, { ariaLabel: text, lang, dir });
  const badge = button.querySelector<HTMLElement>(".badge") ?? document.createElement("span");
  badge.className = "badge";
  badge.setAttribute("part", "badge");
  badge.dataset["count"] = count;
  count ? button.append(badge) : badge.remove();
}

/** The launcher tells whether the panel is open, also before the conversation is here. */
export function expand(chat: Chat, isOpen: boolean): void {
  const { button } = chat.launcher;
  if (chat.state.isOpen === isOpen) {
    return;
  }
  chat.state = Object.freeze({ ...chat.state, isOpen });
  button.ariaExpanded = `${isOpen}`;
  button.firstElementChild!.replaceChildren(icon(isOpen ? DOWN : CHAT));
  if (isOpen) {
    return;
  }
  // The panel takes the focus with it when it goes, and only when it has gone can the launcher have it. Over the page
  // it has gone when it says so, and has the focus even if no element has it.
  const host = chat.host!;
  const focus = () => button.focus({ preventScroll: true });
  const over = host.shadowRoot!.querySelector(":modal");
  if (over) {
    over.addEventListener("close", focus, { once: true });
  } else if (host.contains((host.getRootNode() as Document | ShadowRoot).activeElement)) {
    setTimeout(focus);
  }
}

export function sheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

export function icon(path: string): Element {
  const draw = (name: string, attribute: string, value: string) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    element.setAttribute(attribute, value);
    return element;
  };
  const svg = draw("svg", "viewBox", "0 0 24 24");
  svg.append(draw("path", "d", path));
  return svg;
}
