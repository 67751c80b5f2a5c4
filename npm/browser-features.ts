// Finds out whether the browser has everything that the panel needs. The first versions that have it all are Chrome and Edge 123,
// Firefox 128 and Safari 17.5. In an older browser, the launcher opens the fallback card, which lists other ways of contact.

/** What the panel needs, by names that web developers know, and whether this browser has it. */
const FEATURES: Record<string, () => unknown> = {
  "constructable style sheets": () => "adoptedStyleSheets" in Document.prototype && new CSSStyleSheet(),
  "light-dark() in CSS": () => CSS.supports("color", "light-dark(red, red)"),
  "the element <dialog>": () => HTMLDialogElement.prototype.showModal,
};

/** Returns the names of the features that this browser does not have. */
export function missingFeatures(): string[] {
  return Object.entries(FEATURES)
    .filter(([, isThere]) => {
      try {
        return !isThere();
      } catch {
        return true;
      }
    })
    .map(([name]) => name);
}
