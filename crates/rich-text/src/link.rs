//! Checks and normalises addresses. A [`Link`] is an address that is safe to open.

use std::rc::Rc;

use pipit_untrusted_text::{MAX_ADDRESS_BYTES, is_removed};

use crate::{has_no_empty_label, split_before};

/// An address that is safe to open, with the scheme http, https, mailto or tel. It is normalised, so that every parser
/// reads it in the same way. Cloning is cheap, because the text is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(Rc<str>);

impl Link {
    /// Checks an address, in which HTML entities have been decoded. Returns `None` if the address is refused.
    ///
    /// As in a browser, tabs, line ends and surrounding white space are ignored, and backslashes before the query of a
    /// web address count as slashes. These are refused:
    /// - schemes other than http, https, mailto and tel;
    /// - addresses without a scheme (`/path`, `//host`), because they would be relative to the web page that embeds the
    ///   chat;
    /// - a name or password before the host, because `https://bank.example@evil.example` leads to `evil.example`;
    /// - hosts with characters that no host can have, or with escaped characters (`%65vil.example`);
    /// - control characters (except tabs and line ends) and bidi controls (which change the order of the characters that
    ///   are shown) anywhere in the address;
    /// - addresses longer than [`MAX_ADDRESS_BYTES`];
    /// - telephone numbers with `*` or `#`, which can be commands to the telephone network.
    pub fn new(address: &str) -> Option<Self> {
        if address.len() > MAX_ADDRESS_BYTES || address.contains(|c| is_removed(c) && c != '\r') {
            return None;
        }
        let mut without_breaks = address.trim_ascii().to_owned();
        without_breaks.retain(|c| !matches!(c, '\t' | '\n' | '\r'));
        let (scheme, rest) = without_breaks.split_once(':')?;
        let mut href = scheme.to_ascii_lowercase();
        let is_valid = match href.as_str() {
            "http" | "https" => return web_address(href, rest),
            "mailto" => !rest.is_empty(),
            "tel" => is_telephone_number(rest),
            _ => false,
        };
        href.push(':');
        href.push_str(rest);
        is_valid.then(|| Self(href.into()))
    }

    /// The normalised address, for the attribute `href`.
    pub fn href(&self) -> &str {
        &self.0
    }

    /// The host of an http or https address, in lower case and without its port. `None` for other schemes.
    ///
    /// If [`Self::host_is_as_written`] is true, the browser opens exactly this host. Otherwise ask the browser's `URL` which
    /// host it opens. If `URL` refuses the address, the address cannot be opened.
    pub fn host(&self) -> Option<&str> {
        let rest = self
            .0
            .strip_prefix("https://")
            .or_else(|| self.0.strip_prefix("http://"))?;
        let (host, _) = split_before(rest, ends_host);
        Some(
            host.rsplit_once(':')
                .filter(|(_, port)| is_port(port))
                .map_or(host, |(host, _)| host),
        )
    }

    /// Whether the host consists of ASCII letters, digits, hyphens, dots and underscores, and its last label begins
    /// with a letter. No browser writes such a host in another form (punycode, or a number as an IPv4 address). False
    /// if the address has no host.
    pub fn host_is_as_written(&self) -> bool {
        let is_plain = |host: &str| {
            let last_label = host
                .trim_end_matches('.')
                .rsplit('.')
                .next()
                .unwrap_or_default();
            last_label.starts_with(|c: char| c.is_ascii_alphabetic())
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        };
        self.host().is_some_and(is_plain)
    }
}

/// Checks and normalises a web address. The result has two slashes before the host, and no backslash before the query.
/// `written` is the part after the colon of the scheme. Returns `None` if the address is refused.
fn web_address(scheme: String, written: &str) -> Option<Link> {
    let without_slashes = written.trim_start_matches(is_slash);
    let (host, rest) = split_before(without_slashes, ends_host);
    // With fewer than two slashes, a browser may read the address as relative to the web page.
    let slash_count = written.len() - without_slashes.len();
    if slash_count < 2 || !is_host_and_port(host) {
        return None;
    }
    let (path, query) = split_before(rest, |c| matches!(c, '?' | '#'));
    let mut href = scheme;
    href.push_str("://");
    href.push_str(&host.to_ascii_lowercase());
    href.extend(path.chars().map(|c| if is_slash(c) { '/' } else { c }));
    href.push_str(query);
    Some(Link(href.into()))
}

fn is_slash(character: char) -> bool {
    matches!(character, '/' | '\\')
}

/// Whether a character ends the host and the port of a web address.
fn ends_host(character: char) -> bool {
    is_slash(character) || matches!(character, '?' | '#')
}

/// Whether a text is a valid host, with or without a port. A name before `@` is refused.
fn is_host_and_port(text: &str) -> bool {
    // In `[::1]`, the last colon is part of the host.
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    if !port.is_empty() && !is_port(port) {
        return false;
    }
    if let Some(opened) = host.strip_prefix('[') {
        let ipv6 = opened.strip_suffix(']').unwrap_or_default();
        return !ipv6.is_empty()
            && ipv6
                .bytes()
                .all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'));
    }
    has_no_empty_label(host) && host.chars().all(is_host_character)
}

/// Whether a text is a port: at most five digits. It may be empty (`https://shop.example:/`).
fn is_port(text: &str) -> bool {
    text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a host may contain a character. Beyond ASCII, only these are refused: U+0080 to U+00AD (controls, symbols
/// and the soft hyphen), the general punctuation with its spaces and invisible characters (U+2000 to U+206F), the
/// ideographic space, and the byte order mark. The browser decides about all others.
fn is_host_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '-' | '.' | '_')
        || character > '\u{AD}'
            && !matches!(character, '\u{2000}'..='\u{206F}' | '\u{3000}' | '\u{FEFF}')
}

/// Whether the part of a `tel:` address after the colon is a number that can be called.
fn is_telephone_number(text: &str) -> bool {
    // Parameters, such as `;ext=12`, may contain letters. The number must not.
    let (number, parameters) = split_before(text, |c| c == ';');
    let has_digits = number.bytes().any(|b| b.is_ascii_digit());
    has_digits
        && number
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'+' | b'-' | b'.' | b'(' | b')'))
        && parameters
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b';' | b'=' | b'-' | b'.' | b'+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The normalised address, or `None` if the address is refused.
    fn href(address: &str) -> Option<String> {
        Link::new(address).map(|link| link.href().to_owned())
    }

    /// The host of a web address that is accepted.
    fn host(address: &str) -> String {
        Link::new(address).unwrap().host().unwrap().to_owned()
    }

    #[test]
    fn four_schemes_are_accepted_in_any_case() {
        assert_eq!(
            href("HTTPS://Shop.Example/A?B#C").unwrap(),
            "https://shop.example/A?B#C"
        );
        assert_eq!(href("http://shop.example").unwrap(), "http://shop.example");
        assert_eq!(
            href("MailTo:anna@shop.example?subject=Hi there").unwrap(),
            "mailto:anna@shop.example?subject=Hi there"
        );
        assert_eq!(
            href("tel:+49 (30) 123-45;ext=6").unwrap(),
            "tel:+49 (30) 123-45;ext=6"
        );
    }

    #[test]
    fn other_schemes_are_refused() {
        for address in [
            "javascript:alarm(1)",
            "data:text/html,x",
            "vbscript:x",
            "blob:https://shop.example/1",
            "file:///etc/passwd",
            "about:blank",
            "intent://x#Intent;end",
            "ftp://shop.example",
            "ws://shop.example",
            "sms:+491",
            "view-source:https://x.example",
            "javascript%3Aalarm(1)",
            // U+0430 is a Cyrillic letter that looks like `a`.
            "jav\u{430}script:alarm(1)",
            "http s://shop.example",
            "x:https://shop.example",
            ":",
            "",
            "https",
        ] {
            assert_eq!(href(address), None, "{address}");
        }
    }

    #[test]
    fn relative_addresses_are_refused() {
        for address in [
            "/path",
            "path",
            "//evil.example",
            "\\\\evil.example",
            "#top",
            "?q",
            "https:evil.example",
            "https:/evil.example",
            "./x:y",
        ] {
            assert_eq!(href(address), None, "{address}");
        }
    }

    #[test]
    fn white_space_is_treated_as_in_a_browser() {
        assert_eq!(
            href(" \t\n https://shop.example/a \r\n").unwrap(),
            "https://shop.example/a"
        );
        assert_eq!(
            href("ht\ntp\ts://shop\r.example").unwrap(),
            "https://shop.example"
        );
        assert_eq!(href("java\nscript:alarm(1)"), None);
        assert_eq!(href("\u{1}java\tscript:alarm(1)"), None);
        assert_eq!(href("https://shop.example/\u{1}"), None);
        assert_eq!(href("https://shop.example/\u{1}a"), None);
        assert_eq!(href("https://shop.example/\u{202E}a"), None);
    }

    #[test]
    fn backslashes_are_slashes_before_the_query() {
        assert_eq!(
            href("https:\\\\shop.example\\a\\b?c\\d").unwrap(),
            "https://shop.example/a/b?c\\d"
        );
        assert_eq!(
            host("https:/\\/evil.example\\@shop.example"),
            "evil.example"
        );
        assert_eq!(host("https://evil.example\\.shop.example/"), "evil.example");
    }

    #[test]
    fn credentials_are_refused() {
        for address in [
            "https://bank.example@evil.example/",
            "https://a:b@evil.example",
            "https://@evil.example",
            "https://bank.example%2F@evil.example",
        ] {
            assert_eq!(href(address), None, "{address}");
        }
        assert_eq!(host("https://shop.example/@anna"), "shop.example");
    }

    #[test]
    fn hosts_are_read_and_checked() {
        assert_eq!(host("https://Shop.Example:8443/x:1"), "shop.example");
        assert_eq!(host("https://shop.example.?x"), "shop.example.");
        assert_eq!(host("http://[2001:DB8::1]:80/"), "[2001:db8::1]");
        assert_eq!(host("http://[::1]"), "[::1]");
        assert_eq!(host("http://localhost#x"), "localhost");
        assert_eq!(host("https://bücher.example/"), "bücher.example");
        assert_eq!(Link::new("mailto:a@shop.example").unwrap().host(), None);
        for address in [
            "https://",
            "https:///",
            "https://?x",
            "https://.",
            "https://a..b/",
            "https://.a/",
            "https://a b/",
            "https://%65vil.example/",
            "https://a<b/",
            "https://a:b/",
            "https://a:123456/",
            "https://[x]/",
            "https://[::1",
            "https://[]/",
            "https://a\u{2060}b/",
            "https://a\u{3000}b/",
            "https://a|b",
            "https://a^b",
        ] {
            assert_eq!(href(address), None, "{address}");
        }
    }

    #[test]
    fn host_is_as_written_is_true_if_no_browser_changes_the_host() {
        for address in [
            "https://shop.example/ü",
            "http://xn--bcher-kva.example",
            "http://localhost",
            "https://a_b.example.:1/",
        ] {
            assert!(
                Link::new(address).unwrap().host_is_as_written(),
                "{address}"
            );
        }
        for address in [
            "https://bücher.example",
            "https://b\u{430}nk.example",
            // Browsers read these two numbers as 127.0.0.1.
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "mailto:a@b.example",
        ] {
            assert!(
                !Link::new(address).unwrap().host_is_as_written(),
                "{address}"
            );
        }
    }

    #[test]
    fn telephone_addresses_with_commands_other_characters_or_no_number_are_refused() {
        for address in [
            "tel:",
            "tel:*21*123#",
            "tel:123#",
            "tel:12/34",
            "tel:;ext=1",
            "tel:alarm",
        ] {
            assert_eq!(href(address), None, "{address}");
        }
    }

    #[test]
    fn addresses_that_are_longer_than_the_maximum_are_refused() {
        let address = "https://shop.example/".to_owned();
        assert!(
            Link::new(&(address.clone() + &"a".repeat(MAX_ADDRESS_BYTES - address.len())))
                .is_some()
        );
        assert_eq!(
            Link::new(&(address.clone() + &"a".repeat(MAX_ADDRESS_BYTES - address.len() + 1))),
            None
        );
    }
}
