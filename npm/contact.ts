// The option `contact`: the host's other ways of contact, which the fallback card shows.

import type { Contact } from "./contract";
import { PipitError } from "./error";

/** Reads the option. Throws `E_OPTION`. */
export function parseContacts(given: Contact[] | string = []): Contact[] {
  const contacts = typeof given === "string" ? given.split(",").map(parseContact) : given;
  for (const { text, href } of contacts) {
    if (typeof text !== "string" || !text || (href !== undefined && !isContactLink(href))) {
      throw new PipitError("E_OPTION", "the option `contact` takes texts, and addresses that begin with https:, mailto: or tel:.");
    }
  }
  return contacts;
}

/** An item of an attribute is a text or an address. The text of an address leaves out its scheme. */
function parseContact(item: string): Contact {
  const text = item.trim();
  return isContactLink(text) ? { text: text.replace(/^(mailto|tel|https):(\/\/)?/i, ""), href: text } : { text };
}

/** Parses the address as the browser does, so that spaces or line breaks in it cannot hide another scheme. */
function isContactLink(href: string): boolean {
  try {
    return ["https:", "mailto:", "tel:"].includes(new URL(href).protocol);
  } catch {
    return false;
  }
}
