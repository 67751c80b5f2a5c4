//! A conversation as a file that the visitor keeps: plain text, or a page that needs nothing else
//! and runs nothing.

/// What goes into the file; texts are to the letter.
pub(crate) struct TranscriptFile {
    pub(crate) title: String,
    /// The day of it, for people.
    pub(crate) day: String,
    /// A language tag.
    pub(crate) language: String,
    /// `ltr` or `rtl`.
    pub(crate) direction: &'static str,
    pub(crate) lines: Vec<TranscriptLine>,
}

/// One thing that was said or happened.
pub(crate) struct TranscriptLine {
    /// The time of day, for people.
    pub(crate) at: String,
    pub(crate) by: LineAuthor,
    pub(crate) text: String,
    /// What is to be known of it, such as that it was not delivered.
    pub(crate) remark: Option<String>,
}

/// Who says a line; with the name.
pub(crate) enum LineAuthor {
    Visitor(String),
    Agent(String),
    /// It happened.
    Nobody,
}

/// Such a page may not run, fetch or send anything; it says so itself.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
body{max-width:40rem;margin:2rem auto;padding:0 1rem}\
h1{margin:0;font-size:1.375rem}h2{margin:0;font-size:.8125rem}\
section{margin:1rem 0;break-inside:avoid}\
p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}\
time,small,.day,.notice{font-size:.8125rem;font-weight:400;opacity:.75}\
.mine{padding-inline-start:1rem;border-inline-start:3px solid}";

impl TranscriptFile {
    /// As plain text, a line each. What has several lines itself is set in, so that none of them can
    /// pass for another's words.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for part in [&*self.title, "\n", &self.day, "\n\n"] {
            text.push_str(part);
        }
        for line in &self.lines {
            for part in ["[", &line.at, "] "] {
                text.push_str(part);
            }
            if let Some(name) = line.by.name() {
                push_set_in(&mut text, name);
                text.push_str(": ");
            }
            push_set_in(&mut text, &line.text);
            if let Some(remark) = &line.remark {
                for part in [" (", remark, ")"] {
                    text.push_str(part);
                }
            }
            text.push('\n');
        }
        text
    }

    /// As a page.
    pub(crate) fn html(&self) -> String {
        let mut page = Page(String::new());
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
    fn name(&self) -> Option<&str> {
        match self {
            Self::Visitor(name) | Self::Agent(name) => Some(name),
            Self::Nobody => None,
        }
    }
}

fn push_set_in(text: &mut String, foreign: &str) {
    let is_break = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    for (index, line) in foreign.replace("\r\n", "\n").split(is_break).enumerate() {
        if index > 0 {
            text.push_str("\n    ");
        }
        text.push_str(line);
    }
}

/// HTML as it is written.
struct Page(String);

impl Page {
    /// Our own.
    fn markup(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Anything.
    fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                letter => self.0.push(letter),
            }
        }
        self
    }

    fn line(&mut self, line: &TranscriptLine) {
        self.markup(match line.by {
            LineAuthor::Visitor(_) => "<section class=\"mine\">",
            LineAuthor::Agent(_) => "<section>",
            LineAuthor::Nobody => "<section class=\"notice\">",
        });
        if let Some(name) = line.by.name() {
            self.markup("<h2><bdi>").text(name).markup("</bdi> ");
            self.markup("<time>").text(&line.at).markup("</time></h2>");
        } else {
            self.markup("<time>").text(&line.at).markup("</time>");
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

    fn line(by: LineAuthor, text: &str) -> TranscriptLine {
        TranscriptLine {
            at: "10:42".to_owned(),
            by,
            text: text.to_owned(),
            remark: None,
        }
    }

    #[test]
    fn text_tells_who_said_what_and_when() {
        let lost = TranscriptLine {
            remark: Some("Not sure it arrived".to_owned()),
            ..line(LineAuthor::Visitor("You".to_owned()), "Hello?")
        };
        let told = file(vec![
            line(LineAuthor::Nobody, "Ana Marques joined"),
            line(LineAuthor::Agent("Ana Marques".to_owned()), "Good day."),
            lost,
        ])
        .text();
        assert_eq!(
            told,
            "Fernhill support\n20 November 2026\n\n\
             [10:42] Ana Marques joined\n\
             [10:42] Ana Marques: Good day.\n\
             [10:42] You: Hello? (Not sure it arrived)\n"
        );
    }

    #[test]
    fn no_message_can_pass_for_two() {
        for end in [
            "\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}",
        ] {
            for by in [
                LineAuthor::Visitor("You".to_owned()),
                LineAuthor::Agent(format!("Eve{end}[10:43] Ana")),
            ] {
                let told = file(vec![line(by, &format!("ok{end}[10:43] Ana: all is paid"))]).text();
                let begin = told.lines().filter(|line| line.starts_with('['));
                assert_eq!(begin.count(), 1, "{told}");
            }
        }
    }

    /// Whatever is foreign: names, texts, remarks, the title.
    fn hostile_page(hostile: &str) -> String {
        let remarked = TranscriptLine {
            remark: Some(hostile.to_owned()),
            ..line(LineAuthor::Visitor(hostile.to_owned()), hostile)
        };
        let mut file = file(vec![
            line(LineAuthor::Agent(hostile.to_owned()), hostile),
            line(LineAuthor::Nobody, hostile),
            remarked,
        ]);
        file.title = hostile.to_owned();
        file.day = hostile.to_owned();
        file.html()
    }

    #[test]
    fn nothing_foreign_becomes_markup() {
        // The same page with a harmless word has the tags that are ours.
        let tags = |page: &str| {
            let marks = page
                .chars()
                .filter(|letter| matches!(letter, '<' | '>' | '"' | '\''));
            marks.count()
        };
        let ours = tags(&hostile_page("Ana"));
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
            assert_eq!(tags(&page), ours, "{page}");
        }
        assert!(hostile_page("&lt;").contains("&amp;lt;"));
    }

    #[test]
    fn the_page_has_no_script_and_fetches_nothing() {
        let page = hostile_page("Ana");
        for sign in [
            "<script", "src=", "href=", "http:", "https:", "url(", "@import",
        ] {
            assert!(!page.contains(sign), "{sign} in {page}");
        }
        assert!(page.contains("default-src 'none'"));
    }
}
