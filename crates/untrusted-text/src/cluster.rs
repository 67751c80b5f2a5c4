//! Limits the length of a *cluster*: a letter or symbol together with the characters that join it, such as accents,
//! variation selectors and the parts of an emoji. Browsers lay a cluster out as a whole, and need a time that grows with
//! the square of its length: a letter with 64,000 accents froze a page for 20 s.

use std::ops::RangeInclusive;

use crate::mark::is_mark;

/// The maximum number of characters that may join a letter or symbol. The longest emoji that is in use has nine.
pub const MAX_MARKS: usize = 10;

/// Decides for each character of a text, in its order, whether the character is kept.
#[derive(Clone, Debug)]
pub struct ClusterLimit {
    /// The most recent character that was kept.
    previous: char,
    /// The number of characters that have joined the first character of the current cluster.
    joined: usize,
}

impl Default for ClusterLimit {
    /// The limit at the start of a text.
    fn default() -> Self {
        Self {
            previous: ' ',
            joined: 0,
        }
    }
}

impl ClusterLimit {
    /// Whether the next character of the text is kept. It is not if [`MAX_MARKS`] characters have joined its cluster
    /// already.
    pub fn keeps(&mut self, character: char) -> bool {
        if is_flag_half(self.previous) && is_flag_half(character) {
            // The second half joins the first, but two flags in a row do not join: the number stays as it is.
        } else if !joins(self.previous, character) {
            self.joined = 0;
        } else if self.joined < MAX_MARKS {
            self.joined += 1;
        } else {
            return false;
        }
        self.previous = character;
        true
    }
}

/// Whether a character joins the cluster of the character before it. The rules are those of Unicode's extended grapheme
/// clusters (UAX 29). A few characters that the rules do not join are counted as joined, because that makes the table of
/// marks shorter.
pub fn joins(previous: char, character: char) -> bool {
    is_mark(character)
        // An emoji after a joiner. The prefixed marks of some writing systems join what follows them.
        || previous == '\u{200D}'
        || is_prefix(previous)
        || is_linker(previous) && !character.is_ascii()
        || joins_syllable(previous, character)
}

/// Whether a character is one of the two that are drawn as a flag together.
fn is_flag_half(character: char) -> bool {
    matches!(character, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Whether a character joins the character after it.
fn is_prefix(character: char) -> bool {
    matches!(
        character,
        '\u{600}'..='\u{605}'
            | '\u{6DD}'
            | '\u{70F}'
            | '\u{890}'
            | '\u{891}'
            | '\u{8E2}'
            | '\u{D4E}'
            | '\u{110BD}'
            | '\u{110CD}'
            | '\u{111C2}'
            | '\u{111C3}'
            | '\u{113D1}'
            | '\u{1193F}'
            | '\u{11941}'
            | '\u{11A3A}'
            | '\u{11A84}'..='\u{11A89}'
            | '\u{11D46}'
            | '\u{11F02}'
    )
}

/// Whether a mark joins two consonants of an Indic writing system into one form.
fn is_linker(character: char) -> bool {
    matches!(
        character,
        '\u{94D}'
            | '\u{9CD}'
            | '\u{ACD}'
            | '\u{B4D}'
            | '\u{C4D}'
            | '\u{D4D}'
            | '\u{1039}'
            | '\u{17D2}'
            | '\u{1A60}'
            | '\u{1B44}'
            | '\u{1BAB}'
            | '\u{A9C0}'
            | '\u{AAF6}'
            | '\u{10A3F}'
            | '\u{11133}'
            | '\u{113D0}'
            | '\u{1193E}'
            | '\u{11A47}'
            | '\u{11A99}'
            | '\u{11F42}'
    )
}

/// Whether two Korean characters belong to one syllable. A character is a single letter (jamo) or a whole syllable.
fn joins_syllable(previous: char, character: char) -> bool {
    match (last_part(previous), first_part(character)) {
        (Some(before), Some(after)) => before <= after,
        _ => false,
    }
}

/// The parts of a Korean syllable, in the order within the syllable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SyllablePart {
    LeadingConsonant,
    Vowel,
    TrailingConsonant,
}

/// The numbers of the whole syllables.
const SYLLABLES: RangeInclusive<char> = '\u{AC00}'..='\u{D7A3}';

/// The number of whole syllables that begin with the same leading consonant and vowel. The first of them has no trailing
/// consonant.
const SYLLABLES_PER_VOWEL: u32 = 28;

/// The part of a syllable that a character begins with. `None` for other characters.
fn first_part(character: char) -> Option<SyllablePart> {
    if SYLLABLES.contains(&character) {
        return Some(SyllablePart::LeadingConsonant);
    }
    letter(character)
}

/// The part of a syllable that a character ends with. `None` for other characters.
fn last_part(character: char) -> Option<SyllablePart> {
    if !SYLLABLES.contains(&character) {
        return letter(character);
    }
    let ends_with_vowel =
        (u32::from(character) - u32::from(*SYLLABLES.start())).is_multiple_of(SYLLABLES_PER_VOWEL);
    Some(if ends_with_vowel {
        SyllablePart::Vowel
    } else {
        SyllablePart::TrailingConsonant
    })
}

/// The part of a syllable that a single Korean letter is. `None` for other characters.
fn letter(character: char) -> Option<SyllablePart> {
    match character {
        '\u{1100}'..='\u{115F}' | '\u{A960}'..='\u{A97C}' => Some(SyllablePart::LeadingConsonant),
        // The last two ranges are vowels of Kirat Rai, to which Unicode gives the same rule.
        '\u{1160}'..='\u{11A7}'
        | '\u{D7B0}'..='\u{D7C6}'
        | '\u{16D63}'
        | '\u{16D67}'..='\u{16D6A}' => Some(SyllablePart::Vowel),
        '\u{11A8}'..='\u{11FF}' | '\u{D7CB}'..='\u{D7FB}' => Some(SyllablePart::TrailingConsonant),
        _ => None,
    }
}
