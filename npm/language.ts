// Decides which language the widget speaks. The launcher decides without `Intl`, because it is on every page; the panel
// also looks at scripts and regions.

/** The names of the files in `src/locale`, separated by commas. The site's build defines it. */
declare const LANGUAGES: string;

/** By language, the launcher's label after a colon, where it is not `Chat`. The site's build defines it. */
declare const LAUNCHER_LABELS: string;

/** The language whose texts are compiled into the panel. */
export const ENGLISH = "en";

/** The language tags in the order in which they count: the host's option, the page's, the visitor's. */
export const preferredTags = (wanted = ""): string[] => [wanted, document.documentElement.lang, ...navigator.languages];

/** The first preferred language that the widget has, as the name of its file. */
export const chooseLanguage = (wanted?: string): string => preferredTags(wanted).map(languageOfTag).find(Boolean) ?? ENGLISH;

/** The language of the launcher, and the launcher's label in it. */
export function launcherLabel(wanted?: string): [language: string, label: string] {
  const labels = Object.fromEntries(LAUNCHER_LABELS.split(",").map((item) => item.split(":"))) as Record<string, string | undefined>;
  const language = preferredTags(wanted).map(primarySubtag).find((name) => name in labels) ?? ENGLISH;
  return [language, labels[language] ?? "Chat"];
}

/** The writing direction of a language. */
export const direction = (language: string): string => (/^(ar|he)/.test(language) ? "rtl" : "ltr");

/** The language of a tag, if the widget has it. The script counts: `zh-TW` is not `zh-Hans`. */
export function languageOfTag(tag: string): string | undefined {
  const languages = LANGUAGES.split(",");
  // This answers for most tags. `Intl` takes some ms when it is first used.
  if (languages.includes(primarySubtag(tag))) {
    return primarySubtag(tag);
  }
  try {
    const { language, script } = new Intl.Locale(tag.replace(/_/g, "-")).maximize();
    return [language, `${language}-${script}`].find((name) => languages.includes(name));
  } catch {
    return undefined; // It is not a valid tag.
  }
}

const primarySubtag = (tag: string) => tag.split(/[-_]/)[0]!;
