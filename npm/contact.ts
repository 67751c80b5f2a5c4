// Parses the option `contact`, which lists other ways to reach the website's team, such as a telephone number. These ways are shown
// in place of the panel if the chat cannot run.

import type { Contact } from "./contract";
import { PipitError } from "./error";

/** Parses the option, a list or a text with commas. Throws `E_OPTION` if an item has no text, or a link that is not allowed. */
export function parseContacts(given: Contact[] | string = []): Contact[] {
  const contacts = typeof given === "string" ? given.split(",").map(parseContact) : given;
  for (const { text, href } of contacts) {
    if (typeof text !== "string" || !text || (href !== undefined && !isContactLink(href))) {
      throw new PipitError("E_OPTION", "the option `contact` takes texts, and addresses that begin with https:, mailto: or tel:.");
    }
  }
  return contacts;
}

/** Parses an item of a text with commas: a plain text or an address. The visitor sees the address without its scheme. */
function parseContact(item: string): Contact {
  const text = item.trim();
  return isContactLink(text) ? { text: text.replace(/^(mailto|tel|https):(\/\/)?/i, ""), href: text } : { text };
}

/** Whether the text is an address with an allowed scheme. The browser's parser is used, so that no space or line break can hide a scheme. */
function isContactLink(href: string): boolean {
  try {
    return ["https:", "mailto:", "tel:"].includes(new URL(href).protocol);
  } catch {
    return false;
  }
}
