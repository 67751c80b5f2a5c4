//! From markup to the tree.

use crate::containers::Containers;
use crate::entity::{Place, decode};
use crate::open_tags::{OpenTag, OpenTags};
use crate::paragraph::Paragraph;
use crate::room::Room;
use crate::tag::{Change, Role};
use crate::token::{Tag, Token, Tokens};
use crate::{Block, Link, RichText, vanishes};

/// How many characters of a message are read, markup and all. The rest is cut.
pub const MAX_CHARS: usize = 65_536;

/// Reads what an agent's console sends.
///
/// Tags that are not known vanish, and their text stays. Elements whose content is no text (script,
/// style, template, svg, …) vanish with it, and so do comments, controls, and bidi controls. Tags that
/// are not closed, or in the wrong order, are mended much as a browser does. White space is as a
/// browser shows it. Addresses in text become links, as by [`linkify`](crate::linkify); an `<a>`
/// without a good address is text.
pub fn parse(html: &str) -> RichText {
    let (markup, cut) = cleaned(html);
    let mut reader = Reader::new(&markup);
    while !reader.room.cut
        && let Some(token) = reader.tokens.next()
    {
        reader.read(token);
    }
    let cut = cut || reader.room.cut;
    RichText {
        blocks: reader.finish(),
        cut,
    }
}

/// The markup as far as it is read, without what vanishes; and whether that is not all.
fn cleaned(html: &str) -> (String, bool) {
    let mut chars = html.chars();
    let mut markup = String::with_capacity(html.len().min(MAX_CHARS));
    let mut before = '\0';
    for c in chars.by_ref().take(MAX_CHARS) {
        match c {
            '\r' => markup.push('\n'),
            '\n' if before == '\r' => {}
            '\u{C}' => markup.push(' '),
            _ if vanishes(c) => {}
            _ => markup.push(c),
        }
        before = c;
    }
    (markup, chars.next().is_some())
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    tags: OpenTags<'a>,
    paragraph: Paragraph,
    containers: Containers,
    room: Room,
}

impl<'a> Reader<'a> {
    fn new(markup: &'a str) -> Self {
        Self {
            tokens: Tokens::new(markup),
            tags: OpenTags::default(),
            paragraph: Paragraph::default(),
            containers: Containers::default(),
            room: Room::new(),
        }
    }

    fn read(&mut self, token: Token<'a>) {
        match token {
            Token::Text(text) => self.text(text),
            Token::Open(tag) => self.open(&tag),
            Token::Close(name) => self.close(name),
        }
    }

    fn text(&mut self, written: &str) {
        let text = decode(written, Place::Text);
        let format = self.tags.format();
        if format.preformatted {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.paragraph.end_line();
                }
                self.paragraph.text(line, &format, &mut self.room);
            }
        } else {
            for (at, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
                if at > 0 {
                    self.paragraph.space(' ', format.style);
                }
                self.paragraph.text(word, &format, &mut self.room);
            }
        }
    }

    fn open(&mut self, tag: &Tag<'a>) {
        let role = Role::of(tag.name);
        if role.is_block() {
            // As in a browser, no paragraph holds a block.
            self.tags.close_held("p");
        }
        self.begin_or_end(role);
        match role {
            Role::Break => self.paragraph.end_line(),
            Role::Raw => self.tokens.skip_raw_text(tag.name),
            Role::Hidden => self.skip_hidden(tag),
            Role::List(kind) => self.containers.open_list(kind),
            Role::Quote => self.containers.open_quote(),
            Role::Item => {
                self.containers.open_item();
                self.tags
                    .leave_containers(self.containers.depth().saturating_sub(1));
            }
            Role::Empty | Role::Rule => {}
            Role::Format(_)
            | Role::Paragraph(_)
            | Role::Preformatted
            | Role::Line
            | Role::Unknown => {
                self.open_text(tag, role);
            }
            Role::Anchor | Role::Cell => {
                // One within another ends that one.
                self.tags.close_held(tag.name);
                self.open_text(tag, role);
            }
        }
        if matches!(role, Role::List(_) | Role::Quote | Role::Item) {
            self.room.take(NODES_OF_CONTAINER);
        }
    }

    /// Opens a tag that says how the text in it looks.
    fn open_text(&mut self, tag: &Tag<'a>, role: Role) {
        let href = tag.href.filter(|_| role == Role::Anchor);
        self.tags.open(OpenTag {
            name: tag.name,
            role,
            change: tag
                .style
                .map(|style| Change::of(&decode(style, Place::Attribute)))
                .unwrap_or_default(),
            link: href.and_then(|href| Link::new(&decode(href, Place::Attribute))),
            depth: self.containers.depth(),
        });
    }

    fn close(&mut self, name: &str) {
        let role = Role::of(name);
        self.begin_or_end(role);
        match role {
            // As in a browser.
            Role::Break => self.paragraph.end_line(),
            Role::List(_) => self.containers.close_list(),
            Role::Quote => self.containers.close_quote(),
            Role::Item => self.containers.close_item(),
            _ => self.tags.close(name),
        }
        if role.is_block() {
            self.tags.leave_containers(self.containers.depth());
        }
    }

    /// What a tag does to the text around it, whether it opens or closes.
    fn begin_or_end(&mut self, role: Role) {
        match role {
            Role::Line => self.paragraph.begin_line(),
            Role::Cell => self.paragraph.cell(),
            _ if role.is_block() => self.end_paragraph(),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        if let Some(spans) = self.paragraph.finish(&mut self.room) {
            self.containers.add(Block::Paragraph(spans));
        }
    }

    /// Passes over an element and all that it holds.
    fn skip_hidden(&mut self, element: &Tag<'a>) {
        let is_drawing =
            |name: &str| name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math");
        let mut depth = usize::from(!(is_drawing(element.name) && element.closes_itself));
        while depth > 0
            && let Some(token) = self.tokens.next()
        {
            match token {
                Token::Open(tag) if tag.name.eq_ignore_ascii_case(element.name) => {
                    depth += usize::from(!(is_drawing(tag.name) && tag.closes_itself));
                }
                Token::Open(tag) if Role::of(tag.name) == Role::Raw && !tag.closes_itself => {
                    self.tokens.skip_raw_text(tag.name);
                }
                Token::Close(name) if name.eq_ignore_ascii_case(element.name) => depth -= 1,
                _ => {}
            }
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        self.containers.finish()
    }
}

/// A list, or an item, and the list it may need.
const NODES_OF_CONTAINER: usize = 2;
