// Loads the texts of the panel's language. English is compiled into the panel; every other language is a file of its own.

import { assertOk, fetchFile } from "./assets";
import { ENGLISH, languageOfTag, preferredTags } from "./language";

/** The timeout of the texts, in ms. It starts when the panel's code is loaded. */
const TIMEOUT_MS = 1_000;

/** The options of the WASM about the language. */
export interface PanelLanguage {
  /** A tag for `Intl`, with the visitor's region if it is known. */
  locale: string;
  /** The texts, as in the files of `src/locale`. Absent for English, which is compiled in. */
  language?: unknown;
}

/** Never fails: if the texts are not loaded within the timeout, the panel speaks English. */
export async function loadLanguage(wanted: string | undefined): Promise<PanelLanguage> {
  const { name, locale } = chooseLocale(wanted);
  if (name === ENGLISH) {
    return { locale };
  }
  try {
    // The timeout does not abort the fetch, because the page may have replaced `fetch` by a function that ignores signals.
    const texts = fetchFile(`locales/${name}.json`).then((response) => assertOk(response).json());
    return { locale, language: await Promise.race([texts, timeout()]) };
  } catch (error) {
    console.warn(`Pipit speaks English, because its words for \`${name}\` did not come:`, error);
    return { locale: ENGLISH };
  }
}

/** The language that `chooseLanguage` chooses, and its tag. */
function chooseLocale(wanted: string | undefined): { name: string; locale: string } {
  const tags = preferredTags(wanted).filter(languageOfTag);
  const name = languageOfTag(tags[0] ?? "") ?? ENGLISH;
  // A page in `en` does not say how its country writes times and numbers. A tag of the visitor's browser with the same
  // language often names a country.
  const locales = tags.filter((tag) => languageOfTag(tag) === name).map((tag) => new Intl.Locale(tag.replace(/_/g, "-")));
  return { name, locale: `${locales.find(({ region }) => region) ?? locales[0] ?? ENGLISH}` };
}

function timeout(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("they took too long.")), TIMEOUT_MS));
}
