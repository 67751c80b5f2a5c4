//! Prevents a name or another inserted text from reversing the reading order of the sentence around it. A text that
//! could reverse the order is put into an isolate: a piece of text whose direction does not affect the text around it
//! (Unicode Bidirectional Algorithm).

/// Whether a text can change the order of a left-to-right sentence. That is so if it has a letter that is written from
/// right to left, or a character that sets a direction. To keep the list of ranges short, a few harmless characters
/// count too, such as `’`: an isolate around them changes nothing.
pub(super) fn may_reverse_order(text: &str) -> bool {
    text.chars().any(|character| {
        matches!(
            character,
            // U+200E to U+202E and U+2066 to U+2069 contain the characters that set a direction; the other ranges
            // contain the letters.
            '\u{590}'..='\u{8ff}'
                | '\u{200e}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{fb1d}'..='\u{fdff}'
                | '\u{fe70}'..='\u{feff}'
                | '\u{10800}'..='\u{10fff}'
                | '\u{1e800}'..='\u{1efff}'
        )
    })
}

/// Puts a text between the characters that begin and end an isolate (U+2068, U+2069). The text's own isolate characters
/// are dropped, because they would end this isolate too early or leave it open.
pub(super) fn isolated(text: &str) -> String {
    let mut isolated = "\u{2068}".to_owned();
    for character in text.chars() {
        if !matches!(character, '\u{2066}'..='\u{2069}') {
            isolated.push(character);
        }
    }
    isolated + "\u{2069}"
}

/// A text that is written from left to right, whatever its first letter is. Without that, the end of a file name that
/// begins with a right-to-left letter would be drawn in its middle.
pub(super) fn left_to_right(text: &str) -> String {
    if may_reverse_order(text) {
        // The mark U+200E counts as a left-to-right letter.
        ["\u{200e}", text].concat()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_to_left_letters_and_direction_marks_may_reverse_the_order() {
        assert!(!may_reverse_order("Łucja 山田 Ωμέγα 3"));
        assert!(may_reverse_order("נועה"));
        assert!(may_reverse_order("\u{202e}Ada"));
    }

    #[test]
    fn a_text_can_neither_end_its_isolate_nor_leave_it_open() {
        assert_eq!(
            isolated("A\u{2069}\u{202e}da"),
            "\u{2068}A\u{202e}da\u{2069}"
        );
        assert_eq!(isolated("A\u{2067}da"), "\u{2068}Ada\u{2069}");
    }
}
