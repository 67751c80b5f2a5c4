// Notices what happens on the page and concerns the chat before its panel is loaded: a click on a link or button of the page that opens
// the chat, an element that becomes modal, and a page that the browser draws smaller. Every page loads this file, so it is kept small.

import type { InternalChat } from "./chat-internals";
import { isFloating } from "./launcher";
import { isZoomed } from "./page-scale";

/**
 * Watches the page until the chat is destroyed. `watch` loads the script `watchers`, which does what the page needs. It is called often.
 *
 * The page's own links and buttons can open the chat: `<a href="/contact.html" data-pipit-open>Chat with us</a>`. If the chat cannot be
 * opened, the attribute is removed, and the element is clicked again. Without the attribute, this click and all later ones have their
 * usual effect.
 */
export function watchPage(chat: InternalChat, watch: () => void): void {
  const listenerOptions = { capture: true, signal: chat.signal };
  const onEvent = (event: MouseEvent) => {
    // The path contains the elements in open shadow roots, too. It ends with the document and the window, which have no `matches`.
    for (const node of event.composedPath() as HTMLElement[]) {
      // With another button of the mouse or with one of these keys, the visitor asks for a new tab, a window or a download.
      if (event.type === "click" && node.matches?.("[data-pipit-open]") && !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
        event.preventDefault();
        // The arguments are `isWanted` (the panel may take the focus) and `isByLink` (`open` fails if the chat is not available).
        chat.open(true, true).catch(() => {
          node.removeAttribute("data-pipit-open");
          // A link in an SVG drawing has no method `click`.
          node.dispatchEvent(new MouseEvent(event.type, event));
        });
      }
      // A modal element is a modal dialog or an element in full screen. The browser makes everything outside of it inert, so the script
      // `watchers` moves the widget into it. An event of the widget may come from the widget's own modal panel.
      if (event.target !== chat.host && node.matches?.(":modal")) {
        watch();
      }
    }
  };
  // Each but the first may mean that an element has become modal: `focusin` is one of them, because `showModal` moves the focus. The
  // capture phase comes before the bubble phase, in which the routers of web applications handle links. They ignore a click whose default
  // action is prevented. A page that uses the older, prefixed function for full screen causes only the prefixed event.
  for (const type of ["click", "focusin", "toggle", "fullscreenchange", "webkitfullscreenchange"]) {
    addEventListener(type, onEvent as EventListener, listenerOptions);
  }
  if (isFloating(chat.options)) {
    // The scale of a page that is not made for phones changes while the page loads. `page-scale.ts` enlarges the widget there, and undoes
    // the zoom of the page's styles.
    const checkScale = () => {
      if (visualViewport!.scale < 1 || isZoomed(chat.launcher)) {
        watch();
      }
    };
    // In the next animation frame, because the browser computes the layout for it anyway.
    requestAnimationFrame(checkScale);
    visualViewport!.addEventListener("resize", checkScale, listenerOptions);
  }
}
