//! Property tests: what holds for every text that is bounded, and for every name and file name that is cleaned.

use pipit_untrusted_text::{
    MAX_CHARS, MAX_FILE_NAME_CHARS, MAX_LINES, MAX_MARKS, MAX_NAME_CHARS, bounded, clean_file_name,
    clean_name, is_blank, is_invisible, is_removed, looks_like,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_segmentation::UnicodeSegmentation as _;

/// The size of the longest cluster that a bounded text may have: the first character with its marks. Unicode counts the
/// characters of a syllable and a prefixed mark differently, so that two more are possible.
const MAX_CLUSTER: usize = MAX_MARKS + 3;

/// A strategy for texts with many characters that join others, change the direction, end a line or are invisible.
fn untrusted_text() -> impl Strategy<Value = String> {
    let hostile = select(vec![
        '\u{301}',
        '\u{20dd}',
        '\u{fe0f}',
        '\u{200d}',
        '\u{200b}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{93e}',
        '\u{94d}',
        '\u{915}',
        '\u{1100}',
        '\u{1161}',
        '\u{11a8}',
        '\u{ac00}',
        '\u{1f468}',
        '\u{1f3fb}',
        '\u{1f1e6}',
        '\u{e0067}',
        '\u{600}',
        '\u{3164}',
        '\u{2028}',
        '\u{85}',
        '\r',
        '\n',
        '\t',
        '\0',
        ' ',
        'a',
        'Z',
        '.',
    ]);
    let runs =
        (hostile, 1..30_usize).prop_map(|(character, count)| character.to_string().repeat(count));
    vec(
        prop_oneof![4 => runs, 1 => "\\PC{0,5}", 1 => any::<char>().prop_map(String::from)],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

/// Texts that random tests have found.
#[test]
fn texts_that_once_broke_a_promise_keep_it() {
    for (start, mark) in [("\u{ac00}", "\u{1161}"), ("\u{1f1e6}\u{1f1e6}", "\u{301}")] {
        let kept = bounded(&("\u{600}".repeat(9) + start + &mark.repeat(20)));
        assert!(kept.chars().count() <= MAX_CLUSTER);
    }
    for end in ["!!", " !!"] {
        let name = clean_name(&("가".repeat(69) + &"\u{94d}".repeat(10) + end));
        assert_eq!(clean_name(&name), name);
    }
}

#[test]
fn any_number_of_flags_in_a_row_is_kept() {
    let flags = "\u{1f1e9}\u{1f1ea}".repeat(50);
    assert_eq!(bounded(&flags), flags);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_bounded_text_keeps_every_promise(text in untrusted_text()) {
        let kept = bounded(&text);
        prop_assert!(kept.chars().count() <= MAX_CHARS + 1);
        prop_assert!(kept.matches('\n').count() <= MAX_LINES);
        prop_assert!(!kept.contains(is_removed));
        let has_other_line_end = kept.contains(['\r', '\u{2028}', '\u{2029}']);
        prop_assert!(!has_other_line_end);
        prop_assert!(kept.graphemes(true).all(|cluster| cluster.chars().count() <= MAX_CLUSTER));
        prop_assert_eq!(bounded(&kept), kept);
    }

    #[test]
    fn a_usual_text_does_not_change(text in "[ -~\\n\\tä-ž山-田א-ת]{0,200}") {
        prop_assert_eq!(bounded(&text), text);
    }

    #[test]
    fn names_keep_every_promise(text in untrusted_text()) {
        for (clean, max_chars) in [(clean_name(&text), MAX_NAME_CHARS), (clean_file_name(&text), MAX_FILE_NAME_CHARS)] {
            prop_assert!(clean.chars().count() <= max_chars);
            prop_assert!(!clean.contains(['\n', '\t']) && !clean.contains("  "));
            prop_assert!(!clean.starts_with(is_blank) && !clean.ends_with(is_blank));
            let is_joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
            let has_hidden = clean.contains(|c: char| is_removed(c) || is_invisible(c) && !is_joiner(c));
            prop_assert!(!has_hidden);
        }
        let name = clean_name(&text);
        prop_assert_eq!(clean_name(&name), name);
    }

    #[test]
    fn a_name_looks_like_itself_in_capitals_and_with_invisible_characters(name in "[a-zA-Z]{1,10}") {
        let spaced: String = name.chars().flat_map(|c| [c, '\u{200b}', ' ']).collect();
        prop_assert!(looks_like(&name, &name.to_uppercase()));
        prop_assert!(looks_like(&spaced, &name));
    }
}
