//! Writes a message as plain text.

use crate::{Block, ListKind, Phrase, Span};

/// Writes a message as plain text, for screen readers, the tab's title and the transcript file. Each line of
/// the message is a line of the text. Items begin with `• ` or `1. `, and the lines of quotes begin with `> `.
/// The text does not end with a line end.
pub fn plain(blocks: &[Block]) -> String {
    let mut writer = Writer::default();
    writer.blocks(blocks);
    writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
    /// The text at the start of the next line.
    next_prefix: String,
    /// The text at the start of the lines after it.
    prefix: String,
}

impl Writer {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) => self.paragraph(spans),
                Block::Quote(blocks) => self.within("> ", "> ", blocks),
                Block::List(kind, items) => self.list(*kind, items),
            }
        }
    }

    fn list(&mut self, kind: ListKind, items: &[Vec<Block>]) {
        for (item, number) in items.iter().zip(1_usize..) {
            match kind {
                ListKind::Bulleted => self.within("• ", "  ", item),
                ListKind::Numbered => self.within(&(number.to_string() + ". "), "   ", item),
            }
        }
    }

    /// Writes blocks with a mark before the first line, and with an indent before the others.
    fn within(&mut self, mark: &str, indent: &str, blocks: &[Block]) {
        let outer_length = self.prefix.len();
        self.next_prefix.push_str(mark);
        self.prefix.push_str(indent);
        self.blocks(blocks);
        self.prefix.truncate(outer_length);
        self.next_prefix.clone_from(&self.prefix);
    }

    fn paragraph(&mut self, spans: &[Span]) {
        self.begin_line();
        for phrase in spans.iter().flat_map(|span| &span.phrases) {
            match phrase {
                Phrase::Text(text, _) => self.text.push_str(text),
                Phrase::Break => self.begin_line(),
            }
        }
    }

    fn begin_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&self.next_prefix);
        self.next_prefix.clone_from(&self.prefix);
    }
}
