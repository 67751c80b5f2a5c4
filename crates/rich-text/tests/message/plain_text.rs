//! Tests of `to_plain_text`, which writes a message as plain text.

use pipit_rich_text::{parse, to_plain_text};

/// The plain text of a message in HTML.
fn plain_text(html: &str) -> String {
    to_plain_text(&parse(html).blocks)
}

#[test]
fn each_line_of_the_message_is_a_line_of_the_text() {
    assert_eq!(plain_text(""), "");
    assert_eq!(plain_text("<p>a<br>b</p><h1>c</h1>"), "a\nb\nc");
    assert_eq!(plain_text("a<br><br>b"), "a\n\nb");
}

#[test]
fn items_begin_with_a_bullet_or_a_number() {
    assert_eq!(plain_text("<ul><li>a<li>b<br>c</ul>d"), "• a\n• b\n  c\nd");
    assert_eq!(
        plain_text("<ol><li>a<p>b</p><li>c</ol>"),
        "1. a\n   b\n2. c"
    );
    assert_eq!(
        plain_text("<ol><li>a<ul><li>b<li>c</ul><li>d</ol>"),
        "1. a\n   • b\n   • c\n2. d"
    );
}

#[test]
fn an_item_can_begin_with_a_list() {
    assert_eq!(
        plain_text("<ul><li><ol><li>a<li>b</ol></ul>"),
        "• 1. a\n  2. b"
    );
}

#[test]
fn lines_of_quotes_begin_with_a_mark() {
    assert_eq!(
        plain_text("a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e"),
        "a\n> b\n> c\n> > d\ne"
    );
    assert_eq!(
        plain_text("<ul><li><blockquote>a<br>b</blockquote>c</ul>"),
        "• > a\n  > b\n  c"
    );
    assert_eq!(
        plain_text("<blockquote><ol><li>a<br>b</ol></blockquote>"),
        "> 1. a\n>    b"
    );
}

#[test]
fn a_link_is_written_as_its_text() {
    assert_eq!(
        plain_text("<a href=https://shop.example/>the shop</a>"),
        "the shop"
    );
}
