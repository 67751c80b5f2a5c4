//! Builds a paragraph from words with styles and links, and from the white space between them. `parse.rs` adds the words
//! and the white space in the order of the markup.

use pipit_untrusted_text::ClusterLimit;

use crate::linkify::linkify_up_to;
use crate::node_budget::NodeBudget;
use crate::open_tags::Format;
use crate::{Link, Phrase, Span, Style};

/// The paragraph that is being read, with its content so far.
#[derive(Default)]
pub(crate) struct Paragraph {
    spans: Vec<Span>,
    /// The white space after the last word, if any. It is added together with the next word. Therefore this white space
    /// is never at the end of a line or of the paragraph.
    gap: Option<Gap>,
    /// Limits the marks behind a letter. Marks that are written as entities are only known here.
    cluster: ClusterLimit,
}

/// White space between two words.
enum Gap {
    /// One character, with the style of the text that contains it.
    Space(char, Style),
    /// A number of line ends.
    Lines(usize),
}

impl Paragraph {
    /// Adds the gap, and then a text. All white space in the text is kept. `budget` limits the nodes of the message:
    /// what does not fit into it is left out.
    pub(crate) fn add_text(&mut self, text: &str, format: &Format, budget: &mut NodeBudget) {
        if text.is_empty() {
            return;
        }
        if let Some(gap) = self.gap.take() {
            // White space between two words of one link is part of the link. White space before or after a link is not.
            let is_same_link = self
                .spans
                .last()
                .is_some_and(|span| span.link == format.link);
            let link = if is_same_link {
                format.link.as_ref()
            } else {
                None
            };
            match gap {
                // The gap has a style, such as the underline, only if both the white space and the next word have it.
                Gap::Space(c, style) => self.append(
                    c.encode_utf8(&mut [0; 4]),
                    style.intersection(format.style),
                    link,
                    budget,
                ),
                Gap::Lines(count) => {
                    for _ in 0..count {
                        if budget.reserve(NODES_OF_PHRASE) {
                            push_phrase(&mut self.spans, link, Phrase::Break);
                        }
                    }
                }
            }
        }
        self.append(text, format.style, format.link.as_ref(), budget);
    }

    /// Appends a text to the last phrase if that phrase has the same style and link. Otherwise adds a phrase.
    fn append(&mut self, text: &str, style: Style, link: Option<&Link>, budget: &mut NodeBudget) {
        let text: String = text
            .chars()
            .filter(|character| self.cluster.keeps(*character))
            .collect();
        if text.is_empty() {
            return;
        }
        if let Some(span) = self.spans.last_mut()
            && span.link.as_ref() == link
            && let Some(Phrase::Text(before, last_style)) = span.phrases.last_mut()
            && *last_style == style
        {
            before.push_str(&text);
        } else if budget.reserve(if self.spans.is_empty() {
            NODES_OF_PARAGRAPH
        } else {
            NODES_OF_PHRASE
        }) {
            push_phrase(&mut self.spans, link, Phrase::Text(text, style));
        }
    }

    /// Adds white space between two words. It is shown as this character. If there is white space after the last word
    /// already, nothing changes: several calls make one gap.
    pub(crate) fn add_space(&mut self, character: char, style: Style) {
        if self.is_within_line() && self.gap.is_none() {
            self.gap = Some(Gap::Space(character, style));
        }
    }

    /// Adds the gap between two cells of a table. It replaces the white space after the last word.
    pub(crate) fn add_cell_gap(&mut self) {
        if self.is_within_line() {
            self.gap = Some(Gap::Space(BETWEEN_CELLS, Style::PLAIN));
        }
    }

    /// Ends the current line, even if it is empty. Empty lines at the start of the paragraph are dropped.
    pub(crate) fn end_line(&mut self) {
        let line_ends = if let Some(Gap::Lines(count)) = self.gap {
            count
        } else {
            0
        };
        self.gap = Some(Gap::Lines(line_ends + 1)).filter(|_| !self.spans.is_empty());
    }

    /// Ends the current line if it is not empty, so that the next word is at the start of a line.
    pub(crate) fn begin_line(&mut self) {
        if self.is_within_line() {
            self.gap = Some(Gap::Lines(1));
        }
    }

    /// Whether the next word would follow another word on the same line.
    fn is_within_line(&self) -> bool {
        !self.spans.is_empty() && !matches!(self.gap, Some(Gap::Lines(_)))
    }

    /// Ends the paragraph, and begins an empty one. Addresses in the text become links. Returns `None` if the paragraph
    /// shows nothing.
    pub(crate) fn finish(&mut self, budget: &mut NodeBudget) -> Option<Vec<Span>> {
        let spans = std::mem::take(self).spans;
        spans
            .iter()
            .any(is_visible)
            .then(|| with_links(spans, budget))
    }
}

/// The character between the cells of a table: an em space. It is visible as a gap in plain text, and screen readers do
/// not read it aloud.
const BETWEEN_CELLS: char = '\u{2003}';

/// The number of nodes to reserve for a phrase: the phrase, and the span that it may need.
const NODES_OF_PHRASE: usize = 2;
/// The number of nodes to reserve for the first phrase of a paragraph: the phrase, its span, the paragraph, and the list
/// item that the paragraph may need.
const NODES_OF_PARAGRAPH: usize = 4;
/// The number of nodes to reserve for an address in the text: the address and the text after it, each with its span.
const NODES_OF_LINK: usize = 4;

/// Whether a span contains a character that is not white space.
fn is_visible(span: &Span) -> bool {
    let is_blank = |c: char| c.is_ascii_whitespace() || c == '\u{A0}';
    span.phrases.iter().any(
        |phrase| matches!(phrase, Phrase::Text(text, _) if !text.trim_matches(is_blank).is_empty()),
    )
}

/// Adds a phrase to the last span if that span has the same link. Otherwise adds a span with the phrase.
pub(crate) fn push_phrase(spans: &mut Vec<Span>, link: Option<&Link>, phrase: Phrase) {
    match spans.last_mut() {
        Some(span) if span.link.as_ref() == link => span.phrases.push(phrase),
        _ => spans.push(Span {
            link: link.cloned(),
            phrases: vec![phrase],
        }),
    }
}

/// Turns addresses in the text into links. Addresses in code, and addresses beyond the budget, remain text. A text that
/// is in a link already keeps that link.
fn with_links(spans: Vec<Span>, budget: &mut NodeBudget) -> Vec<Span> {
    let mut linked = Vec::new();
    for span in spans {
        for phrase in span.phrases {
            match phrase {
                Phrase::Text(text, style) if span.link.is_none() && !style.has(Style::CODE) => {
                    let max_links = budget.possible_reservations(NODES_OF_LINK);
                    for piece in linkify_up_to(&text, max_links) {
                        // `max_links` ensures that the budget suffices.
                        if piece.link.is_some() {
                            budget.reserve(NODES_OF_LINK);
                        }
                        push_phrase(
                            &mut linked,
                            piece.link.as_ref(),
                            Phrase::Text(piece.text.to_owned(), style),
                        );
                    }
                }
                _ => push_phrase(&mut linked, span.link.as_ref(), phrase),
            }
        }
    }
    linked
}
