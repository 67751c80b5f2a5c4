// Which language the widget speaks, and its words, which are fetched while the widget loads.

/** The names of the files in `src/locale`, put here by the site's build. All but English are beside the loader. */
declare const LANGUAGES: readonly string[];

/** The language that is in the widget itself. */
const ENGLISH = "en";

/** What the widget is told of its language. Without words, it has the English ones. */
export interface Language {
  /** How `Intl` writes numbers and times: a tag such as `de-AT`. */
  locale: string;
  language?: unknown;
}

/** A tag of a language that we have. */
interface Known {
  name: string;
  tag: Intl.Locale;
}

/**
 * The first language that we have, of what the host wants, what the page is in, and what the visitor reads.
 * Never fails: when its words do not come before the signal, the language is English.
 */
export async function speak(wanted: string | undefined, signal: AbortSignal, beside: (name: string) => URL): Promise<Language> {
  const candidates = [wanted ?? "", document.documentElement.lang, ...navigator.languages].flatMap(known);
  const name = candidates[0]?.name ?? ENGLISH;
  // A page in `en` says nothing of the country, and times are written otherwise in each: the visitor's browser knows.
  const ofName = candidates.filter((candidate) => candidate.name === name);
  const locale = (ofName.find(({ tag }) => tag.region) ?? ofName[0])?.tag.toString() ?? ENGLISH;
  if (name === ENGLISH) {
    return { locale };
  }
  // Beside the fetch, for a page may have wrapped that, and the wrapper need not heed the signal.
  const late = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  try {
    return { locale, language: await Promise.race([words(beside(`locales/${name}.json`)), late]) };
  } catch (error) {
    console.warn(`Pipit speaks English, because its words for \`${name}\` did not come:`, error);
    return { locale: ENGLISH };
  }
}

async function words(url: URL): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`the server answered with status ${response.status}.`);
  }
  return response.json();
}

/** What a tag names, when we have it. Scripts count: who reads `zh-TW` is not served by `zh-Hans`. */
function known(text: string): Known[] {
  try {
    const tag = new Intl.Locale(text.replace(/_/g, "-"));
    const { language, script } = tag.maximize();
    const name = LANGUAGES.find((name) => name === language || name === `${language}-${script}`);
    return name ? [{ name, tag }] : [];
  } catch {
    return []; // Not a tag.
  }
}
