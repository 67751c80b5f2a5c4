//! Bounds a text of any length, such as a message, a greeting or an error of the server.

use std::iter::Peekable;
use std::str::Chars;

use crate::character::is_removed;
use crate::cluster::ClusterLimit;

/// The maximum number of characters of a text that are shown. Markup counts too.
pub const MAX_CHARS: usize = 65_536;

/// The maximum number of lines of a text that are shown.
pub const MAX_LINES: usize = 4_000;

/// The maximum length of an address, and of a value that becomes part of an address, in bytes. A longer value is not used,
/// because an address that is cut leads elsewhere.
pub const MAX_ADDRESS_BYTES: usize = 2_048;

/// The part of a text that is kept. Characters that must not be shown are removed, every line end is a line feed, and a
/// cluster has at most [`MAX_MARKS`](crate::MAX_MARKS) further characters.
///
/// A text that is longer than [`MAX_CHARS`] or [`MAX_LINES`] keeps one character or one line end more than that, so that
/// [`is_too_long`] still knows it. A text that is already bounded does not change.
pub fn bounded(text: &str) -> String {
    let mut kept = String::with_capacity(text.len().min(MAX_CHARS));
    let mut cluster = ClusterLimit::default();
    let mut size = TextSize::default();
    let mut chars = text.chars().peekable();
    while let Some(character) = chars.next() {
        let character = with_plain_line_end(character, &mut chars);
        if is_removed(character) || !cluster.keeps(character) {
            continue;
        }
        kept.push(character);
        size.add(character);
        if size.is_too_large() {
            break;
        }
    }
    kept
}

/// Whether a bounded text is only the beginning of a longer text.
pub fn is_too_long(bounded: &str) -> bool {
    let mut size = TextSize::default();
    bounded.chars().for_each(|character| size.add(character));
    size.is_too_large()
}

/// A line feed if the character ends a line, otherwise the character. A form feed is a space, as in HTML.
fn with_plain_line_end(character: char, rest: &mut Peekable<Chars<'_>>) -> char {
    match character {
        '\r' => {
            rest.next_if_eq(&'\n');
            '\n'
        }
        '\u{B}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{C}' => ' ',
        _ => character,
    }
}

/// The number of characters and line ends so far.
#[derive(Default)]
struct TextSize {
    chars: usize,
    line_ends: usize,
}

impl TextSize {
    fn add(&mut self, character: char) {
        self.chars += 1;
        self.line_ends += usize::from(character == '\n');
    }

    fn is_too_large(&self) -> bool {
        // Between the lines is one line end fewer than there are lines.
        self.chars > MAX_CHARS || self.line_ends >= MAX_LINES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_MARKS;

    #[test]
    fn a_text_is_kept_up_to_its_limits() {
        let fits = "ä".repeat(MAX_CHARS);
        assert_eq!(bounded(&fits), fits);
        assert!(!is_too_long(&fits));
        let longer = bounded(&(fits + "bcd"));
        assert_eq!(longer.chars().count(), MAX_CHARS + 1);
        assert!(is_too_long(&longer));

        let lines = "x\n".repeat(MAX_LINES - 1) + "x";
        assert_eq!(bounded(&lines), lines);
        assert!(!is_too_long(&lines));
        let more_lines = bounded(&"x\n".repeat(2 * MAX_LINES));
        assert_eq!(more_lines.lines().count(), MAX_LINES);
        assert!(is_too_long(&more_lines));
    }

    #[test]
    fn every_line_end_is_a_line_feed() {
        assert_eq!(
            bounded("a\r\nb\rc\nd\u{2028}e\u{2029}f\u{85}g\u{B}h\n\ri"),
            "a\nb\nc\nd\ne\nf\ng\nh\n\ni"
        );
    }

    #[test]
    fn controls_are_removed() {
        assert_eq!(bounded("a\0\u{1b}b\u{202e}c\u{2066}d\te\u{7f}"), "abcd\te");
        // Marks of direction that people type are kept.
        assert_eq!(
            bounded("\u{200e}\u{200f}\u{61c}"),
            "\u{200e}\u{200f}\u{61c}"
        );
    }

    #[test]
    fn long_clusters_are_cut_and_usual_ones_are_kept() {
        for (letter, mark) in [
            ("Z", "\u{301}"),
            ("Z", "\u{20dd}"),
            ("a", "\u{fe0f}"),
            ("\u{915}", "\u{93e}"),
            ("\u{1f44d}", "\u{1f3fb}"),
            ("\u{1f3f4}", "\u{e0067}"),
            ("\u{1f468}", "\u{200d}"),
            ("\u{1100}", "\u{1100}"),
            ("\u{ac00}", "\u{11a8}"),
            ("a", "\u{600}"),
            ("Z", "\u{202e}\u{301}"),
        ] {
            let kept = bounded(&(letter.to_owned() + &mark.repeat(64_000)));
            assert!(kept.chars().count() <= MAX_MARKS + 3, "{letter}{mark}");
        }
        for text in [
            "e\u{302}\u{323}",
            "\u{5e9}\u{5bc}\u{5c1}\u{5b8}\u{596}",
            "\u{1f469}\u{1f3fb}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f48b}\u{200d}\u{1f468}\u{1f3fb}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}",
            "\u{0e19}\u{0e49}\u{0e33}",
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}",
        ] {
            assert_eq!(bounded(text), text);
        }
    }
}
