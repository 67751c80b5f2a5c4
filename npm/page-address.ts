// Makes the addresses in options absolute. The browser resolves a relative address by the element `<base>`, which may name another
// server, such as one for images. But an address in an option that names no server always belongs to the page's own server.

/**
 * Makes an address absolute, as if the page had no `<base>`: `/session` is on the page's own origin, `session` is in the directory of
 * the page, and `//host/session` has the page's scheme. A page without an address of its own (`about:srcdoc`, `blob:`) has only an
 * origin, so `session` is `/session` there. Returns the address unchanged if it is not well-formed, or if the page has no origin,
 * such as a sandboxed `about:srcdoc`.
 */
export function absoluteAddress(address: string): string {
  // `fetch` refuses an address that contains a user's name and password. The page's address may contain them, so the base is not
  // `location.href`.
  const page = /^https?:/.test(location.protocol) ? `${location.origin}${location.pathname}` : self.origin;
  try {
    return new URL(address, page).href;
  } catch {
    return address;
  }
}
