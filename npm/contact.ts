// Parses the option `contact`: other ways to reach the host. The fallback card lists them where the chat cannot run.

import type { Contact } from "./contract";
import { PipitError } from "./error";

/** Parses the option, a list or a text with commas. Throws `E_OPTION` if an item has no text or an address of another kind. */
export function parseContacts(given: Contact[] | string = []): Contact[] {
  const contacts = typeof given === "string" ? given.split(",").map(parseContact) : given;
  for (const { text, href } of contacts) {
    if (typeof text !== "string" || !text || (href !== undefined && !isContactLink(href))) {
      throw new PipitError("E_OPTION", "the option `contact` takes texts, and addresses that begin with https:, mailto: or tel:.");
    }
  }
  return contacts;
}

/** Parses an item of the attribute: a plain text or an address. The visitor sees an address without its scheme. */
function parseContact(item: string): Contact {
  const text = item.trim();
  return isContactLink(text) ? { text: text.replace(/^(mailto|tel|https):(\/\/)?/i, ""), href: text } : { text };
}

/** Whether the scheme is allowed. The address is parsed as the browser does, so that no space or line break can hide a scheme. */
function isContactLink(href: string): boolean {
  try {
    return ["https:", "mailto:", "tel:"].includes(new URL(href).protocol);
  } catch {
    return false;
  }
}
