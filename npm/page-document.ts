// Reads the page's `document` as the browser made it. An element such as `<img name="body">` hides the property of `document` that
// has the element's name, here `body`. Pages may show texts of their users with such elements in them, because the elements look
// harmless.

/**
 * The page's document. Its properties are those of the browser, whatever names the elements of the page have. Its methods can be
 * called as usual. Its properties cannot be set.
 */
// The browser's getters are on the prototype. They are looked up only when a property is read, because a server, which may import
// this file too, has no document.
export const pageDocument = new Proxy({} as Readonly<Document>, {
  get(_, name) {
    const value = Reflect.get(Document.prototype, name, document) as { bind?(owner: Document): unknown } | null | undefined;
    return value?.bind?.(document) ?? value;
  },
});
