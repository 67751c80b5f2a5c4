//! Tests of the visitor's texts: `docs/words.md`, which explains each text to translators, agrees with the language files
//! `src/locale/*.json`, and every text fits its place. A further test makes a *pseudo-locale*: English texts that are
//! longer and have accents, in place of a language that does not exist yet.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

#[path = "../../tests/e2e/src/pseudo_text.rs"]
mod pseudo_text;
mod repository;

use pseudo_text::pseudo_text;
use repository::{read, root};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::RangeInclusive,
};

/// The document with one row for each key of the English file.
const DOCUMENT: &str = "docs/words.md";

/// The texts of the fallback card by language, which the TypeScript draws while the WASM cannot run.
const FALLBACK_CARD: &str = "npm/fallback-card.json";

/// The columns of the tables.
const COLUMNS: &str =
    "| Key | English | For what, and when it is seen | Placeholders | Place | Limit |";

/// The blocks of Unicode whose characters are about as wide as two Latin letters: those of Chinese, Japanese and Korean,
/// and the full-width signs.
const WIDE_CHARACTERS: [RangeInclusive<char>; 6] = [
    '\u{1100}'..='\u{115F}',
    '\u{2E80}'..='\u{A4CF}',
    '\u{AC00}'..='\u{D7A3}',
    '\u{F900}'..='\u{FAFF}',
    '\u{FE30}'..='\u{FE4F}',
    '\u{FF00}'..='\u{FF60}',
];

/// The texts of one language by their keys.
type LanguageFile = BTreeMap<String, String>;

/// What a row of the document says about a key.
struct Row {
    english: String,
    purpose: String,
    placeholders: BTreeSet<String>,
    place: String,
    /// The largest width of a text, as [`width`] counts it.
    limit: usize,
}

#[test]
fn the_document_explains_each_text_of_the_english_file() {
    let english = language_file("en");
    let rows = rows();
    let plain_keys: BTreeSet<_> = english.keys().filter(|key| !key.contains('.')).collect();
    assert_eq!(rows.keys().collect::<BTreeSet<_>>(), plain_keys);
    for (key, row) in &rows {
        assert_eq!(row.english, english[key], "{DOCUMENT}: {key}");
        assert_eq!(
            row.placeholders,
            placeholders(&english[key]),
            "{DOCUMENT}: {key}"
        );
        assert!(
            !row.purpose.is_empty() && !row.place.is_empty(),
            "{DOCUMENT}: {key}"
        );
    }
}

/// A form such as `expectedMinutes.one` has the limit of its text.
#[test]
fn each_text_of_each_language_is_within_its_limit() {
    let rows = rows();
    let mut too_long = Vec::new();
    for language in languages() {
        for (key, text) in language_file(&language) {
            let row = &rows[plain_key(&key)];
            if width(&text) > row.limit {
                too_long.push(format!(
                    "{language}: {key} has {} of {} ({}): {text}",
                    width(&text),
                    row.limit,
                    row.place
                ));
            }
        }
    }
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
}

/// A sentence without a full stop stands alone, and a text with several sentences ends each of them. A difference between
/// the languages shows where a translation has become another text.
#[test]
fn a_translation_ends_with_a_full_stop_exactly_if_the_english_text_does() {
    let english = language_file("en");
    for language in languages() {
        for (key, text) in language_file(&language) {
            let is_sentence = |text: &str| text.ends_with(['.', '。']);
            assert_eq!(
                is_sentence(&text),
                is_sentence(&english[plain_key(&key)]),
                "{language}: {key}: {text}"
            );
        }
    }
}

#[test]
fn no_text_has_the_signs_of_another_language() {
    for language in languages() {
        for (key, text) in language_file(&language) {
            let problem = foreign_sign(&language, &text);
            assert_eq!(problem, None, "{language}: {key}: {text}");
        }
    }
}

/// The card would have no text at all in a language that its file does not have.
#[test]
fn the_fallback_card_has_each_text_in_each_language() {
    let card: BTreeMap<String, LanguageFile> =
        serde_json::from_str(&read(FALLBACK_CARD)).expect("the file is JSON");
    assert_eq!(card.keys().cloned().collect::<BTreeSet<_>>(), languages());
    for (language, texts) in &card {
        let keys = |texts: &LanguageFile| texts.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(texts), keys(&card["en"]), "{language}");
        for (key, text) in texts {
            assert!(!text.trim().is_empty(), "{language}: {key}");
            assert_eq!(
                foreign_sign(language, text),
                None,
                "{language}: {key}: {text}"
            );
        }
    }
}

/// The panel, the card and the launcher must not have different names for the same thing.
#[test]
fn the_fallback_card_has_the_words_of_the_panel() {
    let card: BTreeMap<String, LanguageFile> =
        serde_json::from_str(&read(FALLBACK_CARD)).expect("the file is JSON");
    for language in languages() {
        let panel = language_file(&language);
        for (of_card, of_panel) in [("title", "title"), ("close", "minimiseChat")] {
            assert_eq!(card[&language][of_card], panel[of_panel], "{language}");
        }
    }
}

#[test]
fn the_pseudo_locale_fits_each_limit() {
    let rows = rows();
    for (key, text) in language_file("en") {
        let pseudo = pseudo_text(&text);
        let limit = rows[plain_key(&key)].limit;
        assert!(
            width(&pseudo) <= limit,
            "{key} has {} of {limit}: {pseudo}",
            width(&pseudo)
        );
    }
}

#[test]
fn a_pseudo_text_is_longer_and_keeps_its_placeholders() {
    assert_eq!(pseudo_text("Send"), "[Šéñďéé]");
    assert_eq!(pseudo_text("{name} joined"), "[{name} ĵöíñéďéééééé]");
    for text in language_file("en").values() {
        let pseudo = pseudo_text(text);
        assert_eq!(placeholders(&pseudo), placeholders(text), "{pseudo}");
        assert!(
            width(&pseudo) * 10 >= width(text) * 14,
            "{pseudo} is less than 40 % longer than {text}"
        );
        // A letter without an accent would look like an untranslated text.
        let without_placeholders = pseudo.split(['{', '}']).step_by(2);
        let plain_vowel = |part: &str| part.contains(['a', 'e', 'i', 'o', 'u']);
        assert!(!without_placeholders.clone().any(plain_vowel), "{pseudo}");
    }
}

#[test]
fn wide_characters_count_as_two() {
    assert_eq!(width("abc"), 3);
    assert_eq!(width("送信中"), 6);
    assert_eq!(width("채팅（）"), 8);
    assert_eq!(width("öİı المزيد"), 10);
}

#[test]
fn signs_of_other_languages_are_found() {
    for (language, text, is_right) in [
        ("fr", "Terminer ce chat\u{202f}?", true),
        ("fr", "Terminer ce chat ?", false),
        ("fr", "Trop\u{a0}: {size}", true),
        ("fr", "Trop : {size}", false),
        ("de", "Diesen Chat beenden?", true),
        ("de", "Diesen Chat beenden ?", false),
        ("ar", "إنهاء هذه المحادثة?", false),
        ("ja", "終了しますか？", true),
        ("ja", "終了しますか?", false),
        ("zh-Hans", "聊天,", false),
        ("en", "It\u{2019}s here", false),
        ("fr", "C'est", false),
    ] {
        assert_eq!(foreign_sign(language, text).is_none(), is_right, "{text}");
    }
}

/// What is wrong with the typography of a text; `None` if nothing is known to be wrong.
fn foreign_sign(language: &str, text: &str) -> Option<&'static str> {
    let has = |signs: &[char]| text.contains(signs);
    let blank_before = |signs: &[char]| {
        let pairs = text.chars().zip(text.chars().skip(1));
        let mut before = pairs.filter(|(_, sign)| signs.contains(sign));
        before.any(|(blank, _)| blank == ' ')
    };
    match language {
        "fr" if blank_before(&['?', '!', ';', ':']) => Some("a plain space before a sign"),
        "fr" | "it" if has(&['\'']) => Some("a straight apostrophe"),
        "ar" if has(&[',', ';', '?']) => Some("a Latin sign"),
        "ja" | "zh-Hans" if has(&[',', '?', '!', '(', ')', ':', ';']) => Some("a narrow sign"),
        "en" if has(&['\u{2019}']) => Some("a curly apostrophe, where all others are straight"),
        _ if language != "fr" && blank_before(&['?', '!', ';', ':', ',', '.']) => {
            Some("a space before a sign")
        }
        _ => None,
    }
}

/// The number of characters of a text. One of [`WIDE_CHARACTERS`] counts as two.
fn width(text: &str) -> usize {
    let is_wide = |character| {
        let mut ranges = WIDE_CHARACTERS.iter();
        ranges.any(|range| range.contains(&character))
    };
    let widths = text
        .chars()
        .map(|character| 1 + usize::from(is_wide(character)));
    widths.sum()
}

/// The key without the ending for a number or a plural category.
fn plain_key(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}

/// The names of a text's placeholders.
fn placeholders(text: &str) -> BTreeSet<String> {
    let pieces = text.split('{').skip(1);
    let names = pieces.filter_map(|piece| piece.split_once('}'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The names of the language files.
fn languages() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("src/locale")).expect("the directory is there");
    let names = entries.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        Some(name.strip_suffix(".json")?.to_owned())
    });
    names.collect()
}

fn language_file(language: &str) -> LanguageFile {
    let text = read(format!("src/locale/{language}.json"));
    serde_json::from_str(&text).expect("a language file is JSON")
}

/// The rows of the document by key.
fn rows() -> BTreeMap<String, Row> {
    let document = read(DOCUMENT);
    let mut lines = document.lines();
    let mut rows = BTreeMap::new();
    while lines.any(|line| line == COLUMNS) {
        // The line below the column names has only dashes.
        lines.next();
        for line in lines.by_ref().take_while(|line| line.starts_with('|')) {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [key, english, purpose, names, place, limit] = cells[..] else {
                panic!("{DOCUMENT}: a row has {} cells: {line}", cells.len());
            };
            let row = Row {
                english: english.to_owned(),
                purpose: purpose.to_owned(),
                placeholders: placeholders(names),
                place: place.to_owned(),
                limit: limit.parse().expect("the limit is a number"),
            };
            let key = key.trim_matches('`').to_owned();
            assert!(rows.insert(key, row).is_none(), "{DOCUMENT}: {line}");
        }
    }
    rows
}
