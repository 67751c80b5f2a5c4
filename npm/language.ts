// Chooses the widget's language. The launcher, the button that opens the panel, uses only the first part of a language tag,
// because `Intl` is slow when it is first used, and the launcher is on every page. The panel also uses the script (writing system)
// and the region in a tag.

import { pageDocument } from "./page-document";

/** The widget's languages: the names of the files in `src/locale`, separated by commas. The build inserts this constant. */
declare const LANGUAGES: string;

/**
 * A part of a regular expression that matches the widget's languages (the first parts of their tags). Its first group are the languages
 * in which the launcher's label is not `Chat`, and its second group are those of them that run from right to left. The build inserts
 * this constant.
 */
declare const LAUNCHER_LANGUAGES: string;

/** The language whose texts are compiled into the panel. */
export const ENGLISH = "en";

/**
 * Returns the wanted language tags with commas between them, the most important first: of the option `locale`, of the page, of the
 * visitor's browser. A tag that is not given is an empty text. An option or a page may also have several tags with commas.
 */
const joinedTags = (wanted?: string): string => `${[wanted, pageDocument.documentElement.lang, navigator.languages]}`;

/** Returns the wanted language tags as a list. */
export const preferredTags = (wanted?: string): string[] => joinedTags(wanted).split(",");

/** Returns the first preferred language for which the widget has texts, as the name of their file; English if there is none. */
export const chooseLanguage = (wanted?: string): string => preferredTags(wanted).map(languageOfTag).find(Boolean) ?? ENGLISH;

/**
 * Finds the first preferred language that the widget has. Returns the match of a regular expression: the language itself is at 1, and
 * once more at 2 if the launcher's label is not `Chat` in it, and at 3 if it runs from right to left. The list is empty if there is none.
 */
export function matchLauncherLanguage(wanted?: string): (string | undefined)[] {
  // A language is found at the beginning of a tag, in the first tag that has one. A letter
  // after it would make it another language.
  const pattern = new RegExp(`(?:^|,)(${LAUNCHER_LANGUAGES})(?![a-z])`);
  return pattern.exec(joinedTags(wanted).toLowerCase()) ?? [];
}

/** Returns the writing direction of a language. Of the widget's languages, only Arabic and Hebrew run from right to left. */
export const direction = (language: string): string => (/^(ar|he)/.test(language) ? "rtl" : "ltr");

/**
 * Returns the widget's language for a tag; undefined if the widget does not have the language. The result for `zh-TW`
 * is undefined instead of `zh-Hans`, because the writing systems differ.
 */
export function languageOfTag(tag: string): string | undefined {
  const languages = LANGUAGES.split(",");
  // For almost every language, the first part of the tag is enough. `Intl` takes some ms when it is first used.
  if (languages.includes(primarySubtag(tag))) {
    return primarySubtag(tag);
  }
  const { language, script } = parseLocale(tag)?.maximize?.() ?? {};
  // The file `nb` has the texts in Bokmål, the usual written form of Norwegian. Pages also name Norwegian by `no`, the language as a
  // whole, or by `nn`, the other written form, whose readers read Bokmål too.
  return [language?.replace(/^n[no]$/, "nb"), `${language}-${script}`].find((name): name is string => languages.includes(name!));
}

/**
 * Returns the locale that a tag names; undefined if the tag names none. Some web pages have malformed tags, on which `Intl` throws.
 * This function uses the longest well-formed beginning of a malformed tag. It also accepts the names of Unix: for `en_US.UTF-8`,
 * it returns `en-US`.
 */
export function parseLocale(tag: string): Intl.Locale | undefined {
  const [withoutEncoding = ""] = tag.split(/[.@]/);
  const subtags = withoutEncoding.split(/[-_]/);
  while (subtags.length > 0) {
    try {
      return new Intl.Locale(subtags.join("-"));
    } catch {
      subtags.pop();
    }
  }
  return undefined;
}

const primarySubtag = (tag: string) => tag.split(/[-_]/)[0]!;
