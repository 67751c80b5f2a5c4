//! Tests of the language files `src/locale/*.json`. The compiler does not check these files, because they are data.

use std::collections::{BTreeMap, BTreeSet};
use std::{fs, path::Path};

use super::template::placeholders;

/// Each language with its plural categories in CLDR (the Unicode database of languages). The category `other` is left
/// out, because every language has it.
const LANGUAGES: [(&str, &[&str]); 18] = [
    ("ar", &["zero", "one", "two", "few", "many"]),
    ("da", &["one"]),
    ("de", &["one"]),
    ("en", &["one"]),
    ("es", &["one", "many"]),
    ("fi", &["one"]),
    ("fr", &["one", "many"]),
    ("he", &["one", "two"]),
    ("it", &["one", "many"]),
    ("ja", &[]),
    ("ko", &[]),
    ("nb", &["one"]),
    ("nl", &["one"]),
    ("pl", &["one", "few", "many"]),
    ("pt", &["one", "many"]),
    ("sv", &["one"]),
    ("tr", &["one"]),
    ("zh-Hans", &[]),
];

/// The texts that are the same as in English on purpose: pairs of a language and a key.
const AS_IN_ENGLISH: [(&str, &str); 25] = [
    ("da", "launcher"),
    ("da", "send"),
    ("da", "startChat"),
    ("da", "agentHere"),
    ("de", "title"),
    ("de", "launcher"),
    ("de", "optional"),
    ("de", "agentHere"),
    ("es", "launcher"),
    ("fi", "launcher"),
    ("fr", "launcher"),
    ("fr", "messages"),
    ("it", "launcher"),
    ("ko", "launcher"),
    ("nb", "launcher"),
    ("nb", "send"),
    ("nl", "launcher"),
    ("nl", "formProduct"),
    ("nl", "agentHere"),
    ("pl", "agentHere"),
    ("pt", "launcher"),
    ("pt", "agentHere"),
    ("sv", "launcher"),
    ("sv", "agentHere"),
    ("tr", "launcher"),
];

/// The texts of one language by their keys.
type LanguageFile = BTreeMap<String, String>;

fn directory() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/locale"))
}

fn read(language: &str) -> LanguageFile {
    let file = directory().join(language).with_extension("json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{language}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{language}: {error}"))
}

/// All languages except English, each with its plural categories and its texts.
fn translations() -> impl Iterator<Item = (&'static str, &'static [&'static str], LanguageFile)> {
    let others = LANGUAGES.into_iter().filter(|(name, _)| *name != "en");
    others.map(|(name, categories)| (name, categories, read(name)))
}

/// The keys of a file, except those of forms that depend on a number, such as `expectedMinutes.one`.
fn plain_keys(texts: &LanguageFile) -> BTreeSet<&str> {
    let keys = texts.keys().map(String::as_str);
    keys.filter(|key| !key.contains('.')).collect()
}

#[test]
fn each_language_has_a_file_and_no_other_file_exists() {
    let entries = fs::read_dir(directory()).expect("the directory can be read");
    let names = entries.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        Some(name.strip_suffix(".json")?.to_owned())
    });
    let expected = LANGUAGES.map(|(name, _)| name.to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), BTreeSet::from(expected));
}

#[test]
fn each_language_has_exactly_the_plain_keys_of_english() {
    let english = read("en");
    for (name, _, texts) in translations() {
        assert_eq!(plain_keys(&texts), plain_keys(&english), "{name}");
    }
}

#[test]
fn no_text_is_empty_or_begins_or_ends_with_blanks() {
    for (name, _) in LANGUAGES {
        for (key, text) in read(name) {
            assert!(!text.is_empty() && text == text.trim(), "{name}: {key}");
        }
    }
}

/// The build script writes the English texts into a table. Each line of the table has a key, a tab and a text.
#[test]
fn no_text_breaks_the_table_that_the_build_script_writes() {
    for (key, text) in read("en") {
        assert!(
            !key.contains(['\t', '\n']) && !text.contains(['\t', '\n']),
            "{key}"
        );
    }
}

#[test]
fn each_text_has_the_placeholders_of_the_english_one() {
    let english = read("en");
    for (name, _, texts) in translations() {
        for (key, text) in texts {
            // `form` is the plural category or the number after the dot; empty for a text without forms.
            let (plain_key, form) = key.split_once('.').unwrap_or((&key, ""));
            let expected: BTreeSet<_> = placeholders(&english[plain_key]).collect();
            let found: BTreeSet<_> = placeholders(&text).collect();
            // A form may leave the number out, as in "about an hour".
            let has_valid_placeholders =
                found == expected || !form.is_empty() && found.is_subset(&expected);
            assert!(has_valid_placeholders, "{name}: {key}: {text}");
        }
    }
}

/// A counted text is a text that depends on a number. Its English form with the ending `.one` marks it as counted.
#[test]
fn each_counted_text_has_a_form_for_each_plural_category() {
    let english = read("en");
    for (name, categories) in LANGUAGES {
        let texts = read(name);
        for key in plain_keys(&english) {
            let is_counted = english.contains_key(&format!("{key}.one"));
            for category in categories.iter().filter(|_| is_counted) {
                assert!(
                    texts.contains_key(&format!("{key}.{category}")),
                    "{name}: {key}.{category}"
                );
            }
        }
    }
}

#[test]
fn each_form_belongs_to_a_number_or_to_a_plural_category_of_the_language() {
    for (name, categories) in LANGUAGES {
        for key in read(name).keys() {
            if let Some((_, form)) = key.split_once('.') {
                let is_known = categories.contains(&form) || form.parse::<u32>().is_ok();
                assert!(is_known, "{name}: {key}");
            }
        }
    }
}

#[test]
fn exactly_the_listed_texts_are_the_same_as_in_english() {
    let english = read("en");
    for (name, _, texts) in translations() {
        for (key, text) in texts {
            // A text that consists of placeholders and signs may be the same in all languages.
            let outside = text.split(['{', '}']).step_by(2);
            let has_words = outside
                .into_iter()
                .any(|part| part.contains(char::is_alphabetic));
            let is_same = has_words && english.get(&key) == Some(&text);
            let may_be_same = AS_IN_ENGLISH.contains(&(name, key.as_str()));
            assert_eq!(is_same, may_be_same, "{name}: {key}: {text}");
        }
    }
}
