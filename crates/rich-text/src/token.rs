//! Splits markup into text, start tags and end tags, at the same positions as a browser (HTML, 13.2.5).
//! Comments, CDATA, doctypes and processing instructions are skipped.

use crate::split_before;

/// A token of the markup.
pub(crate) enum Token<'a> {
    /// A text, as written, with its entities.
    Text(&'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag: its name, as written.
    Close(&'a str),
}

/// A start tag. Other attributes are ignored.
#[derive(Default)]
pub(crate) struct Tag<'a> {
    /// The name of the tag, as written.
    pub(crate) name: &'a str,
    /// The first attribute `href`, as written, with its entities.
    pub(crate) href: Option<&'a str>,
    /// The first attribute `style`, as written, with its entities.
    pub(crate) style: Option<&'a str>,
    /// Whether the tag ends in `/>`. That matters only in SVG and MathML.
    pub(crate) closes_itself: bool,
}

/// Iterates over the tokens of the markup.
pub(crate) struct Tokens<'a> {
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
            let from_sign = self.rest;
            self.skip('<');
            if self.begins_name() {
                return self.read_tag().map(Token::Open);
            }
            if self.skip('!') {
                self.skip_declaration();
            } else if self.skip('?') {
                self.skip_past_tag_end();
            } else if !self.skip('/') {
                return from_sign.get(..1).map(Token::Text);
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

    /// Skips the content of an element that contains no markup, and its end tag.
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

    /// Reads a tag from its name up to its `>`; `None` if the markup ends before that.
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
            // As in a browser, the first attribute with a name counts.
            if name.eq_ignore_ascii_case("href") {
                tag.href.get_or_insert(value);
            } else if name.eq_ignore_ascii_case("style") {
                tag.style.get_or_insert(value);
            }
        }
    }

    /// Reads the name and the value of an attribute; `None` if the markup ends inside its quotes.
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
            if let Some(rest) = comment
                .strip_prefix('>')
                .or_else(|| comment.strip_prefix("->"))
            {
                self.rest = rest;
            } else {
                self.skip_past_sequence('-', "->", "-!>");
            }
        } else if self.rest.starts_with("[CDATA[") {
            // A browser ends the section at the first `>`. That would show the code after it as text.
            self.skip_past_sequence(']', "]>", "]>");
        } else {
            self.skip_past_tag_end();
        }
    }

    /// Skips everything up to and including `first` that is followed by `then` or `or_then`.
    fn skip_past_sequence(&mut self, first: char, then: &str, or_then: &str) {
        while self.skip_past(first) {
            if let Some(rest) = self
                .rest
                .strip_prefix(then)
                .or_else(|| self.rest.strip_prefix(or_then))
            {
                self.rest = rest;
                return;
            }
        }
    }

    fn skip_past_tag_end(&mut self) {
        self.skip_past('>');
    }

    /// Skips everything up to and including `end`. If `end` does not occur, skips the rest and returns false.
    fn skip_past(&mut self, end: char) -> bool {
        let found = self.rest.split_once(end);
        self.rest = found.map_or("", |(_, rest)| rest);
        found.is_some()
    }

    /// Reads up to the first character that is an end, or to the end of the markup.
    fn take_until(&mut self, is_end: fn(char) -> bool) -> &'a str {
        let (before, rest) = split_before(self.rest, is_end);
        self.rest = rest;
        before
    }

    /// Skips this character if it is the next one. Returns whether it was.
    fn skip(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    /// Whether a name follows.
    fn begins_name(&self) -> bool {
        self.rest.starts_with(|c: char| c.is_ascii_alphabetic())
    }
}

fn ends_name(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '/' | '>')
}
