// Which language the widget speaks.

/** The names of the files in `src/locale`. */
declare const LANGUAGES: string;

/** By language, without its script, what the launcher says behind a colon, where that is not `Chat`. */
declare const LAUNCHER_WORDS: string;

/** The language that is in the panel itself. */
export const ENGLISH = "en";

/** The tags of what the host wants, what the page is in, and what the visitor reads, in this order. */
export const wishes = (wanted = ""): string[] => [wanted, document.documentElement.lang, ...navigator.languages];

/** The first language that we have: the name of its file. */
export const choose = (wanted?: string): string => wishes(wanted).map(known).find(Boolean) ?? ENGLISH;

/** The launcher's language, and what it is called in it: on every page, so `Intl` is not asked. */
export function launcherWords(wanted?: string): [language: string, text: string] {
  const words = Object.fromEntries(LAUNCHER_WORDS.split(",").map((item) => item.split(":"))) as Record<string, string | undefined>;
  const language = wishes(wanted).map(plain).find((name) => name in words) ?? ENGLISH;
  return [language, words[language] ?? "Chat"];
}

/** Where lines of a language begin. */
export const direction = (name: string): string => (/^(ar|he)/.test(name) ? "rtl" : "ltr");

/** What a tag names, when we have it. Scripts count: who reads `zh-TW` is not served by `zh-Hans`. */
export function known(tag: string): string | undefined {
  const names = LANGUAGES.split(",");
  // Most tags need no more, and `Intl` takes some ms when it is first asked.
  if (names.includes(plain(tag))) {
    return plain(tag);
  }
  try {
    const { language, script } = new Intl.Locale(tag.replace(/_/g, "-")).maximize();
    return [language, `${language}-${script}`].find((name) => names.includes(name));
  } catch {
    return undefined; // Not a tag.
  }
}

const plain = (tag: string) => tag.split(/[-_]/)[0]!;
