//! Reads HTML messages into a small typed tree, and finds the addresses of web pages and mailboxes in plain text. The
//! HTML comes from agent consoles, the programs in which agents write to visitors.
//!
//! ```
//! use pipit_rich_text::{Block, Phrase, Style, parse};
//!
//! let message = parse("<p>Good <b onclick=steal()>news</b><script>steal()</script>");
//! let [Block::Paragraph(spans)] = &message.blocks[..] else { panic!("one paragraph") };
//! assert_eq!(spans[0].phrases, [
//!     Phrase::Text("Good ".to_owned(), Style::PLAIN),
//!     Phrase::Text("news".to_owned(), Style::BOLD),
//! ]);
//! ```
//!
//! The types make the result safe: [`Block`], [`Span`] and [`Phrase`] cannot hold an element, an attribute or a
//! script, and a [`Link`] exists only if its address has passed a check. The crate reads the markup with its own
//! tokenizer, and never turns the tree into markup again.
//!
//! The time for reading is proportional to the length of the message. The size of the result is limited by
//! [`MAX_CHARS`], [`MAX_NODES`], [`MAX_DEPTH`] and [`MAX_LINKS`]. A browser needs a long time to draw even that, so draw
//! only the first *portion* of a message at once ([`portions_of_blocks`], [`portions_of_text`]).
//!
//! **How to draw the tree.** The texts of the tree contain exactly the white space to show, so draw them with
//! `white-space: pre-wrap`. Isolate each message and each link (`dir="auto"`, `unicode-bidi: isolate`). Otherwise
//! right-to-left text in a message can reorder the text around the message.
//!
//! To read the code, start at `parse.rs`. `token.rs`, `entity.rs` and `tag.rs` know HTML; `containers.rs`,
//! `open_tags.rs` and `paragraph.rs` build the tree, whose size `node_budget.rs` limits. `link.rs` checks addresses,
//! `linkify.rs` finds them in plain text, and `destination.rs` says which links must show where they lead. `portion.rs`
//! divides a message into portions, and `plain_text.rs` writes the tree as plain text.

mod containers;
mod destination;
mod entity;
mod link;
mod linkify;
mod node_budget;
mod open_tags;
mod paragraph;
mod parse;
mod plain_text;
mod portion;
mod steps;
mod style;
mod tag;
mod token;

pub use containers::MAX_DEPTH;
pub use destination::{LinkLabel, hidden_destination, span_labels};
pub use link::Link;
pub use linkify::{MAX_LINKS, Piece, linkify};
pub use node_budget::MAX_NODES;
pub use parse::parse;
pub use pipit_untrusted_text::MAX_CHARS;
pub use plain_text::{to_plain_text, to_plain_text_with_addresses, to_spoken_text};
pub use portion::{
    MAX_PORTION_CHARS, MAX_PORTION_LINES, MAX_PORTION_NODES, portions_of_blocks, portions_of_text,
};
pub use style::Style;

/// A message as a tree: the result of [`parse`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    /// The blocks of the message, from top to bottom. Empty if the message shows nothing.
    pub blocks: Vec<Block>,
    /// True if the end of the message is missing, because the message has more than [`MAX_CHARS`] characters or could
    /// need more than [`MAX_NODES`] nodes.
    pub is_cut: bool,
}

/// A part of a message that begins on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of text. The list of spans is never empty. A heading is a paragraph in bold, and preformatted text is a
    /// paragraph in the style [`Style::CODE`].
    Paragraph(Vec<Span>),
    /// A list. Each of its items is a list of blocks. There is at least one item, and no item is empty.
    List(ListKind, Vec<Vec<Self>>),
    /// A quotation, with at least one block.
    Quote(Vec<Self>),
}

/// How the items of a list are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// With bullets.
    Bulleted,
    /// With numbers, from this number. It is 1 except in a list whose beginning is in an earlier portion.
    Numbered(usize),
}

/// A part of a paragraph that is one link, or that contains no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The target of the link. `None` if the span is no link.
    pub link: Option<Link>,
    /// The content of the span: at least one phrase.
    pub phrases: Vec<Phrase>,
}

impl Span {
    /// The text of the span. A line break is a line feed.
    pub fn text(&self) -> String {
        self.phrases.iter().map(Phrase::text).collect()
    }
}

/// The smallest part of a message: a text in one style, or a line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// A text in one style. It is never empty. It contains no control characters, except tabs in preformatted text.
    Text(String, Style),
    /// A line break before the next phrase.
    Break,
}

impl Phrase {
    /// The text of the phrase. A line break is a line feed.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text, _) => text,
            Self::Break => "\n",
        }
    }
}

/// Splits a text before the first character for which `is_end` is true. If it is true for no character, the second part
/// is empty.
fn split_before(text: &str, is_end: fn(char) -> bool) -> (&str, &str) {
    let end = text.find(is_end).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether every label (a part between dots) of a host name has at least one character. A dot at the end is allowed:
/// true for `a.b` and `a.b.`, false for `a..b`, `.a` and the empty text.
fn has_no_empty_label(host: &str) -> bool {
    !host.is_empty()
        && !host.starts_with('.')
        && !host.as_bytes().windows(2).any(|pair| pair == b"..")
}
