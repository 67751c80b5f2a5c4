// Loads the texts of the panel's language. English is compiled into the panel; every other language is a file of its own.

import { assertOk, fetchFile } from "./assets";
import { ENGLISH, languageOfTag, parseLocale, preferredTags } from "./language";

/** How long the panel waits for the texts, in ms. If they have not loaded by then, the panel is shown in English. */
const TIMEOUT_MS = 1_000;

/** The language options that the panel's WASM gets. */
export interface PanelLanguage {
  /** The language tag by which the WASM formats times and numbers, with the visitor's region if it is known. */
  locale: string;
  /** The texts, as in the files of `src/locale`. Undefined for English, which is compiled in, so that English replaces other texts. */
  language: unknown;
}

/** A language for which the widget has texts. */
export interface LanguageChoice {
  /** The name of the language's file. */
  name: string;
  /** The language tag for times and numbers. */
  locale: string;
}

/** Loads the texts. Never fails: if the texts cannot be loaded within the timeout, the panel is in English. */
export async function loadLanguage({ name, locale }: LanguageChoice): Promise<PanelLanguage> {
  if (name === ENGLISH) {
    return { locale, language: undefined };
  }
  try {
    // The timeout does not abort the fetch, because the page may have replaced `fetch` by a function that ignores signals.
    const texts = fetchFile(`locales/${name}.json`).then((response) => assertOk(response).json());
    return { locale, language: await Promise.race([texts, timeout()]) };
  } catch (error) {
    console.warn(`Pipit uses English, because its texts for \`${name}\` could not be loaded:`, error);
    return { locale: ENGLISH, language: undefined };
  }
}

/** Chooses the panel's language. `wanted` is the option `locale`. */
export function chooseLocale(wanted: string | undefined): LanguageChoice {
  const tags = preferredTags(wanted).filter(languageOfTag);
  const name = languageOfTag(tags[0] ?? "") ?? ENGLISH;
  // The tag `en` does not say how a country writes times and numbers. A tag from the visitor's browser for the same language often
  // names a country, as `en-GB` does, so the first tag with a region is used.
  const locales = tags.filter((tag) => languageOfTag(tag) === name).map((tag) => parseLocale(tag) ?? parseLocale(name));
  // Without `Intl`, which a script of the page may have removed, there are no locales.
  return { name, locale: `${locales.find((locale) => locale?.region) ?? locales[0] ?? name}` };
}

/** Rejects when the timeout has passed. */
function timeout(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("the timeout has passed.")), TIMEOUT_MS));
}
