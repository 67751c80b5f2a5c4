//! Property tests: what holds for every text that is read as a message, and for every text that is searched for addresses.

use crate::tree_queries::{count_nodes, depth, has_no_empty_part, links, spans, text};
use pipit_rich_text::{
    Link, MAX_DEPTH, MAX_LINKS, MAX_NODES, MAX_PORTION_CHARS, MAX_PORTION_LINES, MAX_PORTION_NODES,
    Phrase, RichText, Style, linkify, parse, portions_of_blocks, portions_of_text, to_plain_text,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A strategy for markup that consists of valid tags and of fragments.
fn markup() -> impl Strategy<Value = String> {
    let tags = select(vec![
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<u>",
        "<code>",
        "</code>",
        "<span style=font-weight:bold>",
        "</span>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<ul>",
        "</ul>",
        "<ol>",
        "</ol>",
        "<li>",
        "</li>",
        "<blockquote>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "<table><tr><td>",
        "<td>",
        "</table>",
        "<h1>",
        "</h1>",
        "<hr>",
        "<a href=https://shop.example/>",
        "<a href='",
        "<a href=javascript:x>",
        "</a>",
        "<script>",
        "</script>",
        "<svg>",
        "<svg/>",
        "</svg>",
        "<template>",
        "</template>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<",
        ">",
        "\"",
        "'",
        "=",
        "/",
        "&",
        "&amp;",
        "&nbsp;",
        "&#0;",
        "&#x202e;",
        "&#10;",
        ";",
        " ",
        "\n",
        "\t",
        "\r",
        "\0",
        "\u{202e}",
        "www.shop.example",
        "https://",
        "@",
        "a@shop.example",
        "word",
        "語",
    ]);
    vec(prop_oneof![8 => tags.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from), 1 => "\\PC{0,5}"], 0..80)
        .prop_map(|pieces| pieces.concat())
}

/// Checks what the documentation of the types promises about a tree.
fn check_tree(RichText { blocks, .. }: &RichText) -> Result<(), TestCaseError> {
    prop_assert!(has_no_empty_part(blocks));
    prop_assert!(depth(blocks) <= MAX_DEPTH);
    prop_assert!(count_nodes(blocks) <= MAX_NODES);
    for link in links(blocks) {
        prop_assert_eq!(Link::new(link.href()), Some(link));
    }
    for phrase in spans(blocks).into_iter().flat_map(|span| &span.phrases) {
        if let Phrase::Text(text, style) = phrase {
            let is_allowed = |c: char| match c {
                '\t' => style.has(Style::CODE),
                _ => {
                    !c.is_control()
                        && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
                }
            };
            prop_assert!(text.chars().all(is_allowed), "{:?}", text);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_markup_becomes_a_valid_tree(html in markup()) {
        check_tree(&parse(&html))?;
    }

    #[test]
    fn any_text_becomes_a_valid_tree(html in any::<String>()) {
        check_tree(&parse(&html))?;
    }

    /// Escaped text is read as the original text, except that white space between words becomes one space.
    #[test]
    fn escaped_text_round_trips(text in "[ -~\\n\u{A1}-\u{2FF}\u{4E00}-\u{4EFF}]{0,80}") {
        let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let words: Vec<_> = text.split_ascii_whitespace().collect();
        prop_assert_eq!(to_plain_text(&parse(&html).blocks), words.join(" "));
    }

    /// In `pre`, white space between the first and the last word is kept.
    #[test]
    fn preformatted_text_round_trips(text in "[!-~]([ -~\\n\\t]{0,60}[!-~])?") {
        let html = "<pre>".to_owned() + &text.replace('&', "&amp;").replace('<', "&lt;") + "</pre>";
        prop_assert_eq!(to_plain_text(&parse(&html).blocks), text);
    }

    #[test]
    fn the_pieces_of_linkify_joined_are_the_text(text in prop_oneof![any::<String>(), markup()]) {
        let pieces = linkify(&text);
        prop_assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), text.as_str());
        prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        prop_assert!(pieces.iter().filter(|piece| piece.link.is_some()).count() <= MAX_LINKS);
    }

    #[test]
    fn addresses_are_found_in_any_text(before in "[^a-zA-Z0-9@.\\-_/:]{0,5}", path in "(/[a-z0-9]{1,5}){0,3}", after in "[ .,;!?\"<>]{0,3}") {
        let address = "https://shop.example".to_owned() + &path;
        let text = before + &address + &after;
        prop_assert!(linkify(&text).iter().any(|piece| piece.text == address && piece.link.is_some()), "{}", text);
    }

    /// A normalised address is valid, and does not change when it is checked again.
    #[test]
    fn the_address_of_a_link_is_valid_and_unchanged(address in "(https?|HTTP|mailto|tel)?[:/\\\\@. \ta-z0-9?#%\\[\\]ü-]{0,30}") {
        if let Some(link) = Link::new(&address) {
            prop_assert_eq!(Link::new(link.href()), Some(link));
        }
    }

    #[test]
    fn no_tag_removes_text(words in vec("[a-z]{1,5}", 1..20), tags in vec(select(vec!["<b>", "</i>", "<x-y z='>'>", "</a>", "<img alt=q>", "<!-- q -->"]), 20)) {
        let html: String = words.iter().zip(&tags).flat_map(|(word, tag)| [word, *tag]).collect();
        prop_assert_eq!(text(&parse(&html).blocks), words.concat());
    }
}

proptest! {
    // The messages are long, so fewer of them are tried.
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// The portions of a message together have its text, and each of them is a valid tree of a limited size.
    #[test]
    fn the_portions_of_a_message_are_the_message(pieces in vec(markup(), 1..20), repetitions in 1..20_usize) {
        let message = parse(&pieces.concat().repeat(repetitions));
        let whole = text(&message.blocks);
        let portions = portions_of_blocks(message.blocks);
        prop_assert_eq!(portions.iter().map(|portion| text(portion)).collect::<String>(), whole);
        for blocks in portions {
            prop_assert!(text(&blocks).chars().count() <= MAX_PORTION_CHARS);
            prop_assert!(count_nodes(&blocks) <= 2 * MAX_PORTION_NODES + 2 * MAX_DEPTH);
            check_tree(&RichText { blocks, is_cut: false })?;
        }
    }

    /// The portions of a plain text together are the text, without some line ends between them.
    #[test]
    fn the_portions_of_a_text_are_the_text(pieces in vec(prop_oneof![any::<String>(), "[a-z ]{0,400}", "\n{0,50}", Just("www.a.example ".to_owned())], 0..60)) {
        let text = pieces.concat();
        let without_line_ends = |text: &str| text.replace('\n', "");
        let mut joined = String::new();
        for portion in portions_of_text(&text) {
            let plain = portion.iter().filter(|piece| piece.link.is_none());
            prop_assert!(plain.map(|piece| piece.text.chars().count()).sum::<usize>() <= MAX_PORTION_CHARS);
            prop_assert!(portion.iter().map(|piece| piece.text.matches('\n').count()).sum::<usize>() <= MAX_PORTION_LINES);
            joined.extend(portion.iter().map(|piece| piece.text));
        }
        prop_assert_eq!(without_line_ends(&joined), without_line_ends(&text));
    }
}
