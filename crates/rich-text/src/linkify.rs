//! Finds addresses of web pages and mailboxes in plain text, so that they can be shown as links. The widget calls
//! [`linkify`] for plain messages, and `paragraph.rs` calls [`linkify_up_to`] for the text of HTML messages.

use crate::steps::count_steps;
use crate::{Link, has_no_empty_label, split_before};

/// The maximum number of links in one text. Further addresses remain plain text.
pub const MAX_LINKS: usize = 200;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The piece as it is written. It is never empty.
    pub text: &'a str,
    /// The target, if the piece is an address. `None` if the piece is plain text.
    pub link: Option<Link>,
}

/// Splits a text into addresses and the text between them. The pieces in their order, joined, are the whole text.
///
/// An address begins with `http://`, `https://` or `www.` (which is opened as https), or is an e-mail address.
/// Punctuation after an address is not part of the address. Neither is a closing bracket at the end, if its opening
/// bracket is not in the address. An address ends before the first letter of a writing system without spaces between
/// words (Chinese, Japanese, Thai, …). It also ends before Korean letters, because Korean endings follow a word without
/// a space.
pub fn linkify(text: &str) -> Vec<Piece<'_>> {
    linkify_up_to(text, MAX_LINKS)
}

/// Does the same as [`linkify`], with `max_links` as the maximum number of links.
pub(crate) fn linkify_up_to(text: &str, max_links: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut link_count = 0;
    // Positions in the text, in bytes: the end of the part that is in `pieces`, and the end of the part that has been
    // searched for addresses.
    let mut emitted_to = 0;
    let mut scanned_to = 0;
    while link_count < max_links
        && let Some(candidate) = next_candidate(text, emitted_to, scanned_to)
    {
        scanned_to = candidate.scanned_to;
        if let Some(link) = candidate.link {
            push_piece(&mut pieces, text.get(emitted_to..candidate.start), None);
            let address = text.get(candidate.start..candidate.end);
            push_piece(&mut pieces, address, Some(link));
            emitted_to = candidate.end;
            link_count += 1;
        }
    }
    push_piece(&mut pieces, text.get(emitted_to..), None);
    pieces
}

/// Adds a piece. Does nothing if its text is empty. (`text` is never `None`: all positions are character boundaries.)
fn push_piece<'a>(pieces: &mut Vec<Piece<'a>>, text: Option<&'a str>, link: Option<Link>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(Piece { text, link });
    }
}

/// A part of a text that looks like an address. All positions are in bytes.
struct Candidate {
    start: usize,
    end: usize,
    /// The position from which the search continues. It never decreases, so that the time of the search is proportional
    /// to the length of the text.
    scanned_to: usize,
    /// The target. `None` if the check of the candidate shows that it is not an address.
    link: Option<Link>,
}

/// Finds the next candidate from `scanned_to` on, or returns `None` if there is none. The text before `emitted_to`
/// belongs to earlier pieces, so no candidate begins there.
fn next_candidate(text: &str, emitted_to: usize, scanned_to: usize) -> Option<Candidate> {
    text.bytes()
        .enumerate()
        .skip(scanned_to)
        .inspect(|_| count_steps(1))
        .find_map(|(at, byte)| match byte {
            b'h' | b'H' | b'w' | b'W' => web_address(text, at),
            b'@' => email_address(text, emitted_to, at),
            _ => None,
        })
}

/// Returns a candidate if a web address seems to begin at `start`.
fn web_address(text: &str, start: usize) -> Option<Candidate> {
    let (before, rest) = text.split_at_checked(start)?;
    let previous = before.bytes().next_back().unwrap_or(b' ');
    let has_www = begins_with(rest, "www.");
    // An address does not begin inside a word. `www.` does not begin an address inside another address.
    if previous.is_ascii_alphanumeric()
        || has_www && b"@._-/".contains(&previous)
        || !has_www && !begins_with(rest, "http://") && !begins_with(rest, "https://")
    {
        return None;
    }
    let (with_punctuation, _) = split_before(rest, |c| !is_address_character(c));
    count_steps(with_punctuation.len());
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

/// Whether a text begins with `start`, which is compared without regard to case.
fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
}

/// Whether a host that begins with `www.` has at least two more labels: true for `www.shop.example`, false for
/// `www.shop`.
fn has_domain_below_www(host: &str) -> bool {
    !host.ends_with('.') && count(host, b'.') >= 2
}

/// Whether a character can be part of a web address in a text. All others end the address.
fn is_address_character(character: char) -> bool {
    character.is_ascii_graphic()
        && !matches!(
            character,
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'
        )
        || is_spaced_letter(character)
}

/// Whether a character beyond ASCII is a letter, a mark or a digit of a writing system with spaces between words.
pub(crate) fn is_spaced_letter(character: char) -> bool {
    let is_punctuation = matches!(
        character,
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
    matches!(character, '\u{C0}'..='\u{DFF}' | '\u{1E00}'..='\u{1FFF}') && !is_punctuation
}

/// Removes the punctuation at the end of an address, because it belongs to the sentence around the address.
fn without_punctuation(mut address: &str) -> &str {
    // The number of closing brackets whose opening bracket is not in the address.
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

/// The number of times that a byte occurs in a text.
fn count(text: &str, byte: u8) -> usize {
    text.bytes().filter(|b| *b == byte).count()
}

/// Returns a candidate for the `@` at the position `at`, which may be part of an e-mail address. The text before
/// `emitted_to` belongs to earlier pieces and not to the name before the `@`.
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
    count_steps(name_length + with_punctuation.len());
    let domain = with_punctuation.trim_end_matches(['.', '-']);
    let end = at + 1 + domain.len();

    // A letter beyond ASCII directly before `name` belongs to the name too. Names with such letters are not supported.
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
    // If the candidate is not an address, the search continues after the `@`. The time stays proportional to the
    // length. A domain contains no `@`, so no two candidates read the same domain. Of each name, only `MAX_NAME + 1`
    // bytes are read.
    Some(Candidate {
        start,
        end,
        scanned_to: if link.is_some() { end } else { at + 1 },
        link,
    })
}

/// The maximum length of the name, which is the part before the `@`, in bytes (RFC 5321).
const MAX_NAME: usize = 64;

/// Whether a byte is a usual character before the `@`. RFC 5322 allows more characters.
fn is_name_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+')
}

/// Whether a character can be part of the domain after the `@`.
fn is_domain_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '-' | '.')
        || is_spaced_letter(character)
}

/// Whether the part after the `@` is a domain: at least two labels, and a last label that has at least two bytes and no
/// digits.
fn is_domain(text: &str) -> bool {
    let Some((_, last_label)) = text.rsplit_once('.') else {
        return false;
    };
    has_no_empty_label(text)
        && last_label.len() >= 2
        && !last_label.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts each link of a text into angle brackets, followed by `|` and its target if the target is not the text.
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
    fn addresses_are_found_between_words_of_many_writing_systems() {
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
    fn names_with_letters_beyond_ascii_and_long_names_are_not_addresses() {
        assert_eq!(marked("jürgen@shop.example"), "jürgen@shop.example");
        assert_eq!(
            marked(&format!("{}@shop.example", "a".repeat(MAX_NAME + 1))),
            format!("{}@shop.example", "a".repeat(MAX_NAME + 1))
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
