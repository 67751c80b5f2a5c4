//! What agents send as HTML, and addresses in any text.

use std::str;

use pipit_rich_text::{
    Block, Link, MAX_CHARS, MAX_DEPTH, MAX_LINKS, MAX_NODES, Phrase, Span, Style, linkify, parse,
    plain,
};

/// The bytes are a message as it comes from an agent, a text in which addresses are looked for, and
/// an address.
pub fn rich_text(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    message(text);
    addresses(text);
    if let Some(link) = Link::new(text) {
        check_link(&link);
    }
}

fn message(html: &str) {
    let read = parse(html);
    assert_eq!(read, parse(html), "read again");
    let mut seen = Seen::default();
    seen.blocks(&read.blocks, 0);
    assert!(seen.nodes <= MAX_NODES, "{} nodes", seen.nodes);
    let chars = html.chars().count();
    assert!(chars <= MAX_CHARS || read.cut, "cut without a word");
    assert!(seen.chars <= chars, "{} of {chars} characters", seen.chars);
    let plain = plain(&read.blocks);
    let is_good = |c: char| matches!(c, '\n' | '\t') || !vanishes(c);
    assert!(plain.chars().all(is_good), "{plain:?}");
    assert_eq!(plain.is_empty(), read.blocks.is_empty(), "{plain:?}");
}

fn addresses(text: &str) {
    let pieces = linkify(text);
    let whole: String = pieces.iter().map(|piece| piece.text).collect();
    assert_eq!(whole, text, "all pieces are the text");
    assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
    let links = pieces.iter().filter_map(|piece| piece.link.as_ref());
    assert!(links.clone().count() <= MAX_LINKS);
    links.for_each(check_link);
}

/// What was checked once passes again and stays as it is; no host has another name before it.
fn check_link(link: &Link) {
    let href = link.href();
    assert_eq!(Link::new(href).as_ref(), Some(link), "{href:?}");
    assert!(!href.contains(vanishes), "{href:?}");
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

/// Whether a character may never be seen.
fn vanishes(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// How much there is in a tree.
#[derive(Default)]
struct Seen {
    nodes: usize,
    chars: usize,
}

impl Seen {
    fn blocks(&mut self, blocks: &[Block], depth: usize) {
        assert!(depth <= MAX_DEPTH, "deeper than {MAX_DEPTH}");
        assert!(depth == 0 || !blocks.is_empty(), "an empty part");
        for block in blocks {
            self.nodes += 1;
            match block {
                Block::Paragraph(spans) => self.paragraph(spans),
                Block::Quote(blocks) => self.blocks(blocks, depth + 1),
                Block::List(_, items) => {
                    assert!(!items.is_empty(), "an empty list");
                    self.nodes += items.len();
                    for item in items {
                        self.blocks(item, depth + 1);
                    }
                }
            }
        }
    }

    fn paragraph(&mut self, spans: &[Span]) {
        assert!(!spans.is_empty(), "an empty paragraph");
        for span in spans {
            assert!(!span.phrases.is_empty(), "an empty span");
            span.link.iter().for_each(check_link);
            self.nodes += 1 + span.phrases.len();
            for phrase in &span.phrases {
                if let Phrase::Text(text, style) = phrase {
                    self.text(text, *style);
                }
            }
        }
    }

    fn text(&mut self, text: &str, style: Style) {
        let may_have = |c: char| c == '\t' && style.has(Style::CODE) || !vanishes(c);
        assert!(!text.is_empty() && text.chars().all(may_have), "{text:?}");
        self.chars += text.chars().count();
    }
}
