//! What the tags of HTML and the style attribute mean for a message.

use crate::{ListKind, Style};

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The text in it has a style, also past the end of a block that it was opened in.
    Format(Style),
    Anchor,
    Break,
    /// It stands in a paragraph of its own, in this style.
    Paragraph(Style),
    /// White space in it counts; a paragraph of code.
    Preformatted,
    /// It begins on a line of its own.
    Line,
    /// A cell of a table, in one line with the others.
    Cell,
    List(ListKind),
    Item,
    Quote,
    /// A line across: ends a paragraph and holds nothing.
    Rule,
    /// It holds nothing and shows nothing.
    Empty,
    /// What it holds is not markup, and not seen.
    Raw,
    /// What it holds is markup that is not seen, or drawn in a way of its own.
    Hidden,
    /// The tag vanishes; what it holds is text as any other.
    Unknown,
}

impl Role {
    pub(crate) fn of(tag: &str) -> Self {
        let knows = |names: &str| names.split(' ').any(|name| name.eq_ignore_ascii_case(tag));
        ROLES
            .iter()
            .find(|(_, names)| knows(names))
            .map_or(Self::Unknown, |(role, _)| *role)
    }

    /// Whether its tags begin and end a line or more, so that no paragraph goes on through them.
    pub(crate) fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Format(_)
                | Self::Anchor
                | Self::Break
                | Self::Empty
                | Self::Raw
                | Self::Hidden
                | Self::Unknown
        )
    }

    /// Whether it goes on until it is closed, whatever is closed around it.
    pub(crate) fn outlives_blocks(self) -> bool {
        matches!(self, Self::Format(_) | Self::Anchor)
    }

    /// How the text in it looks.
    pub(crate) fn style(self) -> Style {
        match self {
            Self::Format(style) | Self::Paragraph(style) => style,
            Self::Preformatted => Style::CODE,
            _ => Style::PLAIN,
        }
    }
}

const ROLES: [(Role, &str); 19] = [
    (Role::Format(Style::BOLD), "b strong"),
    (Role::Format(Style::ITALIC), "i em cite dfn var"),
    (Role::Format(Style::UNDERLINE), "u ins"),
    (Role::Format(Style::CODE), "code kbd samp tt"),
    (Role::Anchor, "a"),
    (Role::Break, "br"),
    (Role::Paragraph(Style::PLAIN), "p table dl"),
    (Role::Paragraph(Style::BOLD), "h1 h2 h3 h4 h5 h6"),
    (Role::Preformatted, "pre listing"),
    (
        Role::Line,
        "div tr caption dt dd address article aside center details dialog fieldset figcaption figure footer form \
         header legend main nav section summary body html",
    ),
    (Role::Cell, "td th"),
    (Role::List(ListKind::Bulleted), "ul menu dir"),
    (Role::List(ListKind::Numbered), "ol"),
    (Role::Item, "li"),
    (Role::Quote, "blockquote"),
    (Role::Rule, "hr"),
    (
        Role::Empty,
        "area base basefont bgsound col embed frame image img input keygen link meta param source track wbr",
    ),
    (
        Role::Raw,
        "iframe noembed noframes noscript script style textarea title xmp",
    ),
    (
        Role::Hidden,
        "applet audio canvas datalist math object portal select svg template video xml",
    ),
];

/// What a style attribute adds to a text's style, and what it takes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) adds: Style,
    pub(crate) removes: Style,
}

impl Change {
    /// Reads the declarations of a style attribute, entities decoded.
    pub(crate) fn of(declarations: &str) -> Self {
        let mut change = Self::default();
        for (property, value) in declarations
            .split(';')
            .filter_map(|declaration| declaration.split_once(':'))
        {
            let says = |words: &str| {
                let said = |word: &str| words.split(' ').any(|one| one.eq_ignore_ascii_case(word));
                value.split_ascii_whitespace().any(said)
            };
            let property = property.trim_ascii();
            if property.eq_ignore_ascii_case("font-weight") {
                change.set(
                    Style::BOLD,
                    says("bold bolder 600 700 800 900"),
                    says("normal lighter 100 200 300 400 500"),
                );
            } else if property.eq_ignore_ascii_case("font-style") {
                change.set(Style::ITALIC, says("italic oblique"), says("normal"));
            } else if property.eq_ignore_ascii_case("text-decoration")
                || property.eq_ignore_ascii_case("text-decoration-line")
            {
                // What is inside cannot take the line away, as in a browser.
                change.set(Style::UNDERLINE, says("underline"), false);
            }
        }
        change
    }

    fn set(&mut self, style: Style, on: bool, off: bool) {
        if on {
            self.adds = self.adds.with(style);
            self.removes = self.removes.without(style);
        } else if off {
            self.removes = self.removes.with(style);
            self.adds = self.adds.without(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case() {
        assert_eq!(Role::of("B"), Role::Format(Style::BOLD));
        assert_eq!(Role::of("ScRiPt"), Role::Raw);
        assert_eq!(Role::of("scrip"), Role::Unknown);
        assert_eq!(Role::of(""), Role::Unknown);
    }

    #[test]
    fn declarations() {
        let change = Change::of(
            "color:red; FONT-WEIGHT : Bold !important;font-style:italic;text-decoration: dotted underline",
        );
        assert_eq!(
            change.adds,
            Style::BOLD.with(Style::ITALIC).with(Style::UNDERLINE)
        );
        assert_eq!(change.removes, Style::PLAIN);
    }

    #[test]
    fn declarations_that_take_away() {
        let change = Change::of("font-weight:400;font-style:normal;text-decoration:none");
        assert_eq!(
            change,
            Change {
                adds: Style::PLAIN,
                removes: Style::BOLD.with(Style::ITALIC)
            }
        );
    }

    #[test]
    fn the_last_declaration_counts() {
        assert_eq!(
            Change::of("font-weight:bold;font-weight:normal").removes,
            Style::BOLD
        );
        assert_eq!(
            Change::of("font-weight:normal;font-weight:700").adds,
            Style::BOLD
        );
    }

    #[test]
    fn everything_else_is_nothing() {
        for text in [
            "",
            ";:;",
            "font-weight",
            "font-weight:",
            "font-weight:12",
            "x-font-weight:bold",
            "background:url(//alarm.example)",
            "font-weight:expression(alarm(1))",
        ] {
            assert_eq!(Change::of(text), Change::default(), "{text}");
        }
    }
}
