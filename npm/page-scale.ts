// Keeps launcher and panel at their usual size on pages that the browser or the page itself scales. The loader loads this file, in the
// script `watchers`, when the browser draws the page smaller. The panel loads it if the page has zoomed the widget.

import type { InternalChat, Launcher } from "./chat-internals";
import { isFloating, styleOf } from "./launcher";

/** `currentCSSZoom` is the zoom in which the browser shows the element. TypeScript's own types do not have this property yet. */
type ZoomedElement = HTMLElement & { currentCSSZoom?: number };

/** Whether the page's styles zoom the widget. A browser without `currentCSSZoom` does not tell. */
export const isZoomed = (launcher: Launcher): boolean => ((launcher.container as ZoomedElement).currentCSSZoom ?? 1) !== 1;

/**
 * Adjusts the zoom now, and whenever the page's scale changes: while the page loads, and when the phone is turned. A panel that does
 * not float has the scale of the page around it.
 */
export function followScale({ launcher, options, signal }: InternalChat): void {
  if (isFloating(options)) {
    adjustZoom(launcher);
    visualViewport?.addEventListener("resize", () => adjustZoom(launcher), { signal });
  }
}

/**
 * Zooms launcher and panel so that one of their pixels (CSS `px`) has its usual size on the screen.
 * - A phone lays out a page without a viewport `meta` for a window of 980 px, and draws it smaller. The widget is enlarged by the
 *   same factor. If the visitor has zoomed in, so that the scale is above 1, the widget is magnified with the page.
 * - The page's styles may zoom the widget. A panel as large as the window would then be larger than the window, so the zoom is
 *   undone. In a browser without `currentCSSZoom` it stays.
 */
function adjustZoom(launcher: Launcher): void {
  const style = styleOf(launcher);
  // `currentCSSZoom` would contain the zoom that an earlier call has set.
  style.zoom = "";
  const zoomOfPage = (launcher.container as ZoomedElement).currentCSSZoom ?? 1;
  style.zoom = String(1 / Math.min(visualViewport?.scale ?? 1, 1) / zoomOfPage);
}
