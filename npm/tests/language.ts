// Tests that the widget chooses a language for any text in `lang`, `locale` or `navigator.languages`. Web pages have malformed
// language tags, and `Intl` throws on those.

import { deepEqual, equal, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { chooseLocale } from "../language-loader";
import { chooseLanguage, direction, matchLauncherLanguage } from "../language";

const LANGUAGES = "ar,da,de,en,es,fi,fr,he,it,ja,ko,nb,nl,pl,pt,sv,tr,zh-Hans";

/** The directory of the language files. The command `check` runs these tests from the directory `npm`. */
const LANGUAGE_FILES = "../src/locale";

/** The global object. It gets the constants that the build inserts into the tested scripts. */
const browser = globalThis as unknown as Record<string, unknown>;
browser["LANGUAGES"] = LANGUAGES;
browser["LAUNCHER_LANGUAGES"] = "da|de|en|es|fi|fr|it|n[bno]|nl|pt|sv|(ja|ko|pl|tr|zh|(ar|he))";

/** Sets the tags that decide the language: `lang` of the page, and `navigator.languages` of the browser. */
function setTags(lang: string, languages: readonly string[] | undefined): void {
  // The tested scripts read the properties of `document` by the getters of its prototype.
  Object.defineProperty(globalThis, "Document", { value: { prototype: { documentElement: { lang } } }, configurable: true });
  Object.defineProperty(globalThis, "document", { value: {}, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: { languages }, configurable: true });
}

/** Makes all choices that depend on the language, as the loader and the panel make them, and checks that every choice is usable. */
function chooseAndCheck(wanted: string | undefined): { name: string; locale: string } {
  const [, language = "en", , rightToLeft] = matchLauncherLanguage(wanted);
  equal(rightToLeft ? "rtl" : "ltr", direction(language));
  ok(LANGUAGES.split(",").includes(chooseLanguage(wanted)));
  const chosen = chooseLocale(wanted);
  ok(LANGUAGES.split(",").includes(chosen.name), chosen.name);
  // The constructor throws if the locale is malformed.
  equal(new Intl.Locale(chosen.locale).toString(), chosen.locale);
  return chosen;
}

/** Unusual tags, many of them from public bug reports, and what they should mean: the language's file and the locale. */
const REPORTED: [tag: string, name: string, locale: string][] = [
  ["en_US.UTF-8", "en", "en-US"],
  ["en-US@posix", "en", "en-US"],
  ["de_DE@euro", "de", "de-DE"],
  ["de-DE-1901-", "de", "de-DE-1901"],
  ["fr_FR.ISO8859-1", "fr", "fr-FR"],
  ["pt_BR.utf8", "pt", "pt-BR"],
  ["zh_CN.GB2312", "zh-Hans", "zh-CN"],
  ["tr_TR.UTF-8", "tr", "tr-TR"],
  ["TR", "tr", "tr"],
  ["nb_NO", "nb", "nb-NO"],
  // Pages name Norwegian by the tag of the language as a whole, and by the tags of its two written forms.
  ["no", "nb", "no"],
  ["NO_no.ISO8859-1", "nb", "no-NO"],
  ["nn-NO", "nb", "nn-NO"],
  ["C", "en", "en"],
  ["C.UTF-8", "en", "en"],
  ["POSIX", "en", "en"],
  ["en-", "en", "en"],
  ["en--US", "en", "en"],
  ["en-GB-oed", "en", "en-GB"],
  ["EN_us", "en", "en-US"],
  ["deutsch", "en", "en"],
  ["undefined", "en", "en"],
  ["null", "en", "en"],
  ["i-klingon", "en", "en"],
  ["x-default", "en", "en"],
  ["*", "en", "en"],
  ["{{ lang }}", "en", "en"],
  ["constructor", "en", "en"],
  ["__proto__", "en", "en"],
];

for (const [tag, name, locale] of REPORTED) {
  test(`the tag ${JSON.stringify(tag)} means ${locale}`, () => {
    // The tag is first the page's, then the browser's, then the option `locale`.
    setTags(tag, []);
    const chosen = chooseAndCheck(undefined);
    equal(chosen.name, name);
    equal(chosen.locale, locale);
    setTags("", [tag]);
    equal(chooseAndCheck(undefined).name, name);
    setTags("", []);
    equal(chooseAndCheck(tag).name, name);
  });
}

test("the launcher has the panel's language, whatever letters and separators a tag has", () => {
  const usual = REPORTED.filter(([, name]) => name !== "en").map(([tag]) => tag);
  const tags = ["TR", "tr_TR", "FI-fi", "Da", "sv-SE", "KO_kr", "nb-NO", "NO", "nn_NO", "de", "DE", "De-at", "DE_CH", "ZH-CN", "zh_hans", "JA", "Pt-BR", "HE", "AR-EG", "pl.UTF-8", "NL@euro", "FR_FR.UTF-8", "DEUTSCH", "Chat", "en,de", "xx,fr", ...usual];
  for (const tag of tags) {
    for (const [lang, languages, wanted] of [[tag, [], ""], ["", [tag], ""], ["", [], tag], ["xx", [tag], "deutsch"]] as const) {
      setTags(lang, languages);
      const [ofPanel] = chooseLanguage(wanted).split("-");
      const ofLauncher = matchLauncherLanguage(wanted)[1] ?? "en";
      // The launcher keeps the page's tag for Norwegian. Its label and direction are the same for all three tags.
      equal(["no", "nn"].includes(ofLauncher) ? "nb" : ofLauncher, ofPanel, `${lang} ${languages.join()} ${wanted}`);
    }
  }
  setTags("JA", []);
  equal(matchLauncherLanguage()[2], "ja");
  setTags("de", []);
  equal(matchLauncherLanguage()[2], undefined);
});

test("any texts as language tags give a language", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.stringMatching(/^[a-z]{0,3}([-_.@][A-Za-z0-9]{0,8}){0,4}$/));
  fc.assert(
    fc.property(text, fc.option(fc.array(text), { nil: undefined }), fc.option(text, { nil: undefined }), (lang, languages, wanted) => {
      setTags(lang, languages);
      chooseAndCheck(wanted);
    }),
    { numRuns: 5_000 },
  );
});

test("these tests have the languages of the files", () => {
  const files = readdirSync(LANGUAGE_FILES).filter((name) => name.endsWith(".json"));
  equal(files.map((name) => name.slice(0, -".json".length)).toSorted().join(), LANGUAGES);
});

test("each counted text has a form for each plural category of its language, and for no other", () => {
  const read = (name: string) => JSON.parse(readFileSync(`${LANGUAGE_FILES}/${name}.json`, "utf8")) as Record<string, string>;
  // The English form `.one` marks a text that depends on a number.
  const counted = Object.keys(read("en")).filter((key) => key.endsWith(".one"));
  ok(counted.length > 0);
  for (const language of LANGUAGES.split(",")) {
    const keys = Object.keys(read(language));
    // The text without a form is for the category `other`.
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.filter((category) => category !== "other");
    for (const key of counted.map((form) => form.slice(0, -".one".length))) {
      const forms = keys.filter((name) => name.startsWith(`${key}.`)).map((name) => name.slice(key.length + 1));
      const found = forms.filter((form) => !/^\d+$/.test(form));
      deepEqual(found.toSorted(), categories.toSorted(), `${language}: ${key}`);
    }
  }
});
