//! Writes a conversation as a file that the visitor keeps: plain text, or an HTML document that loads nothing and runs
//! no script. Any name or message may come from a hostile person. Therefore the HTML document escapes every text, and
//! the plain text indents all lines of a name or message except the first, so that no message can look like two
//! messages.

/// The content of the file. Its texts are not escaped.
pub(crate) struct TranscriptFile {
    /// The headline. The host (the web page that embeds the chat) chooses it, so the plain text does not indent it.
    pub(crate) title: String,
    /// The day on which the conversation began, in the visitor's language.
    pub(crate) day: String,
    /// The tag of the visitor's language, such as `de-AT`.
    pub(crate) language: String,
    /// The direction in which the visitor's language is written: `ltr` or `rtl`.
    pub(crate) direction: &'static str,
    pub(crate) lines: Vec<TranscriptLine>,
}

/// One message or notice.
pub(crate) struct TranscriptLine {
    /// The time of day in the visitor's language.
    pub(crate) time: String,
    pub(crate) author: LineAuthor,
    pub(crate) text: String,
    /// A remark on the delivery, such as that the message may not have arrived.
    pub(crate) remark: Option<String>,
}

/// The author of a line, with the name to be shown.
pub(crate) enum LineAuthor {
    Visitor(String),
    Agent(String),
    /// The line is a notice.
    Nobody,
}

/// The Content-Security-Policy of the HTML document, in a `<meta>` element: no scripts, no loading, no forms.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The style sheet of the HTML document.
const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
body{max-width:40rem;margin:2rem auto;padding:0 1rem}\
h1{margin:0;font-size:1.375rem}h2{margin:0;font-size:.8125rem}\
section{margin:1rem 0;break-inside:avoid}\
p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}\
time,small,.day,.notice{font-size:.8125rem;font-weight:400;opacity:.75}\
.mine{padding-inline-start:1rem;border-inline-start:3px solid}";

impl TranscriptFile {
    /// The file as plain text. Each message and each notice begins on a new line. The further lines of its name and its
    /// text are indented, so that none of them looks like another message.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for piece in [&*self.title, "\n", &self.day, "\n\n"] {
            text.push_str(piece);
        }
        for line in &self.lines {
            for piece in ["[", &line.time, "] "] {
                text.push_str(piece);
            }
            if let Some(name) = line.author.name() {
                push_indented(&mut text, name);
                text.push_str(": ");
            }
            push_indented(&mut text, &line.text);
            if let Some(remark) = &line.remark {
                for piece in [" (", remark, ")"] {
                    text.push_str(piece);
                }
            }
            text.push('\n');
        }
        text
    }

    /// The file as an HTML document.
    pub(crate) fn html(&self) -> String {
        let mut page = HtmlPage(String::new());
        page.markup("<!doctype html>\n<html lang=\"")
            .text(&self.language);
        page.markup("\" dir=\"").text(self.direction);
        page.markup("\">\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"");
        page.markup(POLICY);
        page.markup("\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
        page.text(&self.title)
            .markup("</title>\n<style>")
            .markup(STYLE);
        page.markup("</style>\n<h1 dir=\"auto\">").text(&self.title);
        page.markup("</h1>\n<p class=\"day\">")
            .text(&self.day)
            .markup("</p>\n");
        for line in &self.lines {
            page.line(line);
        }
        page.0
    }
}

impl LineAuthor {
    /// The name to be shown; `None` for a notice.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Visitor(name) | Self::Agent(name) => Some(name),
            Self::Nobody => None,
        }
    }
}

/// Appends `added` and indents each of its lines except the first.
fn push_indented(text: &mut String, added: &str) {
    let is_line_break = |character: char| {
        matches!(
            character,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    for (index, line) in added.replace("\r\n", "\n").split(is_line_break).enumerate() {
        if index > 0 {
            text.push_str("\n    ");
        }
        text.push_str(line);
    }
}

/// An HTML document that is being written.
struct HtmlPage(String);

impl HtmlPage {
    /// Appends markup unchanged. The markup must not contain any text of a person.
    fn markup(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Escapes a text and appends it.
    fn text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                character => self.0.push(character),
            }
        }
        self
    }

    /// Appends one message or notice.
    fn line(&mut self, line: &TranscriptLine) {
        self.markup(match line.author {
            LineAuthor::Visitor(_) => "<section class=\"mine\">",
            LineAuthor::Agent(_) => "<section>",
            LineAuthor::Nobody => "<section class=\"notice\">",
        });
        if let Some(name) = line.author.name() {
            self.markup("<h2><bdi>").text(name).markup("</bdi> ");
            self.markup("<time>")
                .text(&line.time)
                .markup("</time></h2>");
        } else {
            self.markup("<time>").text(&line.time).markup("</time>");
        }
        self.markup("<p dir=\"auto\">")
            .text(&line.text)
            .markup("</p>");
        if let Some(remark) = &line.remark {
            self.markup("<small>").text(remark).markup("</small>");
        }
        self.markup("</section>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: Vec<TranscriptLine>) -> TranscriptFile {
        TranscriptFile {
            title: "Fernhill support".to_owned(),
            day: "20 November 2026".to_owned(),
            language: "en".to_owned(),
            direction: "ltr",
            lines,
        }
    }

    fn line(author: LineAuthor, text: &str) -> TranscriptLine {
        TranscriptLine {
            time: "10:42".to_owned(),
            author,
            text: text.to_owned(),
            remark: None,
        }
    }

    #[test]
    fn the_text_has_author_time_and_message() {
        let with_remark = TranscriptLine {
            remark: Some("May not have been delivered".to_owned()),
            ..line(LineAuthor::Visitor("You".to_owned()), "Hello?")
        };
        let text = file(vec![
            line(LineAuthor::Nobody, "Ana Marques joined"),
            line(LineAuthor::Agent("Ana Marques".to_owned()), "Good day."),
            with_remark,
        ])
        .text();
        assert_eq!(
            text,
            "Fernhill support\n20 November 2026\n\n\
             [10:42] Ana Marques joined\n\
             [10:42] Ana Marques: Good day.\n\
             [10:42] You: Hello? (May not have been delivered)\n"
        );
    }

    #[test]
    fn no_message_looks_like_two_messages() {
        for end in [
            "\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}",
        ] {
            for author in [
                LineAuthor::Visitor("You".to_owned()),
                LineAuthor::Agent(format!("Eve{end}[10:43] Ana")),
            ] {
                let text = file(vec![line(
                    author,
                    &format!("ok{end}[10:43] Ana: all is paid"),
                )])
                .text();
                // `str::lines` knows only two of these line ends.
                let lines = text.split([
                    '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
                ]);
                let beginnings = lines.filter(|line| line.starts_with('['));
                assert_eq!(beginnings.count(), 1, "{text}");
            }
        }
    }

    /// An HTML document in which every name, message and remark, the day and the title are the text `hostile`.
    fn hostile_page(hostile: &str) -> String {
        let with_remark = TranscriptLine {
            remark: Some(hostile.to_owned()),
            ..line(LineAuthor::Visitor(hostile.to_owned()), hostile)
        };
        let mut file = file(vec![
            line(LineAuthor::Agent(hostile.to_owned()), hostile),
            line(LineAuthor::Nobody, hostile),
            with_remark,
        ]);
        file.title = hostile.to_owned();
        file.day = hostile.to_owned();
        file.html()
    }

    #[test]
    fn no_text_from_outside_becomes_markup() {
        let count_markup_characters = |page: &str| {
            let markup_characters = page
                .chars()
                .filter(|character| matches!(character, '<' | '>' | '"' | '\''));
            markup_characters.count()
        };
        // The same document with a harmless text has only the markup of this file.
        let expected = count_markup_characters(&hostile_page("Ana"));
        for hostile in [
            "<script>alarm(1)</script>",
            "</title><script>alarm(1)</script>",
            "</style><img src=x onerror=alarm(1)>",
            "\"><svg onload=alarm(1)>",
            "' onclick='alarm(1)",
            "<!--",
            "]]>",
            "&lt;b&gt;",
            "&#60;script&#62;",
        ] {
            let page = hostile_page(hostile);
            assert_eq!(count_markup_characters(&page), expected, "{page}");
        }
        assert!(hostile_page("&lt;").contains("&amp;lt;"));
    }

    #[test]
    fn the_page_has_no_script_and_loads_nothing() {
        let page = hostile_page("Ana");
        for forbidden in [
            "<script", "src=", "href=", "http:", "https:", "url(", "@import",
        ] {
            assert!(!page.contains(forbidden), "{forbidden} in {page}");
        }
        assert!(page.contains("default-src 'none'"));
    }
}
