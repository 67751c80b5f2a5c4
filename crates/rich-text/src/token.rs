//! Markup in pieces: text, tags that open, tags that close. Where each begins and ends is as in a
//! browser (HTML, 13.2.5); comments, CDATA, doctypes and processing instructions are passed over.

use crate::split_before;

/// A piece of markup.
pub(crate) enum Token<'a> {
    /// Text as written, with its entities.
    Text(&'a str),
    Open(Tag<'a>),
    /// The name of a tag that closes, as written.
    Close(&'a str),
}

/// A tag that opens. Its other attributes are never looked at.
#[derive(Default)]
pub(crate) struct Tag<'a> {
    /// Its name as written.
    pub(crate) name: &'a str,
    /// As written, with its entities.
    pub(crate) href: Option<&'a str>,
    /// As written, with its entities.
    pub(crate) style: Option<&'a str>,
    /// Whether it ends in `/>`, which counts in SVG and MathML only.
    pub(crate) closes_itself: bool,
}

/// The pieces of a markup, in order.
pub(crate) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while !self.rest.is_empty() {
            let text = self.until(|c| c == '<');
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
            let sign = self.rest;
            self.skip('<');
            if self.begins_name() {
                return self.tag().map(Token::Open);
            }
            if self.skip('!') {
                self.declaration();
            } else if self.skip('?') {
                self.past_end_of_tag();
            } else if !self.skip('/') {
                return sign.get(..1).map(Token::Text);
            } else if self.begins_name() {
                return self.tag().map(|tag| Token::Close(tag.name));
            } else {
                self.past_end_of_tag();
            }
        }
        None
    }
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(markup: &'a str) -> Self {
        Self { rest: markup }
    }

    /// Passes over the text of an element that holds no markup, and over the tag that closes it.
    pub(crate) fn skip_raw_text(&mut self, element: &str) {
        while self.until_and_past('<') {
            if !self.skip('/') {
                continue;
            }
            let name = self.until(ends_name);
            if name.eq_ignore_ascii_case(element) {
                self.past_end_of_tag();
                return;
            }
        }
    }

    /// A tag from its name to behind its `>`; none if the markup ends before.
    fn tag(&mut self) -> Option<Tag<'a>> {
        let mut tag = Tag {
            name: self.until(ends_name),
            ..Tag::default()
        };
        loop {
            let between = self.until(|c| !c.is_ascii_whitespace() && c != '/');
            if self.skip('>') {
                tag.closes_itself = between.ends_with('/');
                return Some(tag);
            }
            if self.rest.is_empty() {
                return None;
            }
            let (name, value) = self.attribute()?;
            // As in a browser, the first one counts.
            if name.eq_ignore_ascii_case("href") {
                tag.href.get_or_insert(value);
            } else if name.eq_ignore_ascii_case("style") {
                tag.style.get_or_insert(value);
            }
        }
    }

    /// An attribute's name and value; none if the markup ends in its quotes.
    fn attribute(&mut self) -> Option<(&'a str, &'a str)> {
        let name = self.until(|c| ends_name(c) || c == '=');
        self.skip_space();
        if !self.skip('=') {
            return Some((name, ""));
        }
        self.skip_space();
        let value = if self.skip('"') {
            let value = self.until(|c| c == '"');
            self.skip('"').then_some(value)?
        } else if self.skip('\'') {
            let value = self.until(|c| c == '\'');
            self.skip('\'').then_some(value)?
        } else {
            self.until(|c| c.is_ascii_whitespace() || c == '>')
        };
        Some((name, value))
    }

    /// Passes over what begins with `<!`.
    fn declaration(&mut self) {
        if let Some(comment) = self.rest.strip_prefix("--") {
            self.rest = comment;
            if let Some(rest) = comment
                .strip_prefix('>')
                .or_else(|| comment.strip_prefix("->"))
            {
                self.rest = rest;
            } else {
                self.past('-', "->", "-!>");
            }
        } else if self.rest.starts_with("[CDATA[") {
            // A browser ends it at the first `>`, but then its code would be read as text.
            self.past(']', "]>", "]>");
        } else {
            self.past_end_of_tag();
        }
    }

    /// Passes over everything up to and with `first` and one of the two that may follow it.
    fn past(&mut self, first: char, then: &str, or_then: &str) {
        while self.until_and_past(first) {
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

    fn past_end_of_tag(&mut self) {
        self.until_and_past('>');
    }

    /// Passes over everything up to and with `end`; false if it is not there, and nothing is left.
    fn until_and_past(&mut self, end: char) -> bool {
        let found = self.rest.split_once(end);
        self.rest = found.map_or("", |(_, rest)| rest);
        found.is_some()
    }

    /// What stands before the first character that is an end, or all that is left.
    fn until(&mut self, is_end: fn(char) -> bool) -> &'a str {
        let (before, rest) = split_before(self.rest, is_end);
        self.rest = rest;
        before
    }

    fn skip(&mut self, sign: char) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn begins_name(&self) -> bool {
        self.rest.starts_with(|c: char| c.is_ascii_alphabetic())
    }
}

fn ends_name(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '/' | '>')
}
