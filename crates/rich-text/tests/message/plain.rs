//! A message as plain text.

use pipit_rich_text::{parse, plain};

fn said(html: &str) -> String {
    plain(&parse(html).blocks)
}

#[test]
fn lines() {
    assert_eq!(said(""), "");
    assert_eq!(said("<p>a<br>b</p><h1>c</h1>"), "a\nb\nc");
    assert_eq!(said("a<br><br>b"), "a\n\nb");
}

#[test]
fn lists() {
    assert_eq!(said("<ul><li>a<li>b<br>c</ul>d"), "• a\n• b\n  c\nd");
    assert_eq!(said("<ol><li>a<p>b</p><li>c</ol>"), "1. a\n   b\n2. c");
    assert_eq!(
        said("<ol><li>a<ul><li>b<li>c</ul><li>d</ol>"),
        "1. a\n   • b\n   • c\n2. d"
    );
}

#[test]
fn a_list_that_begins_with_a_list() {
    assert_eq!(said("<ul><li><ol><li>a<li>b</ol></ul>"), "• 1. a\n  2. b");
}

#[test]
fn quotes() {
    assert_eq!(
        said("a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e"),
        "a\n> b\n> c\n> > d\ne"
    );
    assert_eq!(
        said("<ul><li><blockquote>a<br>b</blockquote>c</ul>"),
        "• > a\n  > b\n  c"
    );
    assert_eq!(
        said("<blockquote><ol><li>a<br>b</ol></blockquote>"),
        "> 1. a\n>    b"
    );
}

#[test]
fn links_are_their_text() {
    assert_eq!(
        said("<a href=https://shop.example/>the shop</a>"),
        "the shop"
    );
}
