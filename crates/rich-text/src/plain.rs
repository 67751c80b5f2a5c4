//! A message as plain text.

use crate::{Block, ListKind, Phrase, Span};

/// The message as text, for who listens to it, for the tab's title and for the transcript: one line
/// for each line, items behind `• ` or `1. `, quotes behind `> `. No line end at its end.
pub fn plain(blocks: &[Block]) -> String {
    let mut writer = Writer::default();
    writer.blocks(blocks);
    writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
    /// What the next line begins with.
    lead: String,
    /// What the lines after it begin with.
    indent: String,
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

    /// Writes blocks behind a mark, and their other lines below it.
    fn within(&mut self, mark: &str, below: &str, blocks: &[Block]) {
        let outer = self.indent.len();
        self.lead.push_str(mark);
        self.indent.push_str(below);
        self.blocks(blocks);
        self.indent.truncate(outer);
        self.lead.clone_from(&self.indent);
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
        self.text.push_str(&self.lead);
        self.lead.clone_from(&self.indent);
    }
}
