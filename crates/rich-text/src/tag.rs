//! The effects of HTML tags, and of the `style` attribute, on a message. `parse.rs` looks up each tag here.

use crate::steps::count_steps;
use crate::{ListKind, Style};

/// The effect of a tag, as its name determines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The text inside the tag has this style. The style continues after the end of the block in which the tag was opened,
    /// up to the end tag.
    Format(Style),
    /// A link, if the address in its `href` is valid.
    Anchor,
    /// A line break.
    Break,
    /// A paragraph of its own, in this style.
    Paragraph(Style),
    /// A paragraph of code, in which white space is kept.
    Preformatted,
    /// A line of its own.
    Line,
    /// A cell of a table. The cells of a row are on one line.
    Cell,
    /// A list with bullets or numbers.
    List(ListKind),
    /// An item of a list.
    Item,
    /// A quotation.
    Quote,
    /// A horizontal rule, which ends a paragraph and has no content.
    Rule,
    /// An element that has no content, and that a message does not show, such as an image.
    Empty,
    /// An element whose content is not markup (such as a script) and is not shown.
    Raw,
    /// An element whose content is markup that must not be shown, such as a template, a drawing or a menu of a form.
    Hidden,
    /// A tag that is removed. Its content is treated as if the tag were absent.
    Unknown,
}

impl Role {
    /// The role of the tag with this name, in any case.
    pub(crate) fn of(tag: &str) -> Self {
        let lower_case = tag.bytes().map(|byte| byte.to_ascii_lowercase());
        let compare = |(name, _): &(&str, Self)| {
            count_steps(1);
            name.bytes().cmp(lower_case.clone())
        };
        let index = ROLES.binary_search_by(compare);
        index
            .ok()
            .and_then(|index| ROLES.get(index))
            .map_or(Self::Unknown, |(_, role)| *role)
    }

    /// Whether the tag separates its content from the text around it, for example as a line, a cell or a paragraph. A
    /// rule, which has no content, separates the text before it from the text after it.
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

    /// Whether the tag stays open until its own end tag, even if the block around it ends.
    pub(crate) fn outlives_blocks(self) -> bool {
        matches!(self, Self::Format(_) | Self::Anchor)
    }

    /// The style that the tag gives to the text inside it. Plain if the tag changes no style.
    pub(crate) fn style(self) -> Style {
        match self {
            Self::Format(style) | Self::Paragraph(style) => style,
            Self::Preformatted => Style::CODE,
            _ => Style::PLAIN,
        }
    }
}

/// The tags and their roles, in alphabetical order. All other tags are [`Role::Unknown`].
#[rustfmt::skip]
const ROLES: [(&str, Role); 97] = [
    ("a", Role::Anchor),
    ("address", Role::Line),
    ("applet", Role::Hidden),
    ("area", Role::Empty),
    ("article", Role::Line),
    ("aside", Role::Line),
    ("audio", Role::Hidden),
    ("b", Role::Format(Style::BOLD)),
    ("base", Role::Empty),
    ("basefont", Role::Empty),
    ("bgsound", Role::Empty),
    ("blockquote", Role::Quote),
    ("body", Role::Line),
    ("br", Role::Break),
    ("canvas", Role::Hidden),
    ("caption", Role::Line),
    ("center", Role::Line),
    ("cite", Role::Format(Style::ITALIC)),
    ("code", Role::Format(Style::CODE)),
    ("col", Role::Empty),
    ("datalist", Role::Hidden),
    ("dd", Role::Line),
    ("details", Role::Line),
    ("dfn", Role::Format(Style::ITALIC)),
    ("dialog", Role::Line),
    ("dir", Role::List(ListKind::Bulleted)),
    ("div", Role::Line),
    ("dl", Role::Paragraph(Style::PLAIN)),
    ("dt", Role::Line),
    ("em", Role::Format(Style::ITALIC)),
    ("embed", Role::Empty),
    ("fieldset", Role::Line),
    ("figcaption", Role::Line),
    ("figure", Role::Line),
    ("footer", Role::Line),
    ("form", Role::Line),
    ("frame", Role::Empty),
    ("h1", Role::Paragraph(Style::BOLD)),
    ("h2", Role::Paragraph(Style::BOLD)),
    ("h3", Role::Paragraph(Style::BOLD)),
    ("h4", Role::Paragraph(Style::BOLD)),
    ("h5", Role::Paragraph(Style::BOLD)),
    ("h6", Role::Paragraph(Style::BOLD)),
    ("header", Role::Line),
    ("hr", Role::Rule),
    ("html", Role::Line),
    ("i", Role::Format(Style::ITALIC)),
    ("iframe", Role::Raw),
    ("image", Role::Empty),
    ("img", Role::Empty),
    ("input", Role::Empty),
    ("ins", Role::Format(Style::UNDERLINE)),
    ("kbd", Role::Format(Style::CODE)),
    ("keygen", Role::Empty),
    ("legend", Role::Line),
    ("li", Role::Item),
    ("link", Role::Empty),
    ("listing", Role::Preformatted),
    ("main", Role::Line),
    ("math", Role::Hidden),
    ("menu", Role::List(ListKind::Bulleted)),
    ("meta", Role::Empty),
    ("nav", Role::Line),
    ("noembed", Role::Raw),
    ("noframes", Role::Raw),
    ("noscript", Role::Raw),
    ("object", Role::Hidden),
    ("ol", Role::List(ListKind::Numbered(1))),
    ("p", Role::Paragraph(Style::PLAIN)),
    ("param", Role::Empty),
    ("portal", Role::Hidden),
    ("pre", Role::Preformatted),
    ("samp", Role::Format(Style::CODE)),
    ("script", Role::Raw),
    ("section", Role::Line),
    ("select", Role::Hidden),
    ("source", Role::Empty),
    ("strong", Role::Format(Style::BOLD)),
    ("style", Role::Raw),
    ("summary", Role::Line),
    ("svg", Role::Hidden),
    ("table", Role::Paragraph(Style::PLAIN)),
    ("td", Role::Cell),
    ("template", Role::Hidden),
    ("textarea", Role::Raw),
    ("th", Role::Cell),
    ("title", Role::Raw),
    ("tr", Role::Line),
    ("track", Role::Empty),
    ("tt", Role::Format(Style::CODE)),
    ("u", Role::Format(Style::UNDERLINE)),
    ("ul", Role::List(ListKind::Bulleted)),
    ("var", Role::Format(Style::ITALIC)),
    ("video", Role::Hidden),
    ("wbr", Role::Empty),
    ("xml", Role::Hidden),
    ("xmp", Role::Raw),
];

/// The styles that a style attribute adds to a text, and those that it removes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StyleChange {
    /// The styles to add.
    pub(crate) adds: Style,
    /// The styles to remove.
    pub(crate) removes: Style,
}

impl StyleChange {
    /// Parses the declarations of a style attribute, in which HTML entities have been decoded. Unknown declarations are
    /// ignored.
    pub(crate) fn parse(declarations: &str) -> Self {
        let mut change = Self::default();
        for (property, value) in declarations
            .split(';')
            .filter_map(|declaration| declaration.split_once(':'))
        {
            let has_any = |keywords: &str| {
                let is_keyword = |word: &str| {
                    keywords
                        .split(' ')
                        .any(|keyword| keyword.eq_ignore_ascii_case(word))
                };
                value.split_ascii_whitespace().any(is_keyword)
            };
            let name = property.trim_ascii();
            if name.eq_ignore_ascii_case("font-weight") {
                change.set(
                    Style::BOLD,
                    has_any("bold bolder 600 700 800 900"),
                    has_any("normal lighter 100 200 300 400 500"),
                );
            } else if name.eq_ignore_ascii_case("font-style") {
                change.set(Style::ITALIC, has_any("italic oblique"), has_any("normal"));
            } else if name.eq_ignore_ascii_case("text-decoration")
                || name.eq_ignore_ascii_case("text-decoration-line")
            {
                // As in a browser, an inner element cannot remove the underline of an outer one.
                change.set(Style::UNDERLINE, has_any("underline"), false);
            }
        }
        change
    }

    /// Adds or removes a style. This replaces what an earlier declaration does to the style. A declaration that neither
    /// adds nor removes the style changes nothing.
    fn set(&mut self, style: Style, adds: bool, removes: bool) {
        if adds {
            self.adds = self.adds.with(style);
            self.removes = self.removes.without(style);
        } else if removes {
            self.removes = self.removes.with(style);
            self.adds = self.adds.without(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_are_in_the_order_that_the_search_needs() {
        assert!(ROLES.is_sorted_by(|(one, _), (other, _)| one < other));
    }

    #[test]
    fn tag_names_are_read_in_any_case() {
        assert_eq!(Role::of("B"), Role::Format(Style::BOLD));
        assert_eq!(Role::of("ScRiPt"), Role::Raw);
        assert_eq!(Role::of("scrip"), Role::Unknown);
        assert_eq!(Role::of(""), Role::Unknown);
    }

    #[test]
    fn declarations_add_styles() {
        let change = StyleChange::parse(
            "color:red; FONT-WEIGHT : Bold !important;font-style:italic;text-decoration: dotted underline",
        );
        assert_eq!(
            change.adds,
            Style::BOLD.with(Style::ITALIC).with(Style::UNDERLINE)
        );
        assert_eq!(change.removes, Style::PLAIN);
    }

    #[test]
    fn declarations_remove_styles() {
        let change = StyleChange::parse("font-weight:400;font-style:normal;text-decoration:none");
        assert_eq!(
            change,
            StyleChange {
                adds: Style::PLAIN,
                removes: Style::BOLD.with(Style::ITALIC)
            }
        );
    }

    #[test]
    fn the_last_declaration_counts() {
        assert_eq!(
            StyleChange::parse("font-weight:bold;font-weight:normal").removes,
            Style::BOLD
        );
        assert_eq!(
            StyleChange::parse("font-weight:normal;font-weight:700").adds,
            Style::BOLD
        );
    }

    #[test]
    fn other_declarations_are_ignored() {
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
            assert_eq!(StyleChange::parse(text), StyleChange::default(), "{text}");
        }
    }
}
