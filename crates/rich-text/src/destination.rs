//! Decides which links must show where they lead, because their text does not say it or says something else.
//!
//! The *label* of a link is its text. The *destination* is the host of a web address, the recipients of a mail address,
//! or the number of a telephone address.

use std::ops::Range;

use pipit_untrusted_text::{is_blank, is_invisible, is_removed, may_be_letter};

use crate::linkify::is_spaced_letter;
use crate::{Link, Span};

/// The label of a link, within the text of the paragraph or the message around it.
#[derive(Clone, Debug)]
pub struct LinkLabel<'a> {
    /// The text of the whole paragraph or message. A line break is a line feed.
    pub text: &'a str,
    /// The part of `text` that the link shows, in bytes.
    pub range: Range<usize>,
}

/// The destination to show beside a link, or `None` if the label states it.
///
/// A label states the host of a web address if it is an address with this host, on one line, without a space and without
/// invisible characters, and if nothing stands directly beside it that could be read as a part of the same address. A label
/// states a mail address or a telephone number only if it is nothing else.
///
/// `ascii_host` is the browser's form of a host: it writes a host with letters beyond ASCII as punycode (`xn--…`), so that
/// a name in another alphabet cannot pass for a Latin name. It returns `None` if the browser refuses the host.
pub fn hidden_destination(
    link: &Link,
    label: &LinkLabel<'_>,
    ascii_host: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    if let Some(host) = link.host() {
        let host = if link.host_is_as_written() {
            host.to_owned()
        } else {
            ascii_host(host).unwrap_or_else(|| host.to_owned())
        };
        return (!label.states_host(&host)).then_some(host);
    }
    if let Some(address) = link.href().strip_prefix("mailto:") {
        let recipients = recipients(address, ascii_host);
        return (!label.states(&recipients, "mailto:")).then_some(recipients);
    }
    let number = link.href().strip_prefix("tel:").unwrap_or_default();
    (!label.states_number(number)).then(|| number.to_owned())
}

/// The text of a paragraph, and for each span the part of the text that the span shows.
pub fn span_labels(spans: &[Span]) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let ranges = spans
        .iter()
        .map(|span| {
            let start = text.len();
            text.push_str(&span.text());
            start..text.len()
        })
        .collect();
    (text, ranges)
}

impl LinkLabel<'_> {
    fn label(&self) -> &str {
        self.text.get(self.range.clone()).unwrap_or_default()
    }

    /// Whether the label is an address with this host, and stands alone.
    fn states_host(&self, host: &str) -> bool {
        let address = self.label().trim_matches(' ').to_ascii_lowercase();
        if address.contains(is_hidden) {
            return false;
        }
        let without_scheme = ["https://", "http://"]
            .iter()
            .find_map(|scheme| address.strip_prefix(scheme))
            .unwrap_or(&address);
        let authority = without_scheme.split(['/', '\\', '?', '#']).next();
        let port = authority.unwrap_or_default().strip_prefix(host);
        let is_host = port.is_some_and(|port| {
            let digits = port.strip_prefix(':').unwrap_or(port);
            port.is_empty()
                || digits.len() < port.len() && digits.bytes().all(|b| b.is_ascii_digit())
        });
        is_host && self.stands_alone()
    }

    /// Whether the label is this ASCII text, with or without the scheme.
    fn states(&self, address: &str, scheme: &str) -> bool {
        let label = self.label().trim_matches(' ');
        let without_scheme = label.strip_prefix(scheme).unwrap_or(label);
        address.is_ascii() && without_scheme.eq_ignore_ascii_case(address) && self.stands_alone()
    }

    /// Whether the label is this telephone number, written in any usual way.
    fn states_number(&self, number: &str) -> bool {
        let label = self.label();
        let is_punctuation =
            |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{A0}' | '\u{2011}');
        let digits = |text: &str| text.replace(is_punctuation, "");
        let label_digits = digits(label.strip_prefix("tel:").unwrap_or(label));
        label_digits == digits(number) && self.stands_alone()
    }

    /// Whether nothing directly before or after the label could be read as a part of the same address.
    fn stands_alone(&self) -> bool {
        let before = self.text.get(..self.range.start).unwrap_or_default();
        let after = self.text.get(self.range.end..).unwrap_or_default();
        !continues(before.chars().rev()) && !continues(after.chars())
    }
}

/// Whether the characters beside a label, the nearest first, could belong to the same address: a letter or digit, or
/// punctuation of an address that is followed by one. A letter of a writing system without spaces between words, such as
/// Chinese, continues an address only after punctuation.
fn continues(neighbours: impl Iterator<Item = char>) -> bool {
    let mut is_after_punctuation = false;
    // Thin spaces can hardly be seen, and invisible characters not at all.
    let is_skipped =
        |c: &char| matches!(c, '\u{2006}'..='\u{200A}' | '\u{202F}') || is_invisible(*c);
    for character in neighbours.filter(|c| !is_skipped(c)).take(MAX_NEIGHBOURS) {
        if character.is_ascii_alphanumeric() || is_spaced_letter(character) {
            return true;
        }
        if !is_address_punctuation(character) {
            return is_after_punctuation && may_be_letter(character);
        }
        is_after_punctuation = true;
    }
    false
}

/// The number of characters beside a label that are looked at.
const MAX_NEIGHBOURS: usize = 16;

/// Whether a character can be between two parts of an address. Look-alikes of the slash and the dot count too.
fn is_address_punctuation(character: char) -> bool {
    matches!(
        character,
        '.' | '-'
            | '_'
            | '~'
            | ':'
            | '/'
            | '?'
            | '#'
            | '@'
            | '%'
            | '&'
            | '='
            | '+'
            | '\\'
            | '\u{2024}'
            | '\u{2044}'
            | '\u{2215}'
            | '\u{3002}'
            | '\u{FF0E}'
            | '\u{FF0F}'
            | '\u{FF61}'
            | '\u{29F8}'
    )
}

/// Whether a character cannot be seen, looks like a space, or is removed from texts.
fn is_hidden(character: char) -> bool {
    is_blank(character) || is_invisible(character) || is_removed(character)
}

/// The recipients of a mail address, whose `mailto:` is removed: those before the `?`, and those of the parameters `to`,
/// `cc` and `bcc`. The domain of each is in the browser's form. Escaped characters (`%40`) are decoded if the result can
/// be seen.
fn recipients(address: &str, ascii_host: impl Fn(&str) -> Option<String>) -> String {
    let (to, query) = address.split_once('?').unwrap_or((address, ""));
    let further = query.split('&').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let name = decoded(name).to_ascii_lowercase();
        matches!(name.as_str(), "to" | "cc" | "bcc").then_some(value)
    });
    let recipients: Vec<String> = [to]
        .into_iter()
        .chain(further)
        .flat_map(|list| list.split(','))
        .map(decoded)
        .filter(|recipient| !recipient.is_empty())
        .map(|recipient| with_ascii_domain(&recipient, &ascii_host))
        .collect();
    if recipients.is_empty() {
        return decoded(address);
    }
    recipients.join(", ")
}

/// A recipient whose domain is in the browser's form.
fn with_ascii_domain(recipient: &str, ascii_host: impl Fn(&str) -> Option<String>) -> String {
    match recipient.rsplit_once('@') {
        Some((name, domain)) if !domain.is_ascii() => {
            let domain = ascii_host(domain).unwrap_or_else(|| domain.to_owned());
            [name, "@", &domain].concat()
        }
        _ => recipient.to_owned(),
    }
}

/// Decodes the escaped bytes of an address (`%40`). Returns the text unchanged if the result is no text, or contains a
/// character that cannot be seen.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    bytes.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let escaped = piece
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escaped {
            bytes.push(byte);
            bytes.extend_from_slice(piece.get(2..).unwrap_or_default().as_bytes());
        } else {
            bytes.push(b'%');
            bytes.extend_from_slice(piece.as_bytes());
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|decoded| !decoded.contains(is_hidden))
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The destination that a link shows beside its label. The label is in angle brackets, in the text around it.
    fn shown(address: &str, marked: &str) -> Option<String> {
        let (before, rest) = marked.split_once('<').unwrap();
        let (label, after) = rest.rsplit_once('>').unwrap();
        let text = [before, label, after].concat();
        let label = LinkLabel {
            text: &text,
            range: before.len()..before.len() + label.len(),
        };
        hidden_destination(&Link::new(address).unwrap(), &label, ascii_host)
    }

    /// Stands in for the browser.
    #[allow(clippy::unnecessary_wraps, reason = "a browser may refuse a host")]
    fn ascii_host(host: &str) -> Option<String> {
        Some(host.replace(|c: char| !c.is_ascii(), "xn--"))
    }

    fn assert_stated(address: &str, marked: &str) {
        assert_eq!(shown(address, marked), None, "{marked}");
    }

    fn assert_shown(address: &str, marked: &str, destination: &str) {
        assert_eq!(
            shown(address, marked).as_deref(),
            Some(destination),
            "{marked}"
        );
    }

    #[test]
    fn a_label_that_is_an_address_with_the_host_states_it() {
        for marked in [
            "<shop.example>",
            "see < https://SHOP.example/a?b >!",
            "(<http://shop.example:8080>)",
            "<shop.example#top>.",
            "<shop.example>, or\nelsewhere",
            "\"<shop.example>\"",
            "x\n<shop.example/a>\ny",
            "詳しくは<https://shop.example/a>をご覧ください",
            "<shop.example>\u{2003}bank.example",
        ] {
            assert_stated("https://shop.example/a", marked);
        }
    }

    #[test]
    fn any_other_label_shows_the_host() {
        for marked in [
            "<our shop>",
            "<>",
            "<https://bank.example>",
            "<evil.example.bank.example>",
            "<bank.example (evil.example)>",
            "<https://bank.example@evil.example>",
            "<evil.example@bank.example>",
            "<https://evil.example:x@bank.example/>",
            "<evil.example:>x",
            // Over two lines.
            "<evil.example/\nbank.example>",
            "<evil.example\nhttps://bank.example>",
            "<evil.example/\u{2028}bank.example>",
            // With spaces.
            "<evil.example/ bank.example>",
            "<evil.example/\u{a0}\u{a0}bank.example>",
            "<evil.example/\u{2800}bank.example>",
            "<evil.example/\u{3164}x>",
            // With characters of no width.
            "<e\u{200b}vil.example>",
            "<evil.example/\u{200d}x>",
            "<evil.example/\u{ad}x>",
            "<evil.example/\u{202e}x>",
            "<evil.example/\u{200f}x>",
            // The last letter is Cyrillic.
            "<evil.exampl\u{435}>",
            // Something beside it.
            "https://bank.example.<evil.example>",
            "https://bank.example/<evil.example/a>",
            "https://bank.example@<evil.example>",
            "bank<evil.example>",
            "bank\u{200b}<evil.example>",
            "bank\u{200a}.\u{2060}<evil.example>",
            "銀行.<evil.example>",
            "https://bank.example\u{2215}<evil.example>",
            "<evil.example>bank.example",
            "<evil.example>.bank.example",
            "<https://evil.example>@bank.example",
            "<evil.example>\u{200b}.bank.example",
            "<evil.example>。bank.example",
        ] {
            assert_shown("https://evil.example/a", marked, "evil.example");
        }
        assert_shown(
            "https://b\u{430}nk.example",
            "<https://b\u{430}nk.example>",
            "bxn--nk.example",
        );
        assert_shown("https://127.1", "<https://localhost>", "127.1");
    }

    #[test]
    fn a_mail_link_shows_its_recipients_unless_its_label_is_the_address() {
        let address = "mailto:Ana@shop.example";
        for marked in [
            "<ana@shop.example>",
            "<mailto:ana@SHOP.example>.",
            "write to < ana@shop.example >",
        ] {
            assert_stated(address, marked);
        }
        for marked in [
            "<us>",
            "<help@bank.example>",
            "<ana@shop.example\n>",
            "x<ana@shop.example>",
            "<ana@shop.exampl\u{435}>",
        ] {
            assert_shown(address, marked, "Ana@shop.example");
        }
        for (address, recipients) in [
            ("mailto:a@shop.example?subject=Hi", None),
            (
                "mailto:a@shop.example?cc=b@evil.example",
                Some("a@shop.example, b@evil.example"),
            ),
            (
                "mailto:a@shop.example?x=1&BCC=b%40evil.example,c@d.example",
                Some("a@shop.example, b@evil.example, c@d.example"),
            ),
            ("mailto:?to=b@evil.example", Some("b@evil.example")),
            (
                "mailto:a@shop.example,b@evil.example",
                Some("a@shop.example, b@evil.example"),
            ),
            ("mailto:%61%40shop.example", None),
            ("mailto:a@shop.example%0a", Some("a@shop.example%0a")),
            (
                "mailto:a@%E2%80%AEshop.example",
                Some("a@%E2%80%AEshop.example"),
            ),
            ("mailto:a@sh\u{43e}p.example", Some("a@shxn--p.example")),
            ("mailto:?subject=x", Some("?subject=x")),
        ] {
            assert_eq!(
                shown(address, "<a@shop.example>").as_deref(),
                recipients,
                "{address}"
            );
        }
    }

    #[test]
    fn a_telephone_link_shows_its_number_unless_its_label_is_the_number() {
        for marked in [
            "<+49 30 12345>",
            "call <+49 (30) 123-45>",
            "<tel:+493012345>",
            "<+49\u{a0}30/12345>!",
        ] {
            assert_stated("tel:+49-30-12345", marked);
        }
        for marked in [
            "<030 12345>",
            "<call us>",
            "<+49 30 12346>",
            "<+49 30\n12345>",
            "<+49 30 12345>6",
            "0<+49 30 12345>",
            "<+٤9 30 12345>",
        ] {
            assert_shown("tel:+49-30-12345", marked, "+49-30-12345");
        }
        assert_shown("tel:123;ext=45", "<123>", "123;ext=45");
    }
}
