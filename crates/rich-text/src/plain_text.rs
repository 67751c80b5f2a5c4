//! Writes a message as plain text, for places that cannot show paragraphs, lists and quotes.

use crate::{Block, Link, ListKind, Phrase, Span};

/// Writes a message as plain text without any signs, for a screen reader, which would speak the signs.
pub fn to_spoken_text(blocks: &[Block]) -> String {
    let mut writer = Writer::new(&|_, _| None);
    writer.has_signs = false;
    writer.write_blocks(blocks);
    writer.text
}

/// Writes a message as plain text.
///
/// Each line of the message becomes a line of the text. Items of lists begin with `• ` or with a number and a dot
/// (`1. `), and the lines of quotes begin with `> `. The text does not end with a line end. It is empty if there are no
/// blocks.
pub fn to_plain_text(blocks: &[Block]) -> String {
    to_plain_text_with_addresses(blocks, |_, _| None)
}

/// Writes a message as plain text, as [`to_plain_text`] does, for the transcript file. `address` gets each link and its
/// text. If it returns an address, that address follows the link in angle brackets.
pub fn to_plain_text_with_addresses(
    blocks: &[Block],
    address: impl Fn(&Link, &str) -> Option<String>,
) -> String {
    let mut writer = Writer::new(&address);
    writer.write_blocks(blocks);
    writer.text
}

/// The state while a message is written.
struct Writer<'a> {
    /// Returns the address to write behind a link with this text.
    address: &'a dyn Fn(&Link, &str) -> Option<String>,
    /// The lines that are complete, and the current line so far.
    text: String,
    /// The beginning of the line that is written next, such as the mark of an item.
    next_prefix: String,
    /// The beginning of all lines after that line, such as the indent of an item.
    prefix: String,
    /// Whether lists and quotes have signs and indents.
    has_signs: bool,
}

impl<'a> Writer<'a> {
    fn new(address: &'a dyn Fn(&Link, &str) -> Option<String>) -> Self {
        Self {
            address,
            text: String::new(),
            next_prefix: String::new(),
            prefix: String::new(),
            has_signs: true,
        }
    }

    fn write_blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) => self.write_paragraph(spans),
                Block::Quote(blocks) => self.write_within("> ", "> ", blocks),
                Block::List(kind, items) => self.write_list(*kind, items),
            }
        }
    }

    fn write_list(&mut self, kind: ListKind, items: &[Vec<Block>]) {
        for (item, number) in items.iter().zip(1_usize..) {
            match kind {
                ListKind::Bulleted => self.write_within("• ", "  ", item),
                ListKind::Numbered(first) => {
                    let number = number.saturating_add(first - 1);
                    self.write_within(&(number.to_string() + ". "), "   ", item);
                }
            }
        }
    }

    /// Writes blocks with `mark` before their first line and `indent` before their other lines. Both follow the prefix of the
    /// container around the blocks.
    fn write_within(&mut self, mark: &str, indent: &str, blocks: &[Block]) {
        if !self.has_signs {
            return self.write_blocks(blocks);
        }
        let outer_length = self.prefix.len();
        self.next_prefix.push_str(mark);
        self.prefix.push_str(indent);
        self.write_blocks(blocks);
        self.prefix.truncate(outer_length);
        self.next_prefix.clone_from(&self.prefix);
    }

    fn write_paragraph(&mut self, spans: &[Span]) {
        self.begin_line();
        for span in spans {
            for phrase in &span.phrases {
                match phrase {
                    Phrase::Text(text, _) => self.text.push_str(text),
                    Phrase::Break => self.begin_line(),
                }
            }
            if let Some(link) = &span.link
                && let Some(address) = (self.address)(link, &span.text())
            {
                for piece in [" <", &address, ">"] {
                    self.text.push_str(piece);
                }
            }
        }
    }

    /// Ends the current line, and begins a line with its prefix.
    fn begin_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&self.next_prefix);
        self.next_prefix.clone_from(&self.prefix);
    }
}
