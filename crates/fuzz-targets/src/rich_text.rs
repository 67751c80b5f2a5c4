//! The fuzz target for `pipit-rich-text`, which reads the HTML of agents, finds web addresses in plain text, and
//! decides which addresses may be links.

use std::str;

use pipit_rich_text::{
    Block, Link, MAX_CHARS, MAX_DEPTH, MAX_LINKS, MAX_NODES, MAX_PORTION_CHARS, MAX_PORTION_NODES,
    Phrase, Span, Style, linkify, parse, portions_of_blocks, to_plain_text,
};

/// Reads the bytes as the HTML of an agent's message, as a plain text that contains addresses, and as one address.
/// Panics if `pipit-rich-text` breaks one of its promises, which the functions below check. Skips the whole input if it
/// is not UTF-8.
pub fn rich_text(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    check_message(text);
    check_addresses(text);
    if let Some(link) = Link::new(text) {
        check_link(&link);
    }
}

/// Checks that the parsed message respects the limits on its size and depth, contains no forbidden character, and is the
/// same if the HTML is parsed again. Checks also that the plain text of the message is empty exactly if the message has
/// no blocks.
fn check_message(html: &str) {
    let message = parse(html);
    assert_eq!(message, parse(html), "the second reading differs");
    let mut size = TreeSize::default();
    size.add_blocks(&message.blocks, 0);
    assert!(size.nodes <= MAX_NODES, "{} nodes", size.nodes);
    let chars = html.chars().count();
    assert!(
        chars <= MAX_CHARS || message.is_cut,
        "cut, and not marked as cut"
    );
    assert!(size.chars <= chars, "{} of {chars} characters", size.chars);
    check_portions(&message.blocks, size.chars);
    let plain_text = to_plain_text(&message.blocks);
    let is_allowed = |letter: char| matches!(letter, '\n' | '\t') || !is_forbidden(letter);
    assert!(plain_text.chars().all(is_allowed), "{plain_text:?}");
    assert_eq!(
        plain_text.is_empty(),
        message.blocks.is_empty(),
        "{plain_text:?}"
    );
}

/// Checks that the portions of a message together have all of its characters, and that none of them is too large. A
/// container counts when it ends, so the containers around the last node may exceed the number of nodes.
fn check_portions(blocks: &[Block], chars: usize) {
    let mut chars_in_portions = 0;
    for portion in portions_of_blocks(blocks.to_vec()) {
        let mut size = TreeSize::default();
        size.add_blocks(&portion, 0);
        assert!(size.chars > 0 || size.nodes > 1, "an empty portion");
        assert!(size.chars <= MAX_PORTION_CHARS, "{} characters", size.chars);
        let max_nodes = 2 * MAX_PORTION_NODES + 2 * MAX_DEPTH;
        assert!(size.nodes <= max_nodes, "{} nodes", size.nodes);
        chars_in_portions += size.chars;
    }
    assert_eq!(chars_in_portions, chars);
}

/// Checks that the links in a plain text are valid, and that no part of the text is lost.
fn check_addresses(text: &str) {
    let pieces = linkify(text);
    let whole: String = pieces.iter().map(|piece| piece.text).collect();
    assert_eq!(whole, text, "the pieces together are the text");
    assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
    let links = pieces.iter().filter_map(|piece| piece.link.as_ref());
    assert!(links.clone().count() <= MAX_LINKS);
    links.for_each(check_link);
}

/// Checks that a link is accepted unchanged if it is read again, that its scheme is allowed, and that the host of a web
/// address contains no character that separates the parts of an address.
fn check_link(link: &Link) {
    let href = link.href();
    assert_eq!(Link::new(href).as_ref(), Some(link), "{href:?}");
    assert!(!href.contains(is_forbidden), "{href:?}");
    let scheme = href.split(':').next();
    assert!(
        matches!(scheme, Some("http" | "https" | "mailto" | "tel")),
        "{href:?}"
    );
    let is_web = matches!(scheme, Some("http" | "https"));
    assert_eq!(link.host().is_some(), is_web, "{href:?}");
    // `mailto` and `tel` addresses have no host. The text in its place passes the check.
    let host = link.host().unwrap_or("none");
    let may_be_in_host = |letter: char| !letter.is_whitespace() && !"@/\\?#%".contains(letter);
    assert!(
        !host.is_empty() && host.chars().all(may_be_in_host),
        "{href:?}"
    );
}

/// Whether a character must not be shown: a control character, or one that changes the direction of the text after it.
fn is_forbidden(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The numbers of nodes and characters of a parsed message. The functions that count them also check the structure.
#[derive(Default)]
struct TreeSize {
    nodes: usize,
    chars: usize,
}

impl TreeSize {
    fn add_blocks(&mut self, blocks: &[Block], depth: usize) {
        assert!(depth <= MAX_DEPTH, "deeper than {MAX_DEPTH}");
        assert!(depth == 0 || !blocks.is_empty(), "an empty part");
        for block in blocks {
            self.nodes += 1;
            match block {
                Block::Paragraph(spans) => self.add_paragraph(spans),
                Block::Quote(blocks) => self.add_blocks(blocks, depth + 1),
                Block::List(_, items) => {
                    assert!(!items.is_empty(), "an empty list");
                    self.nodes += items.len();
                    for item in items {
                        self.add_blocks(item, depth + 1);
                    }
                }
            }
        }
    }

    fn add_paragraph(&mut self, spans: &[Span]) {
        assert!(!spans.is_empty(), "an empty paragraph");
        for span in spans {
            assert!(!span.phrases.is_empty(), "an empty span");
            span.link.iter().for_each(check_link);
            self.nodes += 1 + span.phrases.len();
            for phrase in &span.phrases {
                if let Phrase::Text(text, style) = phrase {
                    self.add_text(text, *style);
                }
            }
        }
    }

    fn add_text(&mut self, text: &str, style: Style) {
        let is_allowed =
            |letter: char| letter == '\t' && style.has(Style::CODE) || !is_forbidden(letter);
        assert!(!text.is_empty() && text.chars().all(is_allowed), "{text:?}");
        self.chars += text.chars().count();
    }
}
