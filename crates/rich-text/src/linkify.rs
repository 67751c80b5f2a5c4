//! Finds addresses in plain text.

use crate::{Link, has_no_empty_label, split_before};

/// The maximum number of links in one text. Further addresses stay text.
pub const MAX_LINKS: usize = 200;

/// A piece of a text; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The piece as written.
    pub text: &'a str,
    /// The link, if the piece is an address.
    pub link: Option<Link>,
}

/// Splits a text into addresses and the text between them. All pieces together are the text.
///
/// An address begins with `http://`, `https://` or `www.` (which is opened with https), or is an e-mail
/// address. Punctuation after an address is not part of it, nor is the closing bracket of a pair that was
/// opened before the address. An address ends before the first letter of a script that is written without
/// spaces (Chinese, Japanese, Thai, …), and of Korean, where endings are attached to words.
pub fn linkify(text: &str) -> Vec<Piece<'_>> {
    linkify_up_to(text, MAX_LINKS)
}

/// Does the same as [`linkify`] with another maximum number of links.
pub(crate) fn linkify_up_to(text: &str, max_links: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut link_count = 0;
    // The end of the text that is already in `pieces`.
    let mut emitted_to = 0;
    let mut scanned_to = 0;
    while link_count < max_links
        && let Some(candidate) = next_candidate(text, emitted_to, scanned_to)
    {
        scanned_to = candidate.scanned_to;
        if let Some(link) = candidate.link {
            push(&mut pieces, text.get(emitted_to..candidate.start), None);
            let address = text.get(candidate.start..candidate.end);
            push(&mut pieces, address, Some(link));
            emitted_to = candidate.end;
            link_count += 1;
        }
    }
    push(&mut pieces, text.get(emitted_to..), None);
    pieces
}

/// Adds a piece, unless its text is empty.
fn push<'a>(pieces: &mut Vec<Piece<'a>>, text: Option<&'a str>, link: Option<Link>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(Piece { text, link });
    }
}

/// A part of the text that may be an address. Positions are in bytes.
struct Candidate {
    start: usize,
    end: usize,
    /// The search continues here. It never goes back, so that it takes linear time.
    scanned_to: usize,
    /// `None` if the candidate is not an address.
    link: Option<Link>,
}

/// Finds the next candidate from `scanned_to` on. The text before `emitted_to` belongs to earlier pieces.
fn next_candidate(text: &str, emitted_to: usize, scanned_to: usize) -> Option<Candidate> {
    text.bytes()
        .enumerate()
        .skip(scanned_to)
        .find_map(|(at, byte)| match byte {
            b'h' | b'H' | b'w' | b'W' => web_address(text, at),
            b'@' => email_address(text, emitted_to, at),
            _ => None,
        })
}

/// Checks whether a web address begins at `start`.
fn web_address(text: &str, start: usize) -> Option<Candidate> {
    let (before, rest) = text.split_at_checked(start)?;
    let previous = before.bytes().next_back().unwrap_or(b' ');
    let has_www = begins_with(rest, "www.");
    if previous.is_ascii_alphanumeric()
        || has_www && b"@._-/".contains(&previous)
        || !has_www && !begins_with(rest, "http://") && !begins_with(rest, "https://")
    {
        return None;
    }
    let (with_punctuation, _) = split_before(rest, |c| !is_address_character(c));
    let address = without_punctuation(with_punctuation);
    let link = if has_www {
        Link::new(&("https://".to_owned() + address))
            .filter(|link| has_domain_below_www(link.host().unwrap_or_default()))
    } else {
        Link::new(address)
    };
    Some(Candidate {
        start,
        end: start + address.len(),
        scanned_to: start + with_punctuation.len(),
        link,
    })
}

/// Whether a text begins with `start`, in any case.
fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|text| text.eq_ignore_ascii_case(start))
}

/// Whether a host with `www.` has at least two more labels: `www.shop.example`, not `www.shop`.
fn has_domain_below_www(host: &str) -> bool {
    !host.ends_with('.') && count(host, b'.') >= 2
}

fn is_address_character(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
        || is_spaced_letter(c)
}

/// Whether a character beyond ASCII is a letter, mark or digit of a script that puts spaces between words.
fn is_spaced_letter(c: char) -> bool {
    let is_punctuation = matches!(
        c,
        '×' | '÷'
            | ';'
            | '·'
            | '՝'
            | '՞'
            | '։'
            | '\u{5BE}'
            | '\u{5C0}'
            | '\u{5C3}'
            | '\u{5F4}'
            | '\u{60C}'
            | '\u{61B}'
            | '\u{61F}'
            | '\u{6D4}'
            | '।'
            | '॥'
    );
    matches!(c, '\u{C0}'..='\u{DFF}' | '\u{1E00}'..='\u{1FFF}') && !is_punctuation
}

/// Removes the punctuation at the end of an address that belongs to the sentence around it.
fn without_punctuation(mut address: &str) -> &str {
    // The number of brackets that are closed and not opened.
    let mut extra_round = count(address, b')').saturating_sub(count(address, b'('));
    let mut extra_square = count(address, b']').saturating_sub(count(address, b'['));
    while let Some((kept, last)) = address.split_at_checked(address.len().saturating_sub(1)) {
        match last {
            ")" if extra_round > 0 => extra_round -= 1,
            "]" if extra_square > 0 => extra_square -= 1,
            "." | "," | ";" | ":" | "!" | "?" | "'" | "*" | "(" | "[" => {}
            _ => break,
        }
        address = kept;
    }
    address
}

fn count(text: &str, byte: u8) -> usize {
    text.bytes().filter(|b| *b == byte).count()
}

/// Checks whether the `@` at `at` is part of an e-mail address.
fn email_address(text: &str, emitted_to: usize, at: usize) -> Option<Candidate> {
    let before = text.get(emitted_to..at)?;
    let rest = text.get(at.checked_add(1)?..)?;
    let name_length = before
        .bytes()
        .rev()
        .take(MAX_NAME + 1)
        .take_while(|b| is_name_character(*b))
        .count();
    let start = at.checked_sub(name_length)?;
    let (outside, name) = before.split_at_checked(before.len().checked_sub(name_length)?)?;

    let (with_punctuation, _) = split_before(rest, |c| !is_domain_character(c));
    let domain = with_punctuation.trim_end_matches(['.', '-']);
    let end = at + 1 + domain.len();

    let is_valid = (1..=MAX_NAME).contains(&name.len())
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !outside.ends_with(is_spaced_letter)
        && is_domain(domain);
    let link = if is_valid {
        Link::new(&("mailto:".to_owned() + text.get(start..end)?))
    } else {
        None
    };
    // The domain has no `@`, so no two candidates read the same domain.
    Some(Candidate {
        start,
        end,
        scanned_to: if link.is_some() { end } else { at + 1 },
        link,
    })
}

/// The maximum length of the part before the `@` (RFC 5321), in bytes.
const MAX_NAME: usize = 64;

/// Whether a character is usual before the `@`. RFC 5322 allows more.
fn is_name_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+')
}

fn is_domain_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.') || is_spaced_letter(c)
}

fn is_domain(text: &str) -> bool {
    let Some((_, top)) = text.rsplit_once('.') else {
        return false;
    };
    has_no_empty_label(text) && top.len() >= 2 && !top.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its links in angle brackets, and with their targets where these differ from the text.
    fn marked(text: &str) -> String {
        let pieces = linkify(text)
            .into_iter()
            .map(|Piece { text, link }| match link {
                None => text.to_owned(),
                Some(link) if link.href() == text => format!("<{text}>"),
                Some(link) => format!("<{text}|{}>", link.href()),
            });
        pieces.collect()
    }

    #[test]
    fn three_kinds_of_addresses_are_found() {
        assert_eq!(
            marked("See https://shop.example/a?b=c#d and http://shop.example"),
            "See <https://shop.example/a?b=c#d> and <http://shop.example>"
        );
        assert_eq!(
            marked("or www.shop.example/x"),
            "or <www.shop.example/x|https://www.shop.example/x>"
        );
        assert_eq!(
            marked("or anna.b-c+d@mail.shop.example now"),
            "or <anna.b-c+d@mail.shop.example|mailto:anna.b-c+d@mail.shop.example> now"
        );
        assert_eq!(
            marked("HTTPS://Shop.Example/A"),
            "<HTTPS://Shop.Example/A|https://shop.example/A>"
        );
    }

    #[test]
    fn a_text_without_addresses_is_one_piece() {
        for text in [
            "Hello",
            "a.b",
            "3:4",
            "http",
            "http://",
            "https://...",
            "www.",
            "www.shop",
            "www. x",
            "@",
            "a@b",
            "@a.example",
            "a@b.c1",
            "a@.example",
            "a@b..example",
            "ftp://shop.example",
            "xhttps://shop.example",
            "javascript:alarm(1)",
        ] {
            assert_eq!(linkify(text), [Piece { text, link: None }]);
        }
        assert_eq!(linkify(""), []);
    }

    #[test]
    fn punctuation_after_an_address_is_not_part_of_it() {
        for end in [
            ".", ",", ";", ":", "!", "?", "...", "'", "\"", ".)", ")", "]", "),", "}", ">", "*",
            "”", "»", "…", "。", "）", "؟", "؛",
        ] {
            assert_eq!(
                marked(&format!("https://shop.example/a{end}")),
                format!("<https://shop.example/a>{end}")
            );
        }
        assert_eq!(
            marked("a@shop.example."),
            "<a@shop.example|mailto:a@shop.example>."
        );
        assert_eq!(
            marked("a@shop.example-"),
            "<a@shop.example|mailto:a@shop.example>-"
        );
    }

    #[test]
    fn brackets_inside_an_address_are_part_of_it() {
        assert_eq!(
            marked("https://shop.example/a_(b)"),
            "<https://shop.example/a_(b)>"
        );
        assert_eq!(
            marked("(https://shop.example/a_(b))"),
            "(<https://shop.example/a_(b)>)"
        );
        assert_eq!(
            marked("[x](https://shop.example/[1])"),
            "[x](<https://shop.example/[1]>)"
        );
    }

    #[test]
    fn addresses_are_found_in_texts_of_all_scripts() {
        assert_eq!(
            marked("詳しくはhttps://shop.example/aをご覧ください"),
            "詳しくは<https://shop.example/a>をご覧ください"
        );
        assert_eq!(
            marked("请看：www.shop.example。"),
            "请看：<www.shop.example|https://www.shop.example>。"
        );
        assert_eq!(
            marked("https://shop.example을 보세요"),
            "<https://shop.example>을 보세요"
        );
        assert_eq!(
            marked("راجع https://shop.example/مساعدة، شكرا"),
            "راجع <https://shop.example/مساعدة>، شكرا"
        );
        assert_eq!(
            marked("Grüße: https://bücher.example/über."),
            "Grüße: <https://bücher.example/über>."
        );
        assert_eq!(
            marked("邮箱anna@shop.example谢谢"),
            "邮箱<anna@shop.example|mailto:anna@shop.example>谢谢"
        );
    }

    #[test]
    fn incomplete_addresses_stay_text() {
        assert_eq!(marked("jürgen@shop.example"), "jürgen@shop.example");
        assert_eq!(
            marked(&format!("{}@shop.example", "a".repeat(65))),
            format!("{}@shop.example", "a".repeat(65))
        );
    }

    #[test]
    fn addresses_with_credentials_stay_text() {
        assert_eq!(
            marked("https://bank.example@evil.example/ x"),
            "https://bank.example@evil.example/ x"
        );
    }

    #[test]
    fn bidi_controls_end_an_address() {
        assert_eq!(
            marked("https://shop.example/\u{202E}exe"),
            "<https://shop.example/>\u{202E}exe"
        );
    }

    #[test]
    fn adjacent_addresses_are_separated() {
        assert_eq!(
            marked("a@b.example,c@d.example"),
            "<a@b.example|mailto:a@b.example>,<c@d.example|mailto:c@d.example>"
        );
        assert_eq!(
            marked("a@b@c.example"),
            "a@<b@c.example|mailto:b@c.example>"
        );
        assert_eq!(marked("x@https://shop.example"), "x@<https://shop.example>");
    }

    #[test]
    fn the_number_of_links_is_limited() {
        let text = "www.a.example ".repeat(MAX_LINKS + 5);
        let pieces = linkify(&text);
        assert_eq!(
            pieces.iter().filter(|piece| piece.link.is_some()).count(),
            MAX_LINKS
        );
        assert_eq!(
            pieces.iter().map(|piece| piece.text).collect::<String>(),
            text
        );
    }
}
