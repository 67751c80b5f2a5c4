//! What the language files must be. They are data, so tests say it.

use std::collections::{BTreeMap, BTreeSet};
use std::{fs, path::Path};

use super::template::placeholders;

/// The languages, each with the plural categories that CLDR has for it besides `other`.
const LANGUAGES: [(&str, &[&str]); 12] = [
    ("ar", &["zero", "one", "two", "few", "many"]),
    ("de", &["one"]),
    ("en", &["one"]),
    ("es", &["one", "many"]),
    ("fr", &["one", "many"]),
    ("he", &["one", "two"]),
    ("it", &["one", "many"]),
    ("ja", &[]),
    ("nl", &["one"]),
    ("pl", &["one", "few", "many"]),
    ("pt", &["one", "many"]),
    ("zh-Hans", &[]),
];

/// The texts that are the same as in English, and rightly so.
const AS_IN_ENGLISH: [(&str, &str); 15] = [
    ("de", "launcher"),
    ("de", "title"),
    ("de", "optional"),
    ("es", "launcher"),
    ("fr", "launcher"),
    ("fr", "messages"),
    ("fr", "formEmail"),
    ("it", "formEmail"),
    ("it", "launcher"),
    ("nl", "formEmail"),
    ("nl", "formProduct"),
    ("nl", "launcher"),
    ("pl", "formEmail"),
    ("pt", "formEmail"),
    ("pt", "launcher"),
];

type Texts = BTreeMap<String, String>;

fn directory() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/locale"))
}

fn texts(language: &str) -> Texts {
    let file = directory().join(language).with_extension("json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{language}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{language}: {error}"))
}

/// The languages but English, each with its plural categories and its texts.
fn translations() -> impl Iterator<Item = (&'static str, &'static [&'static str], Texts)> {
    let others = LANGUAGES.into_iter().filter(|(name, _)| *name != "en");
    others.map(|(name, categories)| (name, categories, texts(name)))
}

/// The keys that are words, not forms of words.
fn words(texts: &Texts) -> BTreeSet<&str> {
    let keys = texts.keys().map(String::as_str);
    keys.filter(|key| !key.contains('.')).collect()
}

#[test]
fn the_files_are_those_of_the_languages() {
    let entries = fs::read_dir(directory()).expect("the directory can be read");
    let names = entries.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        Some(name.strip_suffix(".json")?.to_owned())
    });
    let expected = LANGUAGES.map(|(name, _)| name.to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), BTreeSet::from(expected));
}

#[test]
fn each_language_has_each_word_and_no_other() {
    let english = texts("en");
    for (name, _, texts) in translations() {
        assert_eq!(words(&texts), words(&english), "{name}");
    }
}

#[test]
fn no_text_is_empty_or_ends_in_blanks() {
    for (name, _) in LANGUAGES {
        for (key, text) in texts(name) {
            assert!(!text.is_empty() && text == text.trim(), "{name}: {key}");
        }
    }
}

#[test]
fn no_text_breaks_the_table_that_the_build_makes() {
    for (key, text) in texts("en") {
        assert!(
            !key.contains(['\t', '\n']) && !text.contains(['\t', '\n']),
            "{key}"
        );
    }
}

#[test]
fn each_text_has_the_placeholders_of_the_english_one() {
    let english = texts("en");
    for (name, _, texts) in translations() {
        for (key, text) in texts {
            let (word, form) = key.split_once('.').unwrap_or((&key, ""));
            let expected: BTreeSet<_> = placeholders(&english[word]).collect();
            let found: BTreeSet<_> = placeholders(&text).collect();
            // A form for one number need not name it: "about an hour".
            let is_right = found == expected || !form.is_empty() && found.is_subset(&expected);
            assert!(is_right, "{name}: {key}: {text}");
        }
    }
}

/// A word depends on a number by plural rules when English has it for one.
#[test]
fn what_is_counted_has_a_form_for_each_plural_category() {
    let english = texts("en");
    for (name, categories) in LANGUAGES {
        let texts = texts(name);
        for word in words(&english) {
            let is_counted = english.contains_key(&format!("{word}.one"));
            for category in categories.iter().filter(|_| is_counted) {
                assert!(
                    texts.contains_key(&format!("{word}.{category}")),
                    "{name}: {word}.{category}"
                );
            }
        }
    }
}

#[test]
fn each_form_is_for_a_number_or_a_category_of_the_language() {
    for (name, categories) in LANGUAGES {
        for key in texts(name).keys() {
            if let Some((_, form)) = key.split_once('.') {
                let is_known = categories.contains(&form) || form.parse::<u32>().is_ok();
                assert!(is_known, "{name}: {key}");
            }
        }
    }
}

#[test]
fn each_text_is_translated() {
    let english = texts("en");
    for (name, _, texts) in translations() {
        for (key, text) in texts {
            let is_same = english.get(&key) == Some(&text);
            let may_be = AS_IN_ENGLISH.contains(&(name, key.as_str()));
            assert_eq!(is_same, may_be, "{name}: {key}: {text}");
        }
    }
}
