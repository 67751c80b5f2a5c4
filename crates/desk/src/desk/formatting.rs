//! The formatting that an agent writes with a few marks, as in many messengers: `**bold**`, `*italic*`,
//! `[label](https://address)`, and lines that begin with `- `. A text with marks is sent as HTML.

/// A line of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Whether the line is an item of a list.
    pub(crate) is_item: bool,
    pub(crate) pieces: Vec<Piece>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Plain(String),
    Bold(String),
    Italic(String),
    Link { label: String, address: String },
}

/// Reads the marks of a text.
pub(crate) fn parse(text: &str) -> Vec<Line> {
    let read_line = |line: &str| {
        let item = line
            .strip_prefix("- ")
            .filter(|item| !item.trim().is_empty());
        Line {
            is_item: item.is_some(),
            pieces: parse_line(item.unwrap_or(line)),
        }
    };
    text.lines().map(read_line).collect()
}

/// The text as HTML; `None` if it has no marks, so that it is sent as plain text.
pub(crate) fn to_html(text: &str) -> Option<String> {
    let lines = parse(text);
    let is_plain = |line: &Line| {
        !line.is_item
            && line
                .pieces
                .iter()
                .all(|piece| matches!(piece, Piece::Plain(_)))
    };
    if lines.iter().all(is_plain) {
        return None;
    }
    let mut html = String::new();
    let mut is_in_list = false;
    for (index, line) in lines.iter().enumerate() {
        if line.is_item && !is_in_list {
            html.push_str("<ul>");
        } else if !line.is_item && is_in_list {
            html.push_str("</ul>");
        } else if !line.is_item && index > 0 {
            html.push_str("<br>");
        }
        is_in_list = line.is_item;
        html.push_str(if line.is_item { "<li>" } else { "" });
        line.pieces
            .iter()
            .for_each(|piece| push_piece(&mut html, piece));
        html.push_str(if line.is_item { "</li>" } else { "" });
    }
    html.push_str(if is_in_list { "</ul>" } else { "" });
    Some(html)
}

fn push_piece(html: &mut String, piece: &Piece) {
    let markup = match piece {
        Piece::Plain(text) => escaped(text),
        Piece::Bold(text) => format!("<b>{}</b>", escaped(text)),
        Piece::Italic(text) => format!("<i>{}</i>", escaped(text)),
        Piece::Link { label, address } => {
            format!("<a href=\"{}\">{}</a>", escaped(address), escaped(label))
        }
    };
    html.push_str(&markup);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Reads the pieces of a line. A mark without its end is a plain character.
fn parse_line(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let may_begin = !plain.ends_with(char::is_alphanumeric);
        let found = Some(rest).filter(|_| may_begin).and_then(marked);
        if let Some((piece, after)) = found {
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(piece);
            rest = after;
        } else {
            plain.push(character);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    pieces
}

/// The marked piece at the beginning of a text, and what follows it.
fn marked(text: &str) -> Option<(Piece, &str)> {
    if let Some(opened) = text.strip_prefix("**") {
        let (content, after) = enclosed(opened, "**")?;
        return Some((Piece::Bold(content), after));
    }
    if let Some(opened) = text.strip_prefix('*') {
        let (content, after) = enclosed(opened, "*")?;
        return Some((Piece::Italic(content), after));
    }
    let (label, after) = enclosed(text.strip_prefix('[')?, "](")?;
    let (address, after) = after.split_once(')')?;
    let is_web_address = address.starts_with("https://") || address.starts_with("http://");
    let link = Piece::Link {
        label,
        address: address.to_owned(),
    };
    (is_web_address && !address.contains(char::is_whitespace)).then_some((link, after))
}

/// The content before an end mark, and what follows the mark. `None` if there is no such mark, or if a blank stands beside one
/// of the marks, as in `2 * 3 * 4`.
fn enclosed<'a>(opened: &'a str, end: &str) -> Option<(String, &'a str)> {
    let (content, after) = opened.split_once(end)?;
    let is_tight = !content.is_empty() && content.trim() == content;
    is_tight.then(|| (content.to_owned(), after))
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn a_text_without_marks_is_plain() {
        for text in [
            "",
            "Hello!",
            "2 * 3 * 4",
            "2*3*4",
            "a ** b ** c",
            "-5 degrees",
            "- ",
            "*",
            "**",
            "****",
            "[1] see below",
            "[x](javascript:alert(1))",
            "[x](https://a b)",
            "a\nb",
            "<b>no</b>",
            "*open",
        ] {
            assert_eq!(to_html(text), None, "{text}");
        }
    }

    #[test]
    fn marks_become_html_and_everything_else_is_escaped() {
        for (text, html) in [
            ("It is **here**.", "It is <b>here</b>."),
            (
                "*Really* <sure> & \"so\"",
                "<i>Really</i> &lt;sure&gt; &amp; &quot;so&quot;",
            ),
            (
                "See [our *page*](https://a.example/?a=1&b=\"2\")!",
                "See <a href=\"https://a.example/?a=1&amp;b=&quot;2&quot;\">our *page*</a>!",
            ),
            (
                "You need:\n- a **pot**\n- soil\nThat is all.",
                "You need:<ul><li>a <b>pot</b></li><li>soil</li></ul>That is all.",
            ),
            ("- one", "<ul><li>one</li></ul>"),
            ("**a**\nb", "<b>a</b><br>b"),
            ("(**a**)", "(<b>a</b>)"),
        ] {
            assert_eq!(to_html(text).as_deref(), Some(html), "{text}");
        }
    }
}
