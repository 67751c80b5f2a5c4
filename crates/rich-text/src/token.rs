//! Splits HTML into texts, start tags and end tags, at the same positions as a browser does (HTML standard, section
//! 13.2.5). Rare markup differs: CDATA sections, attribute names that begin with `=`, and the ends of scripts that
//! contain `<!--`. HTML comments, CDATA sections, doctypes and processing instructions are skipped. In this file, the
//! *markup* is the HTML text that is split.

use crate::split_before;
use crate::steps::count_steps;

/// A token of the markup.
pub(crate) enum Token<'a> {
    /// A text as it is written. Its entities are not decoded. The next token may be a text as well.
    Text(&'a str),
    /// A start tag, such as `<b>`.
    Open(Tag<'a>),
    /// The name of an end tag, as it is written.
    Close(&'a str),
}

/// A start tag. Attributes other than `href` and `style` are ignored.
#[derive(Default)]
pub(crate) struct Tag<'a> {
    /// The name of the tag, as it is written.
    pub(crate) name: &'a str,
    /// The value of the first attribute `href`, as it is written. Its entities are not decoded. `None` if the tag has
    /// none.
    pub(crate) href: Option<&'a str>,
    /// The value of the first attribute `style`, as it is written. Its entities are not decoded. `None` if the tag has
    /// none.
    pub(crate) style: Option<&'a str>,
    /// Whether the tag ends in `/>`. That ends the element only in SVG and MathML.
    pub(crate) closes_itself: bool,
}

/// Iterates over the tokens of the markup. A tag that the end of the markup cuts off is no token.
pub(crate) struct Tokens<'a> {
    /// The markup that has not been read yet.
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while !self.rest.is_empty() {
            let text = self.take_until(|c| c == '<');
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
            let from_less_than = self.rest;
            self.skip('<');
            if self.begins_name() {
                return self.read_tag().map(Token::Open);
            }
            if self.skip('!') {
                self.skip_declaration();
            } else if self.skip('?') {
                self.skip_past_tag_end();
            } else if !self.skip('/') {
                // A `<` that begins no tag is text.
                return from_less_than.get(..1).map(Token::Text);
            } else if self.begins_name() {
                return self.read_tag().map(|tag| Token::Close(tag.name));
            } else {
                self.skip_past_tag_end();
            }
        }
        None
    }
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(markup: &'a str) -> Self {
        Self { rest: markup }
    }

    /// Skips the content of an element whose content contains no tags, such as a script, and its end tag. If the end
    /// tag is missing, skips the rest of the markup.
    pub(crate) fn skip_raw_text(&mut self, element: &str) {
        while self.skip_past('<') {
            if !self.skip('/') {
                continue;
            }
            let name = self.take_until(ends_name);
            if name.eq_ignore_ascii_case(element) {
                self.skip_past_tag_end();
                return;
            }
        }
    }

    /// Reads a tag from its name up to its `>`. Returns `None` if the markup ends before the `>`.
    fn read_tag(&mut self) -> Option<Tag<'a>> {
        let mut tag = Tag {
            name: self.take_until(ends_name),
            ..Tag::default()
        };
        loop {
            let between = self.take_until(|c| !c.is_ascii_whitespace() && c != '/');
            if self.skip('>') {
                tag.closes_itself = between.ends_with('/');
                return Some(tag);
            }
            if self.rest.is_empty() {
                return None;
            }
            let (name, value) = self.read_attribute()?;
            // As in a browser, a second attribute with the same name is ignored.
            if name.eq_ignore_ascii_case("href") {
                tag.href.get_or_insert(value);
            } else if name.eq_ignore_ascii_case("style") {
                tag.style.get_or_insert(value);
            }
        }
    }

    /// Reads an attribute, and returns its name and its value. The value is empty if the attribute has none. Returns
    /// `None` if the markup ends inside the quotes of the value.
    fn read_attribute(&mut self) -> Option<(&'a str, &'a str)> {
        let name = self.take_until(|c| ends_name(c) || c == '=');
        self.skip_space();
        if !self.skip('=') {
            return Some((name, ""));
        }
        self.skip_space();
        let value = if self.skip('"') {
            let value = self.take_until(|c| c == '"');
            self.skip('"').then_some(value)?
        } else if self.skip('\'') {
            let value = self.take_until(|c| c == '\'');
            self.skip('\'').then_some(value)?
        } else {
            self.take_until(|c| c.is_ascii_whitespace() || c == '>')
        };
        Some((name, value))
    }

    /// Skips a comment, a CDATA section or a doctype. The `<!` has been read.
    fn skip_declaration(&mut self) {
        if let Some(comment) = self.rest.strip_prefix("--") {
            self.rest = comment;
            // As in a browser, `<!-->` and `<!--->` are complete comments.
            if let Some(rest) = comment
                .strip_prefix('>')
                .or_else(|| comment.strip_prefix("->"))
            {
                self.rest = rest;
            } else {
                self.skip_past_sequence('-', "->", "-!>");
            }
        } else if self.rest.starts_with("[CDATA[") {
            // A browser ends the section at its first `>`, and shows the rest of the section as text. The rest may be
            // code, so here the section ends at `]]>`.
            self.skip_past_sequence(']', "]>", "]>");
        } else {
            self.skip_past_tag_end();
        }
    }

    /// Skips everything up to and including the first sequence that consists of the character `first` and one of the
    /// two endings. If there is none, skips the rest of the markup.
    fn skip_past_sequence(&mut self, first: char, ending: &str, other_ending: &str) {
        while self.skip_past(first) {
            if let Some(rest) = self
                .rest
                .strip_prefix(ending)
                .or_else(|| self.rest.strip_prefix(other_ending))
            {
                self.rest = rest;
                return;
            }
        }
    }

    /// Skips everything up to and including the next `>`.
    fn skip_past_tag_end(&mut self) {
        self.skip_past('>');
    }

    /// Skips everything up to and including the next `end`, and returns true. If `end` does not occur, skips the rest
    /// of the markup and returns false.
    fn skip_past(&mut self, end: char) -> bool {
        let found = self.rest.split_once(end);
        count_steps(found.map_or(self.rest, |(skipped, _)| skipped).len());
        self.rest = found.map_or("", |(_, rest)| rest);
        found.is_some()
    }

    /// Reads up to the first character for which `is_end` is true, or up to the end of the markup.
    fn take_until(&mut self, is_end: fn(char) -> bool) -> &'a str {
        let (before, rest) = split_before(self.rest, is_end);
        count_steps(before.len());
        self.rest = rest;
        before
    }

    /// Skips this character and returns true if it is the next one. Otherwise does nothing and returns false.
    fn skip(&mut self, character: char) -> bool {
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    /// Whether the rest begins with the name of a tag.
    fn begins_name(&self) -> bool {
        self.rest.starts_with(|c: char| c.is_ascii_alphabetic())
    }
}

/// Whether a character ends the name of a tag.
fn ends_name(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, '/' | '>')
}
