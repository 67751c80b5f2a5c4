//! Decodes characters that are written as entities, such as `&amp;`, `&#38;` and `&#x26;`. The rules are those of the
//! HTML standard, section 13.2.5.72.

use pipit_untrusted_text::is_removed;

use crate::steps::count_steps;

/// The place of a text in the markup. In an attribute, a name without a semicolon is not decoded if it looks like a
/// parameter of an address (`?a=1&copy=2`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    Attribute,
    Text,
}

/// Decodes the entities of a text. Entities of characters that must not be shown are removed. An unknown entity stays as
/// it is written.
pub(crate) fn decode(written: &str, context: Context) -> String {
    let mut decoded = String::with_capacity(written.len());
    let mut parts = written.split('&');
    decoded.push_str(parts.next().unwrap_or_default());
    for part in parts {
        if let Some((character, rest)) = decode_entity(part, context) {
            if !is_removed(character) {
                decoded.push(character);
            }
            decoded.push_str(rest);
        } else {
            decoded.push('&');
            decoded.push_str(part);
        }
    }
    decoded
}

/// Decodes the entity at the start of a text, whose `&` has been read. Returns the character and the rest of the text, or
/// `None` if the text does not begin with a known entity.
fn decode_entity(text: &str, context: Context) -> Option<(char, &str)> {
    text.strip_prefix('#')
        .map_or_else(|| decode_name(text, context), decode_number)
}

/// Decodes the number of a character, whose `#` has been read. Returns the character and the rest of the text, or `None`
/// if there is no digit.
fn decode_number(text: &str) -> Option<(char, &str)> {
    let (digits, radix) = text
        .strip_prefix(['x', 'X'])
        .map_or((text, 10), |digits| (digits, 16));
    let mut chars = digits.chars();
    let mut rest = digits;
    let mut code = 0_u32;
    while let Some(digit) = chars.next().and_then(|c| c.to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        rest = chars.as_str();
    }
    let has_digits = rest.len() < digits.len();
    has_digits.then_some((character_with(code), rest.strip_prefix(';').unwrap_or(rest)))
}

/// The character that a browser shows for a number.
fn character_with(code: u32) -> char {
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => WINDOWS_1252
            .chars()
            .nth((code & 0x1F) as usize)
            .unwrap_or_default(),
        // Surrogates and numbers beyond the last character are not characters.
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Decodes the longest known name at the start of a text. Returns the character and the rest of the text. Returns
/// `None` if the text begins with no known name, and in an attribute also if the name has no semicolon and a letter, a
/// digit or `=` follows.
fn decode_name(text: &str, context: Context) -> Option<(char, &str)> {
    let initial = text.chars().next()?;
    let (_, names) = NAMES.iter().find(|(letter, _)| *letter == initial)?;
    let mut longest_name = "";
    let mut character = '\0';
    for pair in names.split(' ') {
        count_steps(1);
        let mut chars = pair.chars();
        let first = chars.next()?;
        let name = chars.as_str();
        if name.len() > longest_name.len() && text.starts_with(name) {
            longest_name = name;
            character = first;
        }
    }
    if longest_name.is_empty() {
        return None;
    }
    let rest = text.strip_prefix(longest_name)?;
    if longest_name.ends_with(';') {
        return Some((character, rest));
    }
    if let Some(after_semicolon) = rest.strip_prefix(';') {
        return Some((character, after_semicolon));
    }
    let continues = rest.starts_with(|c: char| c == '=' || c.is_ascii_alphanumeric());
    (context == Context::Text || !continues).then_some((character, rest))
}

/// The known names, by their first letter: each character, followed by its name. If a name in this list ends in a
/// semicolon, the markup must have the semicolon too; otherwise the markup may leave it out. The list has the names of
/// Latin-1, of markup, punctuation and symbols, and of the characters that attackers hide addresses with. It is grouped
/// because a message may begin tens of thousands of names, and each of them is compared with a whole group.
const NAMES: [(char, &str); 38] = [
    (
        'A',
        "ÀAgrave ÁAacute ÂAcirc ÃAtilde ÄAuml ÅAring ÆAElig &AMP",
    ),
    ('C', "ÇCcedil ©COPY"),
    ('D', "‡Dagger;"),
    ('E', "ÈEgrave ÉEacute ÊEcirc ËEuml ÐETH"),
    ('G', ">GT"),
    ('I', "ÌIgrave ÍIacute ÎIcirc ÏIuml"),
    ('L', "<LT"),
    ('N', "ÑNtilde \nNewLine;"),
    ('O', "ÒOgrave ÓOacute ÔOcirc ÕOtilde ÖOuml ØOslash ŒOElig;"),
    ('P', "″Prime;"),
    ('Q', "\"QUOT"),
    ('R', "®REG"),
    ('S', "ŠScaron;"),
    ('T', "ÞTHORN \tTab;"),
    ('U', "ÙUgrave ÚUacute ÛUcirc ÜUuml"),
    ('Y', "ÝYacute ŸYuml;"),
    (
        'a',
        "´acute àagrave áaacute âacirc ãatilde äauml åaring æaelig &amp 'apos; ≈asymp;",
    ),
    ('b', "¦brvbar „bdquo; •bull;"),
    (
        'c',
        "¢cent ¤curren ©copy ¸cedil çccedil ˆcirc; ✓check; :colon; @commat;",
    ),
    ('d', "°deg ÷divide ↓darr; †dagger;"),
    (
        'e',
        "èegrave éeacute êecirc ëeuml ðeth €euro; \u{2002}ensp; \u{2003}emsp;",
    ),
    ('f', "¼frac14 ½frac12 ¾frac34 ƒfnof;"),
    ('g', ">gt ≥ge; `grave;"),
    ('h', "…hellip; ↔harr; ―horbar; ♥hearts;"),
    ('i', "¡iexcl ¿iquest ìigrave íiacute îicirc ïiuml ∞infin;"),
    (
        'l',
        "«laquo <lt ‘lsquo; “ldquo; ←larr; ‹lsaquo; ≤le; \u{200E}lrm; (lpar;",
    ),
    ('m', "¯macr µmicro ·middot —mdash; −minus;"),
    ('n', "\u{A0}nbsp ¬not ñntilde –ndash; ≠ne; #num;"),
    (
        'o',
        "ªordf ºordm òograve óoacute ôocirc õotilde öouml øoslash œoelig;",
    ),
    ('p', "£pound ±plusmn ¶para ‰permil; ′prime;"),
    ('q', "\"quot"),
    (
        'r',
        "®reg »raquo ’rsquo; ”rdquo; →rarr; ⇒rArr; ›rsaquo; √radic; \u{200F}rlm; )rpar;",
    ),
    (
        's',
        "§sect \u{AD}shy ²sup2 ³sup3 ¹sup1 ßszlig ‚sbquo; šscaron; ★starf; /sol;",
    ),
    ('t', "×times þthorn ™trade; ˜tilde; \u{2009}thinsp;"),
    ('u', "¨uml ùugrave úuacute ûucirc üuuml ↑uarr;"),
    ('v', "|vert;"),
    ('y', "¥yen ýyacute ÿyuml"),
    ('z', "\u{200C}zwnj; \u{200D}zwj;"),
];

/// The characters for the numbers 0x80 to 0x9F. Browsers read these numbers as windows-1252, because many web pages use
/// that encoding and claim to use Latin-1.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes a text that is not in an attribute.
    fn text(written: &str) -> String {
        decode(written, Context::Text)
    }

    #[test]
    fn decimal_and_hexadecimal_numbers_are_decoded() {
        assert_eq!(text("&#65;&#x42;&#X43;&#0000000000000000000068;"), "ABCD");
        assert_eq!(text("&#128512; &#x1F600;"), "😀 😀");
        assert_eq!(text("&#65 &#x42z &#66"), "A Bz B");
    }

    #[test]
    fn numbers_without_a_character_become_the_replacement_character() {
        assert_eq!(
            text("&#0; &#xD800; &#x110000; &#99999999999999999999;"),
            "\u{FFFD} \u{FFFD} \u{FFFD} \u{FFFD}"
        );
    }

    #[test]
    fn numbers_of_windows_1252_are_decoded() {
        assert_eq!(text("&#128;&#x85;&#146;&#x96;&#159;"), "€…’–Ÿ");
        assert_eq!(
            text("&#129;&#157;"),
            "",
            "control characters in both encodings"
        );
    }

    #[test]
    fn control_characters_are_removed() {
        assert_eq!(text("a&#1;b&#8;c&#127;d&#x202E;e"), "abcde");
        assert_eq!(text("a&#9;b&#10;c"), "a\tb\nc");
    }

    #[test]
    fn names_are_decoded() {
        assert_eq!(text("&amp;&lt;&gt;&quot;&apos;"), "&<>\"'");
        assert_eq!(text("&nbsp;&iexcl;&Agrave;&szlig;&yuml;"), "\u{A0}¡Àßÿ");
        assert_eq!(
            text("&hellip;&euro;&zwj;&Tab;&colon;&sol;"),
            "…€\u{200D}\t:/"
        );
        assert_eq!(text("&Euml;&euml;"), "Ëë", "case counts");
        assert_eq!(text("&amp;;&hellip;;"), "&;…;");
    }

    #[test]
    fn only_names_of_latin_1_and_of_markup_are_decoded_without_a_semicolon() {
        assert_eq!(
            text("Tom &amp Jerry &lt3 &copy2026 &notit; &frac12x"),
            "Tom & Jerry <3 ©2026 ¬it; ½x"
        );
        assert_eq!(text("&hellip &euro5 &notin"), "&hellip &euro5 ¬in");
    }

    #[test]
    fn parameters_of_an_address_are_not_decoded() {
        assert_eq!(
            decode("?a=1&copy=2&lt3&amp;b=&reg", Context::Attribute),
            "?a=1&copy=2&lt3&b=®"
        );
    }

    #[test]
    fn unknown_entities_stay_as_written() {
        assert_eq!(
            text("& && &; &# &#; &#x; &#xg; &bogus; &b"),
            "& && &; &# &#; &#x; &#xg; &bogus; &b"
        );
    }

    #[test]
    fn the_tables_are_complete() {
        let pairs: Vec<(char, char, &str)> = NAMES
            .iter()
            .flat_map(|(letter, names)| {
                names.split(' ').map(|pair| {
                    let mut chars = pair.chars();
                    (*letter, chars.next().unwrap(), chars.as_str())
                })
            })
            .collect();
        let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric());
        for (letter, _, name) in &pairs {
            assert!(name.starts_with(*letter), "{name}");
            assert!(is_name(name.strip_suffix(';').unwrap_or(name)), "{name}");
        }
        assert_eq!(pairs.len(), 168);
        // All 96 characters of Latin-1 from U+00A0 to U+00FF have a name that needs no semicolon.
        for character in '\u{A0}'..='\u{FF}' {
            let is_pair = |(_, other, name): &&(char, char, &str)| {
                *other == character && !name.ends_with(';')
            };
            assert!(pairs.iter().any(|pair| is_pair(&pair)), "{character}");
        }
        assert_eq!(WINDOWS_1252.chars().count(), 32);
    }
}
