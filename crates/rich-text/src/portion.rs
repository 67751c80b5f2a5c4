//! Divides a message into portions, so that a browser draws only the first portion until the visitor asks for the rest,
//! and then one portion after the other. Each portion is small enough to be drawn in a fraction of a frame's time.

use pipit_untrusted_text::{is_blank, joins};

use crate::paragraph::push_phrase;
use crate::{Block, ListKind, Phrase, Piece, Span, linkify};

/// The maximum number of characters of a portion. An address that is a link counts like any text, and is not divided.
pub const MAX_PORTION_CHARS: usize = 3_000;

/// The maximum number of line breaks of a portion.
pub const MAX_PORTION_LINES: usize = 100;

/// The maximum number of nodes of a portion: blocks, items, phrases, line breaks and links. A link counts several times,
/// because a browser needs several elements for it.
pub const MAX_PORTION_NODES: usize = 300;

/// The number of nodes that a link counts for.
const NODES_OF_LINK: usize = 5;

/// A long text is divided after a line end or a blank, if there is one in this number of characters before the maximum.
const MAX_WORD_CHARS: usize = 400;

/// The maximum number of characters of one word in a portion. A browser needs a time that grows with the square of the
/// length of an Arabic word.
const MAX_UNBROKEN_CHARS: usize = 1_000;

/// Divides the blocks of a message into portions, in their order. A message that is small enough is one portion, and a
/// message without blocks has none. A paragraph, list or quote that does not fit into its portion continues in the next
/// one as a block of the same kind. What remains of a list's item continues outside of its list.
pub fn portions_of_blocks(blocks: Vec<Block>) -> Vec<Vec<Block>> {
    let mut portions = Vec::new();
    let mut rest = blocks;
    while !rest.is_empty() {
        let (portion, remaining) = split_blocks(rest, &mut Room::new());
        portions.push(portion);
        rest = remaining;
    }
    portions
}

/// Divides a plain text into portions, in their order, and finds the addresses in it. Each portion is shown on lines of its
/// own, so a line end between two portions is dropped. A text that is small enough is one portion.
pub fn portions_of_text(text: &str) -> Vec<Vec<Piece<'_>>> {
    let mut portions = Vec::new();
    let mut portion = Vec::new();
    let mut room = Room::new();
    for piece in linkify(text) {
        if piece.link.is_some() {
            if room.is_full() {
                portions.push(std::mem::take(&mut portion));
                room = Room::new();
            }
            room.take_nodes(NODES_OF_LINK);
            room.take_text(piece.text);
            portion.push(piece);
            continue;
        }
        let mut rest = piece.text;
        while !rest.is_empty() {
            let (taken, remaining) = rest.split_at(room.fitting(rest));
            if !taken.is_empty() {
                room.take_text(taken);
                portion.push(Piece {
                    text: taken,
                    link: None,
                });
            }
            rest = remaining;
            if !rest.is_empty() {
                drop_last_line_end(&mut portion);
                portions.push(std::mem::take(&mut portion));
                room = Room::new();
            }
        }
    }
    portions.push(portion);
    portions
}

/// Drops a line end at the end of a portion.
fn drop_last_line_end(portion: &mut Vec<Piece<'_>>) {
    if let Some(last) = portion.last_mut() {
        last.text = last.text.strip_suffix('\n').unwrap_or(last.text);
        if last.text.is_empty() {
            portion.pop();
        }
    }
}

/// How much may still be added to a portion.
struct Room {
    chars: usize,
    lines: usize,
    nodes: usize,
}

impl Room {
    fn new() -> Self {
        Self {
            chars: MAX_PORTION_CHARS,
            lines: MAX_PORTION_LINES,
            nodes: MAX_PORTION_NODES,
        }
    }

    /// Whether nothing more may be added.
    fn is_full(&self) -> bool {
        self.chars == 0 || self.lines == 0 || self.nodes == 0
    }

    fn take_nodes(&mut self, count: usize) {
        self.nodes = self.nodes.saturating_sub(count);
    }

    fn take_text(&mut self, text: &str) {
        self.take_nodes(1);
        self.chars = self.chars.saturating_sub(text.chars().count());
        self.lines = self.lines.saturating_sub(text.matches('\n').count());
    }

    /// The length of the beginning of a text that fits, in bytes: up to the last line that is allowed, up to the maximum
    /// length of a word, or up to a blank near the maximum number of characters. A letter is not separated from its marks. If the portion is not full, at
    /// least one character fits.
    fn fitting(&self, text: &str) -> usize {
        if self.is_full() {
            return 0;
        }
        let mut lines = self.lines;
        // The end of the last blank, and the number of characters up to it.
        let mut after_blank = (0, 0);
        let mut word_count = 0;
        // The last place at which no letter is separated from its marks.
        let mut between_letters = 0;
        let mut previous = ' ';
        for (count, (start, character)) in text.char_indices().enumerate() {
            if !joins(previous, character) {
                between_letters = start;
            }
            if count == self.chars || lines == 0 || word_count == MAX_UNBROKEN_CHARS {
                let (blank_end, blank_count) = after_blank;
                let has_near_blank = blank_end > 0 && count - blank_count <= MAX_WORD_CHARS;
                return match between_letters {
                    _ if has_near_blank => blank_end,
                    0 => start,
                    between_letters => between_letters,
                };
            }
            if is_blank(character) {
                after_blank = (start + character.len_utf8(), count + 1);
            }
            word_count = if is_blank(character) || is_ideographic(character) {
                0
            } else {
                word_count + 1
            };
            lines -= usize::from(character == '\n');
            previous = character;
        }
        text.len()
    }
}

/// Whether a character is of a writing system without spaces, in which a line can break after each character, or an emoji.
fn is_ideographic(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{D7FF}' | '\u{1F000}'..)
}

/// Takes blocks while there is room. Returns the blocks that fit, and the remaining blocks.
fn split_blocks(blocks: Vec<Block>, room: &mut Room) -> (Vec<Block>, Vec<Block>) {
    let mut taken = Vec::new();
    let mut rest = blocks.into_iter();
    while !room.is_full()
        && let Some(block) = rest.next()
    {
        let (fitting, mut remaining) = split_block(block, room);
        taken.extend(fitting);
        if !remaining.is_empty() {
            remaining.extend(rest);
            return (taken, remaining);
        }
    }
    (taken, rest.collect())
}

/// Takes as much of a block as there is room for. Returns the part that fits, and the blocks for the rest. If the portion
/// is not full, at least one character or line break fits.
fn split_block(block: Block, room: &mut Room) -> (Option<Block>, Vec<Block>) {
    let (taken, rest) = match block {
        Block::Paragraph(spans) => {
            let (taken, rest) = split_spans(spans, room);
            (paragraph(taken), paragraph(rest).into_iter().collect())
        }
        Block::Quote(blocks) => {
            let (taken, rest) = split_blocks(blocks, room);
            (quote(taken), quote(rest).into_iter().collect())
        }
        Block::List(kind, items) => split_list(kind, items, room),
    };
    room.take_nodes(1);
    (taken, rest)
}

fn paragraph(spans: Vec<Span>) -> Option<Block> {
    (!spans.is_empty()).then_some(Block::Paragraph(spans))
}

fn quote(blocks: Vec<Block>) -> Option<Block> {
    (!blocks.is_empty()).then_some(Block::Quote(blocks))
}

fn list(kind: ListKind, items: Vec<Vec<Block>>) -> Option<Block> {
    (!items.is_empty()).then_some(Block::List(kind, items))
}

/// Takes items while there is room. Of the rest, the end of the last item comes first, without a list, and then a list
/// with the remaining items.
fn split_list(
    kind: ListKind,
    items: Vec<Vec<Block>>,
    room: &mut Room,
) -> (Option<Block>, Vec<Block>) {
    let mut taken: Vec<Vec<Block>> = Vec::new();
    let mut rest_of_item = Vec::new();
    let mut rest = items.into_iter();
    while !room.is_full()
        && let Some(item) = rest.next()
    {
        let (fitting, remaining) = split_blocks(item, room);
        room.take_nodes(1);
        taken.push(fitting);
        rest_of_item = remaining;
        if !rest_of_item.is_empty() {
            break;
        }
    }
    let continued = match kind {
        ListKind::Bulleted => ListKind::Bulleted,
        ListKind::Numbered(first) => ListKind::Numbered(first + taken.len()),
    };
    rest_of_item.extend(list(continued, rest.collect()));
    (list(kind, taken), rest_of_item)
}

/// Takes phrases while there is room. Returns the spans that fit, and the remaining spans. The remaining spans begin on a
/// new line, so a line break at their start is dropped.
fn split_spans(spans: Vec<Span>, room: &mut Room) -> (Vec<Span>, Vec<Span>) {
    let mut taken = Vec::new();
    let mut remaining = Vec::new();
    let mut has_rest = false;
    for Span { link, phrases } in spans {
        for phrase in phrases {
            let (fitting, rest) = if has_rest {
                (None, Some(phrase))
            } else {
                split_phrase(phrase, room)
            };
            has_rest |= rest.is_some();
            if let Some(fitting) = fitting {
                push_phrase(&mut taken, link.as_ref(), fitting);
            }
            if let Some(rest) = rest
                && (rest != Phrase::Break || !remaining.is_empty())
            {
                push_phrase(&mut remaining, link.as_ref(), rest);
            }
        }
        if link.is_some() {
            room.take_nodes(NODES_OF_LINK);
        }
    }
    (taken, remaining)
}

/// Takes as much of a phrase as there is room for. Returns the part that fits, and the rest.
fn split_phrase(phrase: Phrase, room: &mut Room) -> (Option<Phrase>, Option<Phrase>) {
    let Phrase::Text(text, style) = phrase else {
        if room.is_full() {
            return (None, Some(phrase));
        }
        room.take_text("\n");
        return (Some(phrase), None);
    };
    let (fitting, rest) = text.split_at(room.fitting(&text));
    room.take_text(fitting);
    let part = |text: &str| (!text.is_empty()).then(|| Phrase::Text(text.to_owned(), style));
    (part(fitting), part(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse, to_plain_text};

    /// The sizes of a portion, as a browser sees them: characters, line breaks and links.
    fn plain_size(portion: &[Piece<'_>]) -> (usize, usize, usize) {
        let text: String = portion.iter().map(|piece| piece.text).collect();
        let links = portion.iter().filter(|piece| piece.link.is_some()).count();
        (text.chars().count(), text.matches('\n').count(), links)
    }

    #[test]
    fn a_short_message_is_one_portion() {
        let portions = portions_of_text("Hello\nwww.shop.example");
        assert_eq!(portions, [linkify("Hello\nwww.shop.example")]);
        assert_eq!(portions_of_text(""), [vec![]]);
        let blocks = parse("<p>Hello<ol><li>x<li>y</ol>").blocks;
        assert_eq!(portions_of_blocks(blocks.clone()), [blocks]);
        assert_eq!(portions_of_blocks(Vec::new()), Vec::<Vec<Block>>::new());
    }

    #[test]
    fn a_long_text_is_divided_at_line_ends_and_blanks() {
        let portions = portions_of_text(
            "word \n"
                .repeat(1_050)
                .trim_end_matches('\n')
                .to_owned()
                .leak(),
        );
        for portion in &portions {
            let (chars, lines, _) = plain_size(portion);
            assert!(chars <= MAX_PORTION_CHARS && lines < MAX_PORTION_LINES);
            assert!(portion[0].text.starts_with("word") && portion[0].text.ends_with("word "));
        }
        let text = "word ".repeat(5_000);
        let portions = portions_of_text(&text);
        let joined: String = portions.iter().flatten().map(|piece| piece.text).collect();
        assert_eq!(joined, text);
        assert!(
            portions
                .iter()
                .all(|portion| portion[0].text.ends_with(' '))
        );
    }

    #[test]
    fn a_letter_is_not_separated_from_its_marks_and_an_address_is_not_divided() {
        let clusters = "e\u{301}\u{302}".repeat(10_000);
        for portion in portions_of_text(&clusters) {
            assert!(portion[0].text.starts_with('e') && portion[0].text.ends_with('\u{302}'));
        }
        let address = "https://shop.example/".to_owned() + &"a".repeat(1_000);
        for before in [3_000, MAX_PORTION_CHARS - 2, MAX_PORTION_CHARS] {
            let text = "x".repeat(before - 1) + " " + &address;
            let portions = portions_of_text(&text);
            let links: Vec<_> = portions
                .iter()
                .flatten()
                .filter(|piece| piece.link.is_some())
                .collect();
            assert_eq!(links.len(), 1);
            assert_eq!(links[0].text, address);
        }
    }

    #[test]
    fn a_very_long_word_is_divided_and_text_without_spaces_is_not() {
        let word = "\u{628}".repeat(2_500);
        let lengths = |text: &str| -> Vec<usize> {
            let portions = portions_of_text(text);
            portions
                .iter()
                .map(|portion| plain_size(portion).0)
                .collect()
        };
        assert_eq!(lengths(&word), [1_000, 1_000, 500]);
        assert_eq!(lengths(&"山".repeat(2_500)), [2_500]);
        assert_eq!(lengths(&"ab ".repeat(800)), [2_400]);
    }

    #[test]
    fn links_and_nodes_fill_a_portion_too() {
        let text = "www.a.example ".repeat(150);
        let portions = portions_of_text(&text);
        assert!(portions.len() > 1);
        assert!(
            portions
                .iter()
                .all(|portion| plain_size(portion).2 * NODES_OF_LINK
                    <= MAX_PORTION_NODES + NODES_OF_LINK)
        );
        for html in [
            "<p>x",
            "x<br>",
            "<b>x</b>x",
            "<li>x",
            "<blockquote>x",
            "<a href=https://a.b>x</a>y",
        ] {
            let blocks = parse(&html.repeat(400)).blocks;
            let plain = to_plain_text(&blocks);
            let portions = portions_of_blocks(blocks);
            assert!(portions.len() > 1, "{html}");
            let is_kept = |text: &str| text.matches('x').count();
            let kept: usize = portions
                .iter()
                .map(|portion| is_kept(&to_plain_text(portion)))
                .sum();
            assert_eq!(kept, is_kept(&plain), "{html}");
        }
    }

    #[test]
    fn a_list_continues_with_its_next_number() {
        let blocks = parse(&("<ol>".to_owned() + &"<li>x".repeat(300) + "</ol>")).blocks;
        let lists: Vec<String> = portions_of_blocks(blocks)
            .iter()
            .map(|portion| to_plain_text(portion))
            .collect();
        let numbers: Vec<usize> = lists
            .join("\n")
            .lines()
            .map(|line| line.trim_end_matches(". x").parse().unwrap())
            .collect();
        assert_eq!(numbers, (1..=300).collect::<Vec<_>>());
    }
}
