//! Decides which single characters of a text are removed, are invisible, or look like a space.

/// Whether a character must be removed from every text that is shown.
///
/// Control characters have no visible form. They are removed, except tabs and line feeds, which are white space.
///
/// The bidi controls (the embeddings, overrides and isolates U+202A–202E and U+2066–2069) change the order in which the
/// text after them is shown: after U+202E, the file name `fdp.exe` is shown as `exe.pdf`. They are removed, because the
/// browser orders mixed text correctly without them. The directional marks that people type (U+200E, U+200F, U+061C) are
/// kept.
pub fn is_removed(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n')
        || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character has no visible form and no width. Some of them change the form or the direction of their
/// neighbours, such as the joiners U+200C and U+200D.
pub fn is_invisible(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
        || matches!(
            character,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{17B4}'
                | '\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Whether a character may be a letter or a digit of any language. True for symbols beyond ASCII, too, because the tables of
/// the standard library would make the widget several kilobytes larger.
pub fn may_be_letter(character: char) -> bool {
    let is_punctuation = matches!(
        character,
        '\u{2010}'..='\u{205E}' | '\u{2E00}'..='\u{2E7F}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF0F}'
    );
    character.is_ascii_alphanumeric()
        || character > '\u{BF}'
            && !is_punctuation
            && !is_blank(character)
            && !is_invisible(character)
        || matches!(
            character,
            '\u{AA}' | '\u{B2}' | '\u{B3}' | '\u{B5}' | '\u{B9}' | '\u{BA}'
        )
}

/// Whether a character is drawn as empty space: white space, the fillers of Korean letters, and the empty pattern of
/// Braille.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
        )
}
