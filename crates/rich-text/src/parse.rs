//! Reads the HTML of a message into a tree. [`parse`] takes the tokens from `token.rs` one by one, and asks `tag.rs`
//! what each tag means. Then it passes the tag to the open tags (`open_tags.rs`), the paragraph (`paragraph.rs`) or the
//! containers (`containers.rs`: lists, items and quotes).

use pipit_untrusted_text::{bounded, is_too_long};

use crate::containers::Containers;
use crate::entity::{Context, decode};
use crate::node_budget::NodeBudget;
use crate::open_tags::{OpenTag, OpenTags};
use crate::paragraph::Paragraph;
use crate::tag::{Role, StyleChange};
use crate::token::{Tag, Token, Tokens};
use crate::{Block, Link, RichText};

/// Reads the HTML of a message from an agent console.
///
/// - Unknown tags are removed, and the text inside them is kept.
/// - Elements whose content is not text (script, style, template, svg, …) are removed with their content. Comments, control
///   characters and bidi controls are removed too.
/// - Tags that are not closed, or are closed in the wrong order, are repaired in much the same way as in a browser.
/// - White space is as a browser shows it.
/// - Addresses in the text become links, as with [`linkify`](crate::linkify). An `<a>` without a valid address is text.
pub fn parse(html: &str) -> RichText {
    let (markup, is_too_long) = clean(html);
    let mut reader = Reader::new(&markup);
    while !reader.budget.is_exhausted
        && let Some(token) = reader.tokens.next()
    {
        reader.read(token);
    }
    let is_cut = is_too_long || reader.budget.is_exhausted;
    RichText {
        blocks: reader.finish(),
        is_cut,
    }
}

/// Removes the characters that must not be shown, and normalises line ends. Returns the markup up to the maximum number of
/// characters and lines, and whether the message is longer.
fn clean(html: &str) -> (String, bool) {
    let mut markup = bounded(html);
    let is_too_long = is_too_long(&markup);
    if is_too_long {
        markup.pop();
    }
    (markup, is_too_long)
}

/// The state while a message is read.
struct Reader<'a> {
    tokens: Tokens<'a>,
    tags: OpenTags<'a>,
    paragraph: Paragraph,
    containers: Containers,
    budget: NodeBudget,
}

impl<'a> Reader<'a> {
    fn new(markup: &'a str) -> Self {
        Self {
            tokens: Tokens::new(markup),
            tags: OpenTags::default(),
            paragraph: Paragraph::default(),
            containers: Containers::default(),
            budget: NodeBudget::new(),
        }
    }

    /// Adds one token to the tree.
    fn read(&mut self, token: Token<'a>) {
        match token {
            Token::Text(text) => self.add_text(text),
            Token::Open(tag) => self.open(&tag),
            Token::Close(name) => self.close(name),
        }
    }

    /// Adds a text, whose entities are not decoded yet. Outside of preformatted text, white space only separates words.
    fn add_text(&mut self, written: &str) {
        let text = decode(written, Context::Text);
        let format = self.tags.format();
        if format.is_preformatted {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    self.paragraph.end_line();
                }
                self.paragraph.add_text(line, &format, &mut self.budget);
            }
        } else {
            for (index, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
                if index > 0 {
                    self.paragraph.add_space(' ', format.style);
                }
                self.paragraph.add_text(word, &format, &mut self.budget);
            }
        }
    }

    /// Reads a start tag.
    fn open(&mut self, tag: &Tag<'a>) {
        let role = Role::of(tag.name);
        if role.is_block() {
            // As in a browser, a block ends an open paragraph.
            self.tags.close_stored("p");
        }
        self.separate(role);
        match role {
            Role::Break => self.paragraph.end_line(),
            Role::Raw => self.tokens.skip_raw_text(tag.name),
            Role::Hidden => self.skip_hidden(tag),
            Role::List(kind) => self.containers.open_list(kind),
            Role::Quote => self.containers.open_quote(),
            Role::Item => {
                self.containers.open_item();
                // Closes the tags that were opened inside the previous item. The depth includes the new item.
                self.tags
                    .leave_containers(self.containers.depth().saturating_sub(1));
            }
            // A rule has no further effect: `separate` has ended the paragraph before it.
            Role::Empty | Role::Rule => {}
            Role::Format(_)
            | Role::Paragraph(_)
            | Role::Preformatted
            | Role::Line
            | Role::Unknown => {
                self.open_text(tag, role);
            }
            Role::Anchor | Role::Cell => {
                // An `<a>`, `<td>` or `<th>` ends an open element with the same name.
                self.tags.close_stored(tag.name);
                self.open_text(tag, role);
            }
        }
        // If too few nodes are left, `parse` stops after this tag.
        if matches!(role, Role::List(_) | Role::Quote | Role::Item) {
            self.budget.reserve(NODES_OF_CONTAINER);
        }
    }

    /// Opens a tag that determines how the text inside it looks.
    fn open_text(&mut self, tag: &Tag<'a>, role: Role) {
        // Elements other than `<a>` have no link, even if they have an `href`.
        let href = tag.href.filter(|_| role == Role::Anchor);
        self.tags.open(OpenTag {
            name: tag.name,
            role,
            change: tag
                .style
                .map(|style| StyleChange::parse(&decode(style, Context::Attribute)))
                .unwrap_or_default(),
            link: href.and_then(|href| Link::new(&decode(href, Context::Attribute))),
            depth: self.containers.depth(),
        });
    }

    /// Reads an end tag.
    fn close(&mut self, name: &str) {
        let role = Role::of(name);
        self.separate(role);
        match role {
            // As in a browser, `</br>` is a line break.
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

    /// Ends the line, the cell or the paragraph before a tag, as the role of the tag demands. Start tags and end tags have
    /// the same effect. (An inline tag ends nothing.)
    fn separate(&mut self, role: Role) {
        match role {
            Role::Line => self.paragraph.begin_line(),
            Role::Cell => self.paragraph.add_cell_gap(),
            _ if role.is_block() => self.end_paragraph(),
            _ => {}
        }
    }

    /// Adds the paragraph to the innermost container, and begins another paragraph. A paragraph that shows nothing is
    /// dropped.
    fn end_paragraph(&mut self) {
        if let Some(spans) = self.paragraph.finish(&mut self.budget) {
            self.containers.add(Block::Paragraph(spans));
        }
    }

    /// Skips an element with all its content. Its start tag has been read. Elements with the same name can be nested inside
    /// it. Only SVG and MathML elements can end in their start tag (`<svg/>`).
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

    /// Closes everything that is open, and returns the blocks of the message.
    fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        self.containers.finish()
    }
}

/// The number of nodes to reserve for a container: an item and the list that it may need. A list or a quote needs one node
/// only.
const NODES_OF_CONTAINER: usize = 2;
