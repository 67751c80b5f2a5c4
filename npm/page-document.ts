// Reads the page's `document` as the browser made it. An element such as `<img name="body">` hides the property `body` of `document`,
// and every other property whose name it has. Texts that users write may contain such elements, because they look harmless.

/**
 * The page's document. Its properties are those of the browser, whatever names the elements of the page have. Its methods can be
 * called as usual. Its properties cannot be set.
 */
// The browser's getters are on the prototype. They are found when a property is read, because a server has no document.
export const pageDocument = new Proxy({} as Readonly<Document>, {
  get(_, name) {
    const value: unknown = Reflect.get(Document.prototype, name, document);
    return typeof value === "function" ? value.bind(document) : value;
  },
});
