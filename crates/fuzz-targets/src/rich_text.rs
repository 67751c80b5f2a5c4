//! The fuzz target for `pipit-rich-text`: HTML of agents, addresses in plain text, and links.

use std::str;

use pipit_rich_text::{
    Block, Link, MAX_CHARS, MAX_DEPTH, MAX_LINKS, MAX_NODES, Phrase, Span, Style, linkify, parse,
    to_plain_text,
};

/// Reads the bytes as a message of an agent, as a text that contains addresses, and as an address.
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

fn check_message(html: &str) {
    let read = parse(html);
    assert_eq!(read, parse(html), "the second reading differs");
    let mut size = TreeSize::default();
    size.add_blocks(&read.blocks, 0);
    assert!(size.nodes <= MAX_NODES, "{} nodes", size.nodes);
    let chars = html.chars().count();
    assert!(
        chars <= MAX_CHARS || read.is_cut,
        "cut, and not marked as cut"
    );
    assert!(size.chars <= chars, "{} of {chars} characters", size.chars);
    let plain_text = to_plain_text(&read.blocks);
    let is_allowed = |c: char| matches!(c, '\n' | '\t') || !is_forbidden(c);
    assert!(plain_text.chars().all(is_allowed), "{plain_text:?}");
    assert_eq!(
        plain_text.is_empty(),
        read.blocks.is_empty(),
        "{plain_text:?}"
    );
}

fn check_addresses(text: &str) {
    let pieces = linkify(text);
    let whole: String = pieces.iter().map(|piece| piece.text).collect();
    assert_eq!(whole, text, "the pieces together are the text");
    assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
    let links = pieces.iter().filter_map(|piece| piece.link.as_ref());
    assert!(links.clone().count() <= MAX_LINKS);
    links.for_each(check_link);
}

/// Checks that a link passes its own check unchanged, has an allowed scheme, and has nothing that looks like a
/// host before its host.
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
    let host = link.host().unwrap_or("none");
    let is_host = |c: char| !c.is_whitespace() && !"@/\\?#%".contains(c);
    assert!(!host.is_empty() && host.chars().all(is_host), "{href:?}");
}

/// Whether a character must not be in a text that is drawn: controls and bidi controls.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Counts the nodes and characters of a tree, and checks its structure on the way.
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
        let is_allowed = |c: char| c == '\t' && style.has(Style::CODE) || !is_forbidden(c);
        assert!(!text.is_empty() && text.chars().all(is_allowed), "{text:?}");
        self.chars += text.chars().count();
    }
}
