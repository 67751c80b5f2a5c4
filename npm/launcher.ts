// Draws the launcher (the button that opens the panel) and the container of button and panel. Both are on the page before the
// panel's code is loaded. Every page loads this file, so it is kept small.

import type { InternalChat, Launcher } from "./chat-internals";
import type { Options } from "./contract";
import { direction, launcherLabel } from "./language";
import { pageDocument } from "./page-document";

/** The style sheet of the launcher. The build replaces this name by the text of `launcher.css`. */
declare const LAUNCHER_CSS: string;

/** The path of the launcher's icon while the panel is closed. */
const CHAT_ICON = "M4 19.8l1.2-3.6A8.5 7.2 0 1 1 8.6 18.3z";

/** The path of the icon that closes the panel. The launcher shows it while the panel is open. */
export const DOWN_ICON = "M6 9.5l6 6 6-6";

/** Creates the launcher in the shadow root of an element. `applyOptions` then adds the button, if the options ask for one. */
export function createLauncher(host: HTMLElement): Launcher {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const container = createElement("div", { popover: "manual" });
  const button = createElement("button", { className: "launcher", part: "launcher", ariaExpanded: "false" });
  // The icon is in a slot, so that the page can replace it.
  const iconSlot = createElement("slot", { name: "launcher" });
  iconSlot.append(createIcon(CHAT_ICON));
  button.append(iconSlot);
  // The style sheets are adopted, because some pages' policies allow neither `<style>` nor `style="…"`.
  // `applyOptions` sets the properties of the rule `.pipit`.
  const colours = createSheet(".pipit{}");
  root.adoptedStyleSheets = [createSheet(LAUNCHER_CSS), colours];
  root.replaceChildren(container);
  return { container, button, colours };
}

export const createElement = <Name extends keyof HTMLElementTagNameMap>(name: Name, members?: object): HTMLElementTagNameMap[Name] =>
  Object.assign(pageDocument.createElement(name), members);

/** `currentCSSZoom` is the zoom in which the browser shows the element. TypeScript's own types do not have this property yet. */
type ZoomedElement = HTMLElement & { currentCSSZoom?: number };

/**
 * Makes the launcher look as the options say. In the modes `inline` and `page`, the button is not put on the page, because the panel
 * is always open. `setsLabel` says whether the button gets its label, in the chosen language; a loaded panel sets the label itself.
 */
export function applyOptions(launcher: Launcher, options: Options, setsLabel: boolean): void {
  const { container, button, colours } = launcher;
  const { theme, side, mode = "floating", accent, locale, words } = options;
  container.className = ["pipit", mode, side, theme].join(" ");
  const { style } = colours.cssRules[0] as CSSStyleRule;
  style.setProperty("--launcher", accent ?? "");
  if (mode === "floating") {
    // In the next animation frame, because the browser computes the styles for it anyway.
    requestAnimationFrame(() => {
      adjustZoom(launcher);
      // A popover is in the browser's top layer, which is above everything else on the page, and no style of the page moves or clips
      // what is in it. The widget's own z-index is above 2e9. If the web team has set a lower one, it says by this what is above the
      // widget, so there is no popover. A container that is not on the page has no z-index; a popover could not be shown there.
      if (+getComputedStyle(container).zIndex > 2e9) {
        container.showPopover?.();
      }
    });
    // The label of a disabled button says why it is disabled, and stays.
    if (setsLabel && !button.ariaDisabled) {
      const [language, label] = launcherLabel(locale);
      button.lang = language;
      button.dir = direction(language);
      button.ariaLabel = words?.["launcher"] ?? label;
    }
    if (!button.parentNode) {
      container.append(button);
    }
  }
}

/**
 * Zooms launcher and panel so that one of their pixels (CSS `px`) has its usual size on the screen.
 * - A phone lays out a page without a viewport `meta` for a window of 980 px, and draws it smaller. The widget is enlarged by the
 *   same factor. If the visitor has zoomed in, so that the scale is above 1, the widget is magnified with the page.
 * - The page's styles may zoom the widget. A panel as large as the window would then be larger than the window, so the zoom is
 *   undone. A browser without `currentCSSZoom` does not tell this zoom, so there it stays.
 */
export function adjustZoom({ container, colours }: Launcher): void {
  const { style } = colours.cssRules[0] as CSSStyleRule;
  // `currentCSSZoom` would contain the zoom that an earlier call has set.
  style.zoom = "";
  style.zoom = (1 / Math.min(visualViewport?.scale ?? 1, 1) / ((container as ZoomedElement).currentCSSZoom ?? 1)) as unknown as string;
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
  button.firstElementChild!.replaceChildren(createIcon(isOpen ? DOWN_ICON : CHAT_ICON));
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
