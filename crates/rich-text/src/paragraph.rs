//! A paragraph while it is written: words with styles and links, and the gaps between them.

use crate::linkify::first_links;
use crate::open_tags::Format;
use crate::room::Room;
use crate::{Link, Phrase, Span, Style};

/// What is written of a paragraph.
#[derive(Default)]
pub(crate) struct Paragraph {
    spans: Vec<Span>,
    /// White space behind the last word. It is written with the next one, so that lines and
    /// paragraphs neither begin nor end with it.
    gap: Option<Gap>,
}

enum Gap {
    Space(char, Style),
    /// So many line ends.
    Lines(usize),
}

impl Paragraph {
    /// Writes a text behind the gap. White space in it counts.
    pub(crate) fn text(&mut self, text: &str, format: &Format, room: &mut Room) {
        if text.is_empty() {
            return;
        }
        if let Some(gap) = self.gap.take() {
            // A gap beside a link is outside of it.
            let goes_on = self
                .spans
                .last()
                .is_some_and(|span| span.link == format.link);
            let link = if goes_on { format.link.as_ref() } else { None };
            match gap {
                // A line under a word does not begin or end under a gap.
                Gap::Space(c, style) => self.append(
                    c.encode_utf8(&mut [0; 4]),
                    style.both(format.style),
                    link,
                    room,
                ),
                Gap::Lines(lines) => {
                    for _ in 0..lines {
                        if room.take(NODES_OF_PHRASE) {
                            write(&mut self.spans, link, Phrase::Break);
                        }
                    }
                }
            }
        }
        self.append(text, format.style, format.link.as_ref(), room);
    }

    fn append(&mut self, text: &str, style: Style, link: Option<&Link>, room: &mut Room) {
        if let Some(span) = self.spans.last_mut()
            && span.link.as_ref() == link
            && let Some(Phrase::Text(before, its_style)) = span.phrases.last_mut()
            && *its_style == style
        {
            before.push_str(text);
        } else if room.take(if self.spans.is_empty() {
            NODES_OF_PARAGRAPH
        } else {
            NODES_OF_PHRASE
        }) {
            write(&mut self.spans, link, Phrase::Text(text.to_owned(), style));
        }
    }

    /// White space between words, as this character. It is one gap, however much of it there is.
    pub(crate) fn space(&mut self, c: char, style: Style) {
        if self.is_within_line() && self.gap.is_none() {
            self.gap = Some(Gap::Space(c, style));
        }
    }

    /// The gap between two cells, which takes the place of another space.
    pub(crate) fn cell(&mut self) {
        if self.is_within_line() {
            self.gap = Some(Gap::Space(BETWEEN_CELLS, Style::PLAIN));
        }
    }

    /// Ends a line, be it empty.
    pub(crate) fn end_line(&mut self) {
        let lines = if let Some(Gap::Lines(lines)) = self.gap {
            lines
        } else {
            0
        };
        self.gap = Some(Gap::Lines(lines + 1)).filter(|_| !self.spans.is_empty());
    }

    /// Ends a line that is not empty.
    pub(crate) fn begin_line(&mut self) {
        if self.is_within_line() {
            self.gap = Some(Gap::Lines(1));
        }
    }

    fn is_within_line(&self) -> bool {
        !self.spans.is_empty() && !matches!(self.gap, Some(Gap::Lines(_)))
    }

    /// Ends the paragraph, and leaves an empty one. None if nothing in it can be seen.
    pub(crate) fn finish(&mut self, room: &mut Room) -> Option<Vec<Span>> {
        let spans = std::mem::take(self).spans;
        spans
            .iter()
            .any(can_be_seen)
            .then(|| with_links(spans, room))
    }
}

/// Seen by the eye in plain text, and no sound in the ear of who listens.
const BETWEEN_CELLS: char = '\u{2003}';

/// A phrase and the span it may need.
const NODES_OF_PHRASE: usize = 2;
/// The first phrase, the paragraph, and the item it may need in a list.
const NODES_OF_PARAGRAPH: usize = 4;
/// An address, and the text behind it, each with its span.
const NODES_OF_LINK: usize = 4;

fn can_be_seen(span: &Span) -> bool {
    let is_blank = |c: char| c.is_ascii_whitespace() || c == '\u{A0}';
    span.phrases.iter().any(
        |phrase| matches!(phrase, Phrase::Text(text, _) if !text.trim_matches(is_blank).is_empty()),
    )
}

/// Adds a phrase to the last span if it leads to the same place, otherwise in a new one.
fn write(spans: &mut Vec<Span>, link: Option<&Link>, phrase: Phrase) {
    match spans.last_mut() {
        Some(span) if span.link.as_ref() == link => span.phrases.push(phrase),
        _ => spans.push(Span {
            link: link.cloned(),
            phrases: vec![phrase],
        }),
    }
}

/// Makes links of the addresses in the text. Those in code are meant to the letter.
fn with_links(spans: Vec<Span>, room: &mut Room) -> Vec<Span> {
    let mut linked = Vec::new();
    for span in spans {
        for phrase in span.phrases {
            match phrase {
                Phrase::Text(text, style) if span.link.is_none() && !style.has(Style::CODE) => {
                    for piece in first_links(&text, room.for_things_of(NODES_OF_LINK)) {
                        if piece.link.is_some() {
                            room.take(NODES_OF_LINK);
                        }
                        write(
                            &mut linked,
                            piece.link.as_ref(),
                            Phrase::Text(piece.text.to_owned(), style),
                        );
                    }
                }
                _ => write(&mut linked, span.link.as_ref(), phrase),
            }
        }
    }
    linked
}
