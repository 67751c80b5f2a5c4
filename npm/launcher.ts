// Draws the launcher (the button that opens the panel) and the container of button and panel. Both are on the page before the
// panel's code is loaded. Every page loads this file, so it is kept small.

import type { InternalChat, Launcher } from "./chat-internals";
import type { Options } from "./contract";
import { ENGLISH, matchLauncherLanguage } from "./language";
import { pageDocument } from "./page-document";

/** The style sheet of the launcher. The build replaces this name by the text of `launcher.css`. */
declare const LAUNCHER_CSS: string;

/** The path of the icon that closes the panel. The launcher shows it while the panel is open. */
export const DOWN_ICON = "M6 9.5l6 6 6-6";

/** The launcher's colour if the option `accent` is not set. */
const DEFAULT_ACCENT = "#1f6f5c";

/** Creates the launcher in the shadow root of an element. `applyOptions` then adds the button, if the options ask for one. */
export function createLauncher(host: HTMLElement): Launcher {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const container = createElement("div", { popover: "manual" });
  const button = createElement("button", { className: "launcher", part: "launcher", ariaExpanded: false });
  // The icon is in a slot, so that the page can replace it.
  const iconSlot = createElement("slot", { name: "launcher" });
  iconSlot.append(createElement("i"));
  button.append(iconSlot);
  root.replaceChildren(container);
  let styles: CSSStyleSheet | undefined;
  try {
    // The style sheet is adopted, because some pages' policies allow neither `<style>` nor `style="…"`.
    root.adoptedStyleSheets = [(styles = createSheet(LAUNCHER_CSS))];
  } catch {
    // An old browser has no such style sheets. The script `watchers` then sets the styles of the button (`old-browser.ts`).
  }
  return { container, button, styles: styles! };
}

/** Returns the style of launcher and panel that scripts set: of the first rule in `launcher.css`. */
export const styleOf = ({ styles }: Launcher): CSSStyleDeclaration => (styles.cssRules[0] as CSSStyleRule).style;

export const createElement = <Name extends keyof HTMLElementTagNameMap>(name: Name, members?: object): HTMLElementTagNameMap[Name] =>
  Object.assign(pageDocument.createElement(name), members);

/**
 * Makes the launcher look as the options say. In the modes `inline` and `page`, the button is not put on the page, because the panel
 * is always open. `setsLabel` says whether the button gets its label, in the chosen language; a loaded panel sets the label itself.
 * Returns whether the label in this language is not `Chat`, so that it has to be in `launcher.labels`.
 */
export function applyOptions(launcher: Launcher, options: Options, setsLabel: boolean): unknown {
  const { container, button, styles } = launcher;
  let needsScript: unknown = !styles;
  const { mode = "floating" } = options;
  container.className = ["pipit", mode, options.side, options.theme].join(" ");
  (styles as { cssRules: unknown } as { cssRules: CSSStyleRule[] } | undefined)?.cssRules[0]!.style.setProperty("--launcher", options.accent || DEFAULT_ACCENT);
  if (mode === "floating") {
    // In the next animation frame, because the browser computes the styles for it anyway.
    requestAnimationFrame(() => showAbovePage(container));
    // The label of a disabled button says why it is disabled, and stays.
    if (setsLabel && !button.ariaDisabled) {
      const [, language = ENGLISH, other, rightToLeft] = matchLauncherLanguage(options.locale);
      button.lang = language;
      button.dir = rightToLeft ? "rtl" : "ltr";
      button.ariaLabel = options.words?.["launcher"] ?? launcher.labels?.[language] ?? "Chat";
      needsScript ||= other;
    }
    if (!button.parentNode) {
      container.append(button);
    }
  }
  return needsScript;
}

/**
 * Puts launcher and panel above everything else on the page, by showing their container as a popover: it is then in the browser's top
 * layer, and no style of the page moves or clips what is in it. The widget's own z-index is above 2e9. If the web team has set a lower
 * one, it says by this what is above the widget, so this function does nothing. It does nothing, either, to a container that is not on
 * the page, or that does not float.
 */
export function showAbovePage(container: HTMLElement): void {
  if (+getComputedStyle(container).zIndex > 2e9) {
    container.showPopover?.();
  }
}

/** Whether the panel floats over the page, so that it can be opened and closed. */
export const isFloating = ({ mode = "floating" }: Options): boolean => mode === "floating";

/** Sets the launcher's label, the label's language and direction, and the number on the badge. An empty `count` removes the badge. */
export function setLabel(button: HTMLButtonElement, label: string, lang: string, dir: string, count: string): void {
  Object.assign(button, { ariaLabel: label, lang, dir });
  const badge = button.querySelector<HTMLElement>(".badge") ?? createElement("span");
  badge.className = "badge";
  badge.setAttribute("part", "badge");
  badge.dataset["count"] = count;
  if (count) {
    button.append(badge);
  } else {
    badge.remove();
  }
}

/**
 * Sets `chat.state.isOpen`, and shows by the launcher's icon and ARIA state whether the panel is open. If the panel closes and had the
 * focus, the launcher takes the focus.
 */
export function setPanelOpen(chat: InternalChat, isOpen: boolean): void {
  const { button } = chat.launcher;
  if (chat.state.isOpen === isOpen) {
    return;
  }
  chat.state = Object.freeze({ ...chat.state, isOpen });
  button.ariaExpanded = `${isOpen}`;
  button.firstElementChild!.replaceChildren(isOpen ? createIcon(DOWN_ICON) : createElement("i"));
  if (isOpen) {
    return;
  }
  // A closing panel drops the focus, and the launcher can take it only after that. A modal panel has dropped the focus when it
  // fires its event `close`. A panel that is not modal has the focus now only if the element <pipit-chat> contains the focus.
  const host = chat.host!;
  const focusLauncher = () => button.focus({ preventScroll: true });
  const modal = host.shadowRoot!.querySelector(":modal");
  if (modal) {
    modal.addEventListener("close", focusLauncher, { once: true });
  } else if (host.contains((host.getRootNode() as Document | ShadowRoot).activeElement)) {
    setTimeout(focusLauncher);
  }
}

export function createSheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/** Creates an icon from an SVG path in a square of 24 by 24 units. */
export function createIcon(path: string): Element {
  const create = (name: string, attribute: string, value: string) => {
    const element = pageDocument.createElementNS("http://www.w3.org/2000/svg", name);
    element.setAttribute(attribute, value);
    return element;
  };
  const svg = create("svg", "viewBox", "0 0 24 24");
  svg.append(create("path", "d", path));
  return svg;
}
