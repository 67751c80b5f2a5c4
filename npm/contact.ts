// The host's other ways of contact: what the visitor is shown where there can be no chat.

import { PipitError } from "./error";

/** A text, or one that leads somewhere. */
export interface Contact {
  text: string;
  /** `https:`, `mailto:` or `tel:`. */
  href?: string | undefined;
}

export interface ContactOptions {
  /** In an attribute: with commas between, each a text or an address. */
  contact?: Contact[] | string | undefined;
}

/** Throws `E_OPTION`. */
export function contacts(given: Contact[] | string = []): Contact[] {
  const ways = typeof given === "string" ? given.split(",").map(read) : given;
  for (const { text, href } of ways) {
    if (typeof text !== "string" || !text || (href !== undefined && !leads(href))) {
      throw new PipitError("E_OPTION", "the option `contact` takes texts, and addresses that begin with https:, mailto: or tel:.");
    }
  }
  return ways;
}

function read(way: string): Contact {
  const text = way.trim();
  return leads(text) ? { text: text.replace(/^(mailto|tel|https):(\/\/)?/i, ""), href: text } : { text };
}

/** Read as the browser would read it: blanks and line ends in it hide no other scheme. */
function leads(href: string): boolean {
  try {
    return ["https:", "mailto:", "tel:"].includes(new URL(href).protocol);
  } catch {
    return false;
  }
}
