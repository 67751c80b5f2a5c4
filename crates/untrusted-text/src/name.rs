//! Cleans the name of a person: it is one short line, and has at least one visible character or is empty.

use crate::character::{is_blank, is_invisible, is_removed};
use crate::cluster::{ClusterLimit, joins};
use crate::mark::is_mark;

/// The maximum number of characters of a name. The last of them is `…` if the end of the name is missing.
pub const MAX_NAME_CHARS: usize = 80;

/// The number of characters of a name that are read. A name with more characters, such as a million spaces before the
/// first letter, ends there.
const MAX_READ: usize = 1_000;

/// A name without controls and other invisible characters, with single spaces between its words, and with at most
/// [`MAX_NAME_CHARS`] characters. Empty if the name has no visible character.
pub fn clean_name(name: &str) -> String {
    let mut clean = String::new();
    clean.extend(clean_line(name, MAX_READ));
    let is_visible = |c: char| !is_blank(c) && !is_invisible(c) && !is_mark(c);
    if !clean.contains(is_visible) {
        return String::new();
    }
    if let Some((end, _)) = clean.char_indices().nth(MAX_NAME_CHARS - 1)
        && clean.chars().count() > MAX_NAME_CHARS
    {
        clean.truncate(end);
        // The `…` must not join a cluster, which could become too long by it.
        clean.truncate(clean.trim_end_matches(|last| joins(last, '…')).len());
        clean.push('…');
    }
    clean
}

/// The characters of one line of text: without controls and invisible characters, with one space for each run of blank
/// characters, and without blanks at its ends. The joiners U+200C and U+200D are kept between letters, because names in
/// Persian and Indic languages need them. At most `max_read` characters of the text are read.
pub(crate) fn clean_line(text: &str, max_read: usize) -> impl Iterator<Item = char> {
    let is_joiner = |c: char| matches!(c, '\u{200C}' | '\u{200D}');
    let mut cluster = ClusterLimit::default();
    let mut has_text = false;
    let mut is_after_blank = false;
    text.chars()
        .take(max_read)
        .filter_map(move |character| {
            if is_blank(character) {
                is_after_blank = has_text;
                cluster = ClusterLimit::default();
                return None;
            }
            let is_dropped =
                is_removed(character) || is_invisible(character) && !is_joiner(character);
            if is_dropped || !cluster.keeps(character) {
                return None;
            }
            has_text = true;
            let blank = std::mem::take(&mut is_after_blank).then_some(' ');
            Some(blank.into_iter().chain([character]))
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_MARKS;

    #[test]
    fn usual_names_do_not_change() {
        for name in [
            "Ana Marques",
            "Łucja",
            "山田",
            "נועה",
            "Seán O’Brien",
            "می\u{200c}نا",
            "José (EN)",
        ] {
            assert_eq!(clean_name(name), name);
        }
    }

    #[test]
    fn a_name_without_visible_characters_is_empty() {
        for name in [
            "",
            " \t\n",
            "\u{200b}\u{200d}",
            "\u{3164}",
            "\u{2800}\u{a0}",
            "\u{115f}\u{1160}",
            "\u{ad}\u{2060}\u{feff}",
            "\u{e0041}\u{fe0f}",
            "\u{202e}\u{2066}",
            "\u{301}\u{302}",
            "\0\u{1b}",
        ] {
            assert_eq!(clean_name(name), "", "{name:?}");
        }
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(
            clean_name("\u{a0} Ana\u{202e}\r\n\n  Mar\u{200b}ques \u{2800}"),
            "Ana Marques"
        );
        let long = clean_name(&"n".repeat(1_000_000));
        assert_eq!(long.chars().count(), MAX_NAME_CHARS);
        assert!(long.ends_with("n…"));
        assert_eq!(
            clean_name(&"n".repeat(MAX_NAME_CHARS)),
            "n".repeat(MAX_NAME_CHARS)
        );
        let marks = clean_name(&("Z".to_owned() + &"\u{301}".repeat(64_000)));
        assert_eq!(marks.chars().count(), 1 + MAX_MARKS);
    }
}
