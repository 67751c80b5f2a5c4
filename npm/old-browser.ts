// Styles the launcher (the button that opens the panel) and the fallback card in a browser that cannot read the widget's style sheets.
// Sets single properties of the elements, because every Content-Security-Policy of a page allows that.

import type { InternalChat } from "./chat-internals";
import { createIcon } from "./launcher";

/** The path of the launcher's icon, a bubble. */
const BUBBLE_ICON = "M4 4h16v12H10l-6 4z";

/** Gives the launcher its place, its size and its colours. Does nothing if the panel does not float. */
export function styleLauncher({ launcher, options }: InternalChat): void {
  const { button, container } = launcher;
  if ((options.mode ?? "floating") !== "floating") {
    return;
  }
  // The browser would hide an element with this attribute until it is shown as a popover.
  container.removeAttribute("popover");
  const side = options.side === "left" ? { left: "20px" } : { right: "20px" };
  Object.assign(button.style, side, { position: "fixed", bottom: "20px", zIndex: "2147483647", width: "58px", height: "58px", padding: "14px", border: "0", borderRadius: "50%", background: options.accent || "#1f6f5c", color: "#fff", cursor: "pointer" });
  if (!button.firstElementChild?.querySelector("svg")) {
    button.firstElementChild?.replaceChildren(createIcon(BUBBLE_ICON));
  }
  const icon = button.querySelector<SVGElement>("svg");
  Object.assign(icon?.style ?? {}, { fill: "none", stroke: "currentColor", strokeWidth: "2" });
  // Without the attribute, Safari and Firefox before 119 do not read the property `ariaLabel`.
  button.setAttribute("aria-label", button.ariaLabel ?? "Chat");
}

/** Gives the fallback card its place and its colours. */
export function styleCard(card: HTMLElement, isFloating: boolean): void {
  const place = isFloating ? { position: "fixed", right: "16px", bottom: "88px", width: "300px", maxWidth: "calc(100vw - 32px)", maxHeight: "calc(100vh - 104px)", boxSizing: "border-box", overflow: "auto", zIndex: "2147483647" } : {};
  Object.assign(card.style, place, { padding: "16px", border: "1px solid #767676", borderRadius: "12px", background: "#fff", color: "#1b1b1b", font: "16px/1.5 sans-serif" });
  const button = card.querySelector<HTMLElement>("[part=close]");
  if (button) {
    Object.assign(button.style, { float: "right", width: "32px", height: "32px", padding: "4px", border: "0", background: "none", color: "inherit" });
  }
  for (const contact of card.querySelectorAll<HTMLElement>("[part=contact]")) {
    Object.assign(contact.style, { display: "block", margin: "8px 0", color: "#0b4f9e" });
  }
}
