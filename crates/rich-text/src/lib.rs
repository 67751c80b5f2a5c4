//! Reads the HTML that agents' consoles send (`richText: true`) into a small typed tree, and finds addresses in
//! plain text.
//!
//! ```
//! use pipit_rich_text::{Block, Phrase, Style, parse};
//!
//! let read = parse("<p>Good <b onclick=steal()>news</b><script>steal()</script>");
//! let [Block::Paragraph(spans)] = &read.blocks[..] else { panic!("one paragraph") };
//! assert_eq!(spans[0].phrases, [
//!     Phrase::Text("Good ".to_owned(), Style::PLAIN),
//!     Phrase::Text("news".to_owned(), Style::BOLD),
//! ]);
//! ```
//!
//! The types make the result safe: [`Block`], [`Span`] and [`Phrase`] cannot hold an element, an attribute or a
//! script, and a [`Link`] exists only if its address has passed a check. A tokenizer of this crate reads the
//! markup, and nothing turns the tree into markup again.
//!
//! Reading takes linear time, and the result is limited by [`MAX_CHARS`], [`MAX_NODES`], [`MAX_DEPTH`] and
//! [`MAX_LINKS`].
//!
//! **How to draw the tree.** White space is final, so draw text with `white-space: pre-wrap`. Isolate each
//! message and each link (`dir="auto"`, `unicode-bidi: isolate`), so that its text cannot reorder the text
//! around it.
//!
//! To read the code, start at `parse.rs`. `token.rs` and `tag.rs` know HTML; `containers.rs`, `open_tags.rs`
//! and `paragraph.rs` build the tree.

mod containers;
mod entity;
mod link;
mod linkify;
mod node_budget;
mod open_tags;
mod paragraph;
mod parse;
mod plain;
mod style;
mod tag;
mod token;

pub use containers::MAX_DEPTH;
pub use link::{Link, MAX_ADDRESS};
pub use linkify::{MAX_LINKS, Piece, linkify};
pub use node_budget::MAX_NODES;
pub use parse::{MAX_CHARS, parse};
pub use plain::plain;
pub use style::Style;

/// The result of [`parse`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    /// The blocks of the message, from top to bottom. Empty if the message shows nothing.
    pub blocks: Vec<Block>,
    /// Whether the end of the message is missing, because it was longer than [`MAX_CHARS`] or [`MAX_NODES`] allow.
    pub is_cut: bool,
}

/// A part of a message that begins on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of text; never empty. A heading is a paragraph in bold, preformatted text is a paragraph in code.
    Paragraph(Vec<Span>),
    /// A list and its items; neither is ever empty.
    List(ListKind, Vec<Vec<Self>>),
    /// A quotation; never empty.
    Quote(Vec<Self>),
}

/// How the items of a list are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// With bullets.
    Bulleted,
    /// With numbers, from 1.
    Numbered,
}

/// A part of a paragraph that is one link, or no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The target of the link; `None` for plain text.
    pub link: Option<Link>,
    /// The content of the span; never empty.
    pub phrases: Vec<Phrase>,
}

/// The smallest part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// Text in one style; never empty. The only control character in it is the tab, in preformatted text.
    Text(String, Style),
    /// A line break before the next phrase.
    Break,
}

/// Whether a character is removed from the messages of agents.
///
/// Control characters have no visible form. The bidi embeddings, overrides and isolates (U+202A–202E,
/// U+2066–2069) can make a text look like another one (`exe.fdp`), even beyond their own end. They are removed
/// and not balanced, because the browser orders mixed text correctly without them. The directional marks that
/// people type (U+200E, U+200F, U+061C) stay.
fn is_removed(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Splits a text before the first character that is an end. If there is none, the second part is empty.
fn split_before(text: &str, is_end: fn(char) -> bool) -> (&str, &str) {
    let end = text.find(is_end).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether no label of a host name is empty, except the last one: `a.b` and `a.b.`, not `a..b`.
fn has_no_empty_label(host: &str) -> bool {
    !host.is_empty()
        && !host.starts_with('.')
        && !host.as_bytes().windows(2).any(|pair| pair == b"..")
}
