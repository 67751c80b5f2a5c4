// Which language the widget speaks.

/** The names of the files in `src/locale`, and behind a colon what the launcher says, where that is not `Chat`. */
declare const LAUNCHER_WORDS: string;

const LAUNCHER = Object.fromEntries(LAUNCHER_WORDS.split(",").map((item) => item.split(":"))) as Record<string, string | undefined>;

/** What the launcher is called. */
export const launcherIn = (language: string): string => LAUNCHER[language] ?? "Chat";

/** The language that is in the panel itself. */
export const ENGLISH = "en";

/** The tags of what the host wants, what the page is in, and what the visitor reads, in this order. */
export const wishes = (wanted = ""): string[] => [wanted, document.documentElement.lang, ...navigator.languages];

/** The first language that we have: the name of its file. */
export const choose = (wanted?: string): string => wishes(wanted).map(known).find(Boolean) ?? ENGLISH;

/** Where lines of a language begin. */
export const direction = (name: string): string => (/^(ar|he)/.test(name) ? "rtl" : "ltr");

/** What a tag names, when we have it. Scripts count: who reads `zh-TW` is not served by `zh-Hans`. */
export function known(tag: string): string | undefined {
  // Most tags need no more. What `Intl` knows of scripts and old names costs the page some ms when it is first asked.
  const [plain] = tag.split(/[-_]/);
  if (plain! in LAUNCHER) {
    return plain;
  }
  try {
    const { language, script } = new Intl.Locale(tag.replace(/_/g, "-")).maximize();
    return [language, `${language}-${script}`].find((name) => name in LAUNCHER);
  } catch {
    return undefined; // Not a tag.
  }
}
