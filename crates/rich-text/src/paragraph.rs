//! Builds a paragraph: words with styles and links, and the white space between them.

use crate::linkify::linkify_up_to;
use crate::node_budget::NodeBudget;
use crate::open_tags::Format;
use crate::{Link, Phrase, Span, Style};

/// The part of a paragraph that has been read.
#[derive(Default)]
pub(crate) struct Paragraph {
    spans: Vec<Span>,
    /// White space after the last word. It is added together with the next word, so that lines and paragraphs
    /// neither begin nor end with white space.
    gap: Option<Gap>,
}

/// White space between two words.
enum Gap {
    /// This character, in this style.
    Space(char, Style),
    /// This many line ends.
    Lines(usize),
}

impl Paragraph {
    /// Adds the gap and a text. White space in the text is kept.
    pub(crate) fn add_text(&mut self, text: &str, format: &Format, budget: &mut NodeBudget) {
        if text.is_empty() {
            return;
        }
        if let Some(gap) = self.gap.take() {
            // White space before or after a link is not part of it.
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
                // The underline of a word does not extend to the gap, unless both words have it.
                Gap::Space(c, style) => self.append(
                    c.encode_utf8(&mut [0; 4]),
                    style.both(format.style),
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

    /// Appends text to the last phrase if it has the same style and link, or adds a phrase.
    fn append(&mut self, text: &str, style: Style, link: Option<&Link>, budget: &mut NodeBudget) {
        if let Some(span) = self.spans.last_mut()
            && span.link.as_ref() == link
            && let Some(Phrase::Text(before, last_style)) = span.phrases.last_mut()
            && *last_style == style
        {
            before.push_str(text);
        } else if budget.reserve(if self.spans.is_empty() {
            NODES_OF_PARAGRAPH
        } else {
            NODES_OF_PHRASE
        }) {
            push_phrase(&mut self.spans, link, Phrase::Text(text.to_owned(), style));
        }
    }

    /// Adds white space between words, as this character. Several such calls make one gap.
    pub(crate) fn add_space(&mut self, c: char, style: Style) {
        if self.is_within_line() && self.gap.is_none() {
            self.gap = Some(Gap::Space(c, style));
        }
    }

    /// Adds the gap between two cells of a table. It replaces other white space.
    pub(crate) fn add_cell_gap(&mut self) {
        if self.is_within_line() {
            self.gap = Some(Gap::Space(BETWEEN_CELLS, Style::PLAIN));
        }
    }

    /// Ends a line, even if it is empty.
    pub(crate) fn end_line(&mut self) {
        let line_ends = if let Some(Gap::Lines(count)) = self.gap {
            count
        } else {
            0
        };
        self.gap = Some(Gap::Lines(line_ends + 1)).filter(|_| !self.spans.is_empty());
    }

    /// Ends the line, unless it is empty.
    pub(crate) fn begin_line(&mut self) {
        if self.is_within_line() {
            self.gap = Some(Gap::Lines(1));
        }
    }

    fn is_within_line(&self) -> bool {
        !self.spans.is_empty() && !matches!(self.gap, Some(Gap::Lines(_)))
    }

    /// Ends the paragraph, and begins an empty one. Returns `None` if the paragraph shows nothing.
    pub(crate) fn finish(&mut self, budget: &mut NodeBudget) -> Option<Vec<Span>> {
        let spans = std::mem::take(self).spans;
        spans
            .iter()
            .any(is_visible)
            .then(|| with_links(spans, budget))
    }
}

/// The character between the cells of a table. It is visible as a gap in plain text, and screen readers do not read it.
const BETWEEN_CELLS: char = '\u{2003}';

/// The nodes of a phrase, and of the span that it may need.
const NODES_OF_PHRASE: usize = 2;
/// The nodes of the first phrase with its span, of the paragraph, and of the list item that it may need.
const NODES_OF_PARAGRAPH: usize = 4;
/// The nodes of an address and of the text after it, each with its span.
const NODES_OF_LINK: usize = 4;

/// Whether a span shows anything.
fn is_visible(span: &Span) -> bool {
    let is_blank = |c: char| c.is_ascii_whitespace() || c == '\u{A0}';
    span.phrases.iter().any(
        |phrase| matches!(phrase, Phrase::Text(text, _) if !text.trim_matches(is_blank).is_empty()),
    )
}

/// Adds a phrase to the last span if that has the same link, otherwise to a new span.
fn push_phrase(spans: &mut Vec<Span>, link: Option<&Link>, phrase: Phrase) {
    match spans.last_mut() {
        Some(span) if span.link.as_ref() == link => span.phrases.push(phrase),
        _ => spans.push(Span {
            link: link.cloned(),
            phrases: vec![phrase],
        }),
    }
}

/// Turns addresses in the text into links. Addresses in code stay text.
fn with_links(spans: Vec<Span>, budget: &mut NodeBudget) -> Vec<Span> {
    let mut linked = Vec::new();
    for span in spans {
        for phrase in span.phrases {
            match phrase {
                Phrase::Text(text, style) if span.link.is_none() && !style.has(Style::CODE) => {
                    for piece in linkify_up_to(&text, budget.times(NODES_OF_LINK)) {
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
