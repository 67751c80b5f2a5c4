//! The fuzz target for `pipit-untrusted-text`, which bounds texts from outside and cleans names.

use std::str;

use pipit_rich_text::{MAX_PORTION_CHARS, MAX_PORTION_LINES, portions_of_text};
use pipit_untrusted_text::{
    MAX_CHARS, MAX_FILE_NAME_CHARS, MAX_LINES, MAX_MARKS, MAX_NAME_CHARS, bounded, clean_file_name,
    clean_name, is_blank, is_invisible, is_removed, is_too_long, joins, looks_like,
};

/// Reads the bytes as a message, a name and a file name. Panics if a promise of `pipit-untrusted-text` does not hold, or if
/// the portions of the message together are not the message. Skips the whole input if it is not UTF-8.
pub fn untrusted_text(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    check_bounded(text);
    check_name(&clean_name(text), MAX_NAME_CHARS, clean_name);
    check_name(&clean_file_name(text), MAX_FILE_NAME_CHARS, clean_file_name);
    assert!(!looks_like(text, ""), "nothing looks like an empty name");
    if text.contains(|c: char| c.is_ascii_alphanumeric()) {
        assert!(looks_like(text, text), "{text:?}");
    }
}

/// Checks a bounded text and its portions.
fn check_bounded(text: &str) {
    let kept = bounded(text);
    assert_eq!(bounded(&kept), kept, "bounded again");
    assert!(kept.chars().count() <= MAX_CHARS + 1);
    assert!(kept.matches('\n').count() <= MAX_LINES);
    assert!(!kept.contains(is_removed));
    if text.chars().count() <= MAX_CHARS && text.len() < MAX_LINES {
        assert!(!is_too_long(&kept), "a short text is not cut");
    }
    let mut joined = 0;
    let mut previous = ' ';
    for character in kept.chars() {
        joined = if joins(previous, character) {
            joined + 1
        } else {
            0
        };
        assert!(joined <= MAX_MARKS, "a long cluster");
        previous = character;
    }
    let is_not_line_end = |c: &char| *c != '\n';
    let mut rest = kept.chars().filter(is_not_line_end);
    for portion in portions_of_text(&kept) {
        let plain: usize = portion
            .iter()
            .filter(|piece| piece.link.is_none())
            .map(|piece| piece.text.chars().count())
            .sum();
        let line_ends: usize = portion
            .iter()
            .map(|piece| piece.text.matches('\n').count())
            .sum();
        assert!(plain <= MAX_PORTION_CHARS && line_ends <= MAX_PORTION_LINES);
        for character in portion
            .iter()
            .flat_map(|piece| piece.text.chars())
            .filter(is_not_line_end)
        {
            assert_eq!(rest.next(), Some(character), "the portions are the text");
        }
    }
    assert_eq!(rest.next(), None, "the portions are the whole text");
}

/// Checks a clean name or file name.
fn check_name(name: &str, max_chars: usize, clean: fn(&str) -> String) {
    assert_eq!(clean(name), name, "cleaned again");
    assert!(name.chars().count() <= max_chars);
    assert!(
        !name.starts_with(is_blank) && !name.ends_with(is_blank),
        "{name:?}"
    );
    let is_joiner = |c: char| matches!(c, '\u{200C}' | '\u{200D}');
    let is_hidden = |c: char| is_removed(c) || is_invisible(c) && !is_joiner(c);
    assert!(
        !name.contains(is_hidden) && !name.contains("  "),
        "{name:?}"
    );
}
