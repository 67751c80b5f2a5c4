//! Tests of messages that try to exhaust the memory, the stack or the time. The limits are `MAX_CHARS`, `MAX_NODES`,
//! `MAX_DEPTH` and `MAX_LINKS`.

use std::hint::black_box;
use std::time::Instant;

use pipit_rich_text::{MAX_CHARS, MAX_DEPTH, MAX_LINKS, MAX_NODES, linkify, parse, to_plain_text};

use crate::tree_queries::{count_nodes, depth, links, text};

#[test]
fn a_message_with_more_characters_is_cut_and_marked_as_cut() {
    let whole = "ä".repeat(MAX_CHARS);
    assert_eq!(to_plain_text(&parse(&whole).blocks), whole);
    assert!(!parse(&whole).is_cut);

    let longer = parse(&(whole.clone() + "b"));
    assert_eq!(to_plain_text(&longer.blocks), whole);
    assert!(longer.is_cut);
}

#[test]
fn a_message_with_more_nodes_is_cut_and_marked_as_cut() {
    for (html, node) in [
        ("<p>x", "x"),
        ("x<br>", "x"),
        ("<b>x</b>x", "x"),
        ("<li>x", "x"),
        ("<a href=http://a.b>x</a>y", "x"),
    ] {
        let read = parse(&html.repeat(MAX_NODES));
        assert!(read.is_cut, "{html}");
        assert!(
            (MAX_NODES / 5..=MAX_NODES).contains(&count_nodes(&read.blocks)),
            "{html}: {}",
            count_nodes(&read.blocks)
        );
        assert!(text(&read.blocks).starts_with(node));
    }
    let breaks = parse(&("x".to_owned() + &"<br>".repeat(MAX_NODES) + "y"));
    assert!(breaks.is_cut);
    assert!(count_nodes(&breaks.blocks) <= MAX_NODES);
}

#[test]
fn text_after_the_last_allowed_link_is_kept() {
    let html = "www.a.example ".repeat(MAX_NODES);
    let read = parse(&html);
    assert_eq!(to_plain_text(&read.blocks), html.trim_end());
    assert!(!read.is_cut);
    assert!((MAX_LINKS..MAX_NODES / 4).contains(&links(&read.blocks).len()));
}

#[test]
fn content_beyond_the_maximum_depth_is_added_to_the_innermost_container() {
    for (open, close) in [
        ("<ul><li>a", "</ul>"),
        ("<blockquote>a", "</blockquote>"),
        ("<ol><li><blockquote>a", "</blockquote></ol>"),
    ] {
        let read = parse(&(open.repeat(100) + &close.repeat(100) + "<p>z"));
        assert_eq!(text(&read.blocks), "a".repeat(100) + "z");
        assert!(depth(&read.blocks) <= MAX_DEPTH);
        assert!(
            to_plain_text(&read.blocks).ends_with("\nz"),
            "what follows is outside of it"
        );
    }
}

#[test]
fn tags_that_are_not_stored_are_closed_one_by_one() {
    let html = "<i>".to_owned() + &"<span>".repeat(500) + "a" + &"</span>".repeat(500) + "b</i>c";
    let read = parse(&html);
    let together = parse("<i>ab</i>c");
    assert_eq!(read, together);
}

/// One text may take at most three times as long as eight texts of an eighth of its length. If the time grew with the
/// square of the length, one text would take eight times as long. Other programs on the machine may disturb single
/// measurements, so one good measurement of fifty is enough.
#[test]
fn the_time_grows_in_proportion_to_the_length() {
    let shapes = [
        "<b>",
        "</b>",
        "<b></i>",
        "<i><b></i>",
        "<div>",
        "<ul><li>",
        "</ul>",
        "<li>",
        "<blockquote>",
        "<a href=x>",
        "<p>",
        "<table><td>",
        "<pre>\n",
        "<",
        "<!",
        "<!--",
        "<!-- -",
        "<![CDATA[",
        "]]",
        "</",
        "<script>",
        "<script></scrip",
        "<svg>",
        "<svg></svg",
        "<template><script>",
        "<b x",
        "<b x=\"",
        "<b x='y",
        "<b style=a:b;",
        "&",
        "&a",
        "&#",
        "&#1",
        "&#x1",
        "&notit",
        "&amp",
        "&lt;",
        "<br>",
        " ",
        "\n",
        "\t<br> ",
        "a ",
        "www.",
        "www.a.b ",
        "http://",
        "http://a",
        "https://(",
        "http://a)",
        "@",
        "a@",
        "a@a.",
        "a@a.aa",
        "@@a.",
        "(",
        "www.(",
        "w",
        "h",
        "\0",
        "\u{202e}",
        "<a href=https://a.example/>b</a>c",
        "<b x=y ",
        "<b style=\"font-weight:bold;font-style:x",
    ];
    for shape in shapes {
        let time = |length: usize, times: usize| {
            let html = shape.repeat(length / shape.len());
            let start = Instant::now();
            for _ in 0..times {
                black_box(to_plain_text(&parse(&html).blocks).len() + linkify(&html).len());
            }
            start.elapsed()
        };
        let is_linear = || time(MAX_CHARS, 1) < 3 * time(MAX_CHARS / 8, 8);
        assert!((0..50).any(|_| is_linear()), "{shape:?}");
    }
}

/// Markup beyond the maximum length is not read.
#[test]
fn megabytes_of_hostile_markup_are_cut() {
    let shapes = [
        "<b>".repeat(100_000),
        "&".repeat(1_000_000),
        "<".repeat(1_000_000),
        "<ul><li>".repeat(100_000),
        "<b ".to_owned() + &"x=y ".repeat(300_000),
        "<b ".to_owned() + &"x".repeat(1_000_000),
        "<a href=\"".to_owned() + &"x".repeat(1_000_000) + "\">x</a>",
    ];
    for html in shapes {
        let read = parse(&html);
        assert!(read.is_cut);
        assert!(text(&read.blocks).len() <= MAX_CHARS);
    }
}
