//! The text of a message, read once: plain text, in which addresses become links, or rich text, which only agents and the
//! server send. `message_text.rs` renders it.

use std::ops::Range;
use std::rc::Rc;

use pipit_engine::{Content, Notice};
use pipit_rich_text::{
    Block, Link, Piece, linkify, parse, portions_of_blocks, portions_of_text,
    to_plain_text_with_addresses, to_spoken_text,
};
use pipit_untrusted_text::{bounded, is_too_long};

use crate::view::during::message_link::transcript_address;

/// A text of the visitor, an agent or the server, exactly as it is in the transcript's entry.
#[derive(Clone, PartialEq)]
pub(crate) struct MessageBody {
    text: Rc<str>,
    /// Whether the server marks the text as HTML.
    is_html: bool,
}

/// A message in portions. The panel shows the first portion, and the others if the visitor asks for them.
pub(crate) struct MessagePortions {
    /// At least one portion, unless [`Self::is_cut`] is true.
    pub(crate) portions: Vec<Portion>,
    /// Whether the end of the message is missing, because the message is too long.
    pub(crate) is_cut: bool,
}

/// A part of a message.
pub(crate) enum Portion {
    Plain(PlainPortion),
    Rich(Vec<Block>),
}

/// A part of a plain text, and the addresses in it.
#[derive(Default)]
pub(crate) struct PlainPortion {
    pub(crate) text: String,
    /// Each address with its place in `text`, in bytes. The places are in ascending order and do not overlap.
    pub(crate) links: Vec<(Range<usize>, Link)>,
}

impl MessageBody {
    /// The text of an entry. `None` for every notice except `Notice::Server`, because only this notice holds its text:
    /// the widget words the other notices itself.
    pub(crate) fn of(content: &Content) -> Option<Self> {
        let (text, is_html) = match content {
            Content::Visitor { text, .. } => (text, false),
            Content::Agent {
                body: text, rich, ..
            }
            | Content::Notice(Notice::Server { text, rich }) => (text, *rich),
            Content::Notice(_) => return None,
        };
        Some(Self {
            text: text.clone(),
            is_html,
        })
    }

    /// The text for a screen reader, without signs of lists and quotes.
    pub(crate) fn spoken_text(&self) -> String {
        if self.is_html {
            to_spoken_text(&parse(&self.text).blocks)
        } else {
            bounded(&self.text)
        }
    }

    /// The text without any formatting, for the transcript file. Each link whose text is not its address is followed by
    /// its address in angle brackets. `…` follows a text whose end is missing.
    pub(crate) fn plain_text_with_addresses(&self) -> String {
        if self.is_html {
            let message = parse(&self.text);
            let mut text = to_plain_text_with_addresses(&message.blocks, transcript_address);
            text.push_str(cut_mark(message.is_cut));
            return text;
        }
        let mut text = String::new();
        let kept = bounded(&self.text);
        for piece in linkify(&kept) {
            text.push_str(piece.text);
            if let Some(address) = piece
                .link
                .and_then(|link| transcript_address(&link, piece.text))
            {
                text.push_str(&[" <", &address, ">"].concat());
            }
        }
        text.push_str(cut_mark(is_too_long(&kept)));
        text
    }

    /// The text in portions; `None` for rich text without anything visible.
    pub(crate) fn portions(&self) -> Option<MessagePortions> {
        if !self.is_html {
            return Some(plain_portions(&self.text));
        }
        let message = parse(&self.text);
        let portions = portions_of_blocks(message.blocks);
        let is_empty = portions.is_empty() && !message.is_cut;
        (!is_empty).then(|| MessagePortions {
            portions: portions.into_iter().map(Portion::Rich).collect(),
            is_cut: message.is_cut,
        })
    }
}

/// What follows a text, if its end is missing.
fn cut_mark(is_cut: bool) -> &'static str {
    if is_cut { "…" } else { "" }
}

/// The portions of a plain text. The engine has bounded the texts of agents and of the server; the visitor's own texts, and
/// what a hook of the host has changed, are bounded here.
fn plain_portions(text: &str) -> MessagePortions {
    let mut text = bounded(text);
    let is_cut = is_too_long(&text);
    if is_cut {
        text.pop();
    }
    let to_portion = |pieces: Vec<Piece<'_>>| {
        let mut portion = PlainPortion::default();
        for piece in pieces {
            let start = portion.text.len();
            portion.text.push_str(piece.text);
            let range = start..portion.text.len();
            portion.links.extend(piece.link.map(|link| (range, link)));
        }
        Portion::Plain(portion)
    };
    MessagePortions {
        portions: portions_of_text(&text)
            .into_iter()
            .map(to_portion)
            .collect(),
        is_cut,
    }
}
