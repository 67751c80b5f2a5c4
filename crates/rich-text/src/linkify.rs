//! Addresses in plain text.

use crate::{Link, has_whole_parts, split_before};

/// How many addresses of one text become links; those behind stay text.
pub const MAX_LINKS: usize = 200;

/// A piece of a text, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The piece as written.
    pub text: &'a str,
    /// Where it leads, if it is an address.
    pub link: Option<Link>,
}

/// Takes a text apart into addresses and what stands between them. All pieces together are the text.
///
/// Addresses are those with `http://`, `https://` or `www.` before them (the last are opened by
/// https), and e-mail addresses. Punctuation behind an address and a bracket that was opened before
/// it stay outside. An address ends before the first letter of a script that is written without
/// spaces (Chinese, Japanese, Thai, …) and of Korean, whose endings hang on.
pub fn linkify(text: &str) -> Vec<Piece<'_>> {
    first_links(text, MAX_LINKS)
}

/// As [`linkify`], with so many links at most.
pub(crate) fn first_links(text: &str, at_most: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut links = 0;
    let mut told = 0;
    let mut at = 0;
    while links < at_most
        && let Some(find) = next(text, told, at)
    {
        at = find.looked_at;
        if let Some(link) = find.link {
            push(&mut pieces, text.get(told..find.start), None);
            push(&mut pieces, text.get(find.start..find.end), Some(link));
            told = find.end;
            links += 1;
        }
    }
    push(&mut pieces, text.get(told..), None);
    pieces
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, text: Option<&'a str>, link: Option<Link>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(Piece { text, link });
    }
}

/// What may be an address, by byte positions. All of it has been looked at, so that no byte is
/// looked at again and again.
struct Find {
    start: usize,
    end: usize,
    looked_at: usize,
    /// None if it is no address after all.
    link: Option<Link>,
}

/// The next find that begins at `from` or later; what is before `told` belongs to another one.
fn next(text: &str, told: usize, from: usize) -> Option<Find> {
    text.bytes()
        .enumerate()
        .skip(from)
        .find_map(|(at, byte)| match byte {
            b'h' | b'H' | b'w' | b'W' => web_address(text, at),
            b'@' => email_address(text, told, at),
            _ => None,
        })
}

fn web_address(text: &str, start: usize) -> Option<Find> {
    let (before, rest) = text.split_at_checked(start)?;
    let before = before.bytes().next_back().unwrap_or(b' ');
    let www = begins_with(rest, "www.");
    if before.is_ascii_alphanumeric()
        || www && b"@._-/".contains(&before)
        || !www && !begins_with(rest, "http://") && !begins_with(rest, "https://")
    {
        return None;
    }
    let (stretch, _) = split_before(rest, |c| !may_stand_in_address(c));
    let address = without_punctuation(stretch);
    let link = if www {
        Link::new(&("https://".to_owned() + address))
            .filter(|link| is_below_www(link.host().unwrap_or_default()))
    } else {
        Link::new(address)
    };
    Some(Find {
        start,
        end: start + address.len(),
        looked_at: start + stretch.len(),
        link,
    })
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|text| text.eq_ignore_ascii_case(start))
}

/// `www.shop.example`, not `www.shop`.
fn is_below_www(host: &str) -> bool {
    !host.ends_with('.') && count(host, b'.') >= 2
}

fn may_stand_in_address(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
        || is_spaced_letter(c)
}

/// Letters, marks and digits of the scripts that put spaces between words, beyond ASCII.
fn is_spaced_letter(c: char) -> bool {
    let is_sign = matches!(
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
    matches!(c, '\u{C0}'..='\u{DFF}' | '\u{1E00}'..='\u{1FFF}') && !is_sign
}

/// An address without what belongs to the sentence around it.
fn without_punctuation(mut address: &str) -> &str {
    // How many more brackets are closed than opened.
    let mut round = count(address, b')').saturating_sub(count(address, b'('));
    let mut square = count(address, b']').saturating_sub(count(address, b'['));
    while let Some((kept, last)) = address.split_at_checked(address.len().saturating_sub(1)) {
        match last {
            ")" if round > 0 => round -= 1,
            "]" if square > 0 => square -= 1,
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

fn email_address(text: &str, told: usize, at: usize) -> Option<Find> {
    let before = text.get(told..at)?;
    let rest = text.get(at.checked_add(1)?..)?;
    let name = before
        .bytes()
        .rev()
        .take(MAX_NAME + 1)
        .take_while(|b| may_stand_in_name(*b))
        .count();
    let start = at.checked_sub(name)?;
    let (outside, name) = before.split_at_checked(before.len().checked_sub(name)?)?;

    let (domain, _) = split_before(rest, |c| !may_stand_in_domain(c));
    let domain = domain.trim_end_matches(['.', '-']);
    let end = at + 1 + domain.len();

    let whole = (1..=MAX_NAME).contains(&name.len())
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !outside.ends_with(is_spaced_letter)
        && is_domain(domain);
    let link = if whole {
        Link::new(&("mailto:".to_owned() + text.get(start..end)?))
    } else {
        None
    };
    // No two finds look at the same domain, for it has no `@`.
    Some(Find {
        start,
        end,
        looked_at: if link.is_some() { end } else { at + 1 },
        link,
    })
}

/// How long the part before the `@` may be (RFC 5321), in bytes.
const MAX_NAME: usize = 64;

/// The signs that people have in their addresses; RFC 5322 has more.
fn may_stand_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+')
}

fn may_stand_in_domain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.') || is_spaced_letter(c)
}

fn is_domain(text: &str) -> bool {
    let Some((_, top)) = text.rsplit_once('.') else {
        return false;
    };
    has_whole_parts(text) && top.len() >= 2 && !top.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its links in angle brackets, and where they lead if that is not their text.
    fn marked(text: &str) -> String {
        let marked = linkify(text)
            .into_iter()
            .map(|Piece { text, link }| match link {
                None => text.to_owned(),
                Some(link) if link.href() == text => format!("<{text}>"),
                Some(link) => format!("<{text}|{}>", link.href()),
            });
        marked.collect()
    }

    #[test]
    fn three_kinds() {
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
    fn plain_text_is_one_piece() {
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
    fn punctuation_stays_outside() {
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
    fn brackets_that_belong_to_it_stay_inside() {
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
    fn text_of_all_scripts_around_it() {
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
    fn half_an_address_is_none() {
        assert_eq!(marked("jürgen@shop.example"), "jürgen@shop.example");
        assert_eq!(
            marked(&format!("{}@shop.example", "a".repeat(65))),
            format!("{}@shop.example", "a".repeat(65))
        );
    }

    #[test]
    fn credentials_make_it_text() {
        assert_eq!(
            marked("https://bank.example@evil.example/ x"),
            "https://bank.example@evil.example/ x"
        );
    }

    #[test]
    fn bidi_controls_end_it() {
        assert_eq!(
            marked("https://shop.example/\u{202E}exe"),
            "<https://shop.example/>\u{202E}exe"
        );
    }

    #[test]
    fn neighbours() {
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
    fn so_many_links_and_no_more() {
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
