//! What agents' consoles send (`richText: true`) as a small typed tree, and addresses in plain text
//! as links.
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
//! The safety is in the types: [`Block`], [`Span`] and [`Phrase`] have no place for an element, an
//! attribute or a script, and a [`Link`] exists only after its address was checked. The markup is
//! read by a tokenizer of our own and never becomes markup again.
//!
//! What is read is bounded, in linear time: [`MAX_CHARS`], [`MAX_NODES`], [`MAX_DEPTH`],
//! [`MAX_LINKS`].
//!
//! **How to draw it.** White space is final: draw text with `white-space: pre-wrap`. Draw each
//! message and each link isolated (`dir="auto"`, `unicode-bidi: isolate`), so that no text can
//! reorder what stands beside it.
//!
//! To read the code, start at `parse.rs`; `token.rs` and `tag.rs` know HTML, `containers.rs`,
//! `open_tags.rs` and `paragraph.rs` build the tree.

mod containers;
mod entity;
mod link;
mod linkify;
mod open_tags;
mod paragraph;
mod parse;
mod plain;
mod room;
mod style;
mod tag;
mod token;

pub use link::{Link, MAX_ADDRESS};
pub use linkify::{MAX_LINKS, Piece, linkify};
pub use parse::{MAX_CHARS, parse};
pub use plain::plain;
pub use room::MAX_NODES;
pub use style::Style;

pub use containers::MAX_DEPTH;

/// What [`parse`] read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    /// The message, from top to bottom. Empty if nothing in it can be seen.
    pub blocks: Vec<Block>,
    /// Whether the message was longer than [`MAX_CHARS`] or [`MAX_NODES`] allow, and its end is missing.
    pub cut: bool,
}

/// A part of a message that begins on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of text; never empty. Headings are bold ones, preformatted text is one in code.
    Paragraph(Vec<Span>),
    /// A list and its items; neither is ever empty.
    List(ListKind, Vec<Vec<Self>>),
    /// What someone else has said; never empty.
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

/// A stretch of a paragraph that leads to one place, or to none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it leads.
    pub link: Option<Link>,
    /// What is seen; never empty.
    pub phrases: Vec<Phrase>,
}

/// The smallest part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// Text in one style; never empty. It holds no control character but the tab of preformatted text.
    Text(String, Style),
    /// The next phrase begins on a new line.
    Break,
}

/// Whether a character is dropped from what agents send.
///
/// Controls are never seen. The bidi embeddings, overrides and isolates (U+202A–202E, U+2066–2069)
/// can make a text look like another one (`exe.fdp`), also beyond their own end. They are dropped
/// rather than balanced: the browser orders mixed text by itself, so no letter is lost. The marks
/// that people type for the rest (U+200E, U+200F, U+061C) stay.
fn vanishes(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What stands before the first character that is an end, and the rest from there on.
fn split_before(text: &str, is_end: fn(char) -> bool) -> (&str, &str) {
    let end = text.find(is_end).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether no part of a host's name is empty, but for the last one: `a.b`, not `a..b`.
fn has_whole_parts(host: &str) -> bool {
    !host.is_empty()
        && !host.starts_with('.')
        && !host.as_bytes().windows(2).any(|pair| pair == b"..")
}
