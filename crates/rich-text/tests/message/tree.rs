//! Tests of the tree that `parse` reads from each kind of markup. The expected trees are written as text:
//!
//! - `P(…)` is a paragraph, `Q(…)` a quote, and `UL(…; …)` or `OL(…; …)` a list with its items;
//! - letters before `[…]` are the style of a text (`b` bold, `i` italic, `u` underlined, `c` code);
//! - `->href[…]` is a link, and `/` is a line break.

use pipit_rich_text::{Block, ListKind, Phrase, Span, Style, parse};

/// Reads a message and writes its tree as text.
fn tree_text(html: &str) -> String {
    blocks_text(&parse(html).blocks)
}

fn blocks_text(blocks: &[Block]) -> String {
    let texts = blocks.iter().map(|block| match block {
        Block::Paragraph(spans) => {
            format!("P({})", spans.iter().map(span_text).collect::<String>())
        }
        Block::Quote(inner) => format!("Q({})", blocks_text(inner)),
        Block::List(kind, items) => {
            let items: Vec<_> = items.iter().map(|item| blocks_text(item)).collect();
            format!(
                "{}({})",
                if *kind == ListKind::Numbered(1) {
                    "OL"
                } else {
                    "UL"
                },
                items.join("; ")
            )
        }
    });
    texts.collect::<Vec<_>>().join(" ")
}

fn span_text(span: &Span) -> String {
    let phrases: String = span.phrases.iter().map(phrase_text).collect();
    span.link.as_ref().map_or(phrases.clone(), |link| {
        format!("->{}[{phrases}]", link.href())
    })
}

fn phrase_text(phrase: &Phrase) -> String {
    let Phrase::Text(text, style) = phrase else {
        return "/".to_owned();
    };
    let letters = [
        (Style::BOLD, 'b'),
        (Style::ITALIC, 'i'),
        (Style::UNDERLINE, 'u'),
        (Style::CODE, 'c'),
    ];
    let prefix: String = letters
        .iter()
        .filter(|(one, _)| style.has(*one))
        .map(|(_, letter)| letter)
        .collect();
    if prefix.is_empty() {
        text.clone()
    } else {
        format!("{prefix}[{text}]")
    }
}

/// Checks pairs of markup and the expected tree.
fn check_trees(cases: &[(&str, &str)]) {
    for (html, tree) in cases {
        assert_eq!(tree_text(html), *tree, "{html}");
    }
}

#[test]
fn markup_that_shows_nothing_is_an_empty_tree() {
    check_trees(&[
        ("", ""),
        (" \n ", ""),
        ("<p></p>", ""),
        ("<p>&nbsp;</p><br>", ""),
        ("<b> </b>", ""),
        ("<ul><li></li></ul>", ""),
        ("<blockquote> </blockquote>", ""),
    ]);
}

#[test]
fn tags_set_styles() {
    check_trees(&[
        ("<b>a</b><strong>b</strong>", "P(b[ab])"),
        ("<i>a</i><em>b</em><cite>c</cite>", "P(i[abc])"),
        ("<u>a</u><ins>b</ins>", "P(u[ab])"),
        (
            "<code>a</code><kbd>b</kbd><samp>c</samp><tt>d</tt>",
            "P(c[abcd])",
        ),
        (
            "a<b>b<i>c<u>d<code>e</code></u></i></b>f",
            "P(ab[b]bi[c]biu[d]biuc[e]f)",
        ),
        ("<B>a</b>", "P(b[a])"),
    ]);
}

#[test]
fn style_attributes_set_styles() {
    check_trees(&[
        ("<span style=\"font-weight:bold\">a</span>b", "P(b[a]b)"),
        (
            "<span style='font-weight: 700; font-style: italic; text-decoration: underline'>a</span>",
            "P(biu[a])",
        ),
        ("<font style=font-style:italic>a</font>", "P(i[a])"),
        ("<p style=font-weight:bold>a</p><p>b", "P(b[a]) P(b)"),
        ("<div style='font-weight:bold'>a</div>b", "P(b[a]/b)"),
        (
            "<b>a<span style='font-weight:normal'>b<i>c</i></span>d</b>",
            "P(b[a]bi[c]b[d])",
        ),
        ("<b style=font-weight:normal>a</b>", "P(a)"),
        ("<a style=font-weight:bold>a</a>", "P(b[a])"),
        ("<span style='font-weight&#58;bold'>a</span>", "P(b[a])"),
        ("<span style='color:red'>a<span>b</span></span>", "P(ab)"),
    ]);
}

#[test]
fn tags_in_wrong_order_are_repaired() {
    check_trees(&[
        ("<b><i>a</b>b</i>c", "P(bi[a]i[b]c)"),
        ("<b>a", "P(b[a])"),
        ("<b><b>a</b>b</b>c", "P(b[ab]c)"),
        ("a</b>b</nothing>", "P(ab)"),
        ("<b>a<p>b</p>c</b>d", "P(b[a]) P(b[b]) P(b[c]d)"),
        ("<p><b>a</p><p>b</b>c", "P(b[a]) P(b[b]c)"),
        ("<p><span style=font-weight:bold>a</p>b", "P(b[a]) P(b)"),
        ("<p style=font-weight:bold>a<p>b", "P(b[a]) P(b)"),
        (
            "<ul><li><span style=font-weight:bold>a<li>b</ul>c",
            "UL(P(b[a]); P(b)) P(c)",
        ),
        ("<ul><li><b>a</ul>b", "UL(P(b[a])) P(b[b])"),
    ]);
}

#[test]
fn white_space_is_as_a_browser_shows_it() {
    check_trees(&[
        ("  a \n\t b  ", "P(a b)"),
        ("a <b> b</b>", "P(a b[b])"),
        ("<b>a </b> b", "P(b[a] b)"),
        ("<u>a </u><u>b</u>", "P(u[a b])"),
        ("<u>a </u><i>b</i>", "P(u[a] i[b])"),
        ("a <br> b", "P(a/b)"),
        ("a&nbsp; b", "P(a\u{A0} b)"),
        ("<p> a </p> <p> b </p>", "P(a) P(b)"),
        ("a<!-- --> <!-- -->b", "P(a b)"),
        ("a&#32;&#9;b", "P(a b)"),
        ("a\u{C}b\rc", "P(a b c)"),
    ]);
}

#[test]
fn blocks_become_lines_and_paragraphs() {
    check_trees(&[
        ("a<br>b<br/>c<BR />d", "P(a/b/c/d)"),
        ("a<br><br>b", "P(a//b)"),
        ("<br>a<br>", "P(a)"),
        ("<div>a</div><div>b</div>", "P(a/b)"),
        ("<div>a</div><div><br></div><div>b</div>", "P(a//b)"),
        ("<div><div>a</div></div>b", "P(a/b)"),
        ("<p>a</p>b<p>c", "P(a) P(b) P(c)"),
        ("a<hr>b", "P(a) P(b)"),
        ("<h2>a</h2>b", "P(b[a]) P(b)"),
        ("a</br>b", "P(a/b)"),
        ("<dl><dt>a<dd>b</dl>c", "P(a/b) P(c)"),
    ]);
}

#[test]
fn preformatted_text_keeps_its_white_space() {
    check_trees(&[
        ("<pre>\n a\n\tb  c\r\n</pre>d", "P(c[ a]/c[\tb  c]) P(d)"),
        ("<pre>a<b>b\n\nc</b></pre>", "P(c[a]bc[b]//bc[c])"),
        (
            "<pre><code> www.shop.example </code></pre>",
            "P(c[ www.shop.example ])",
        ),
    ]);
}

#[test]
fn lists_contain_items() {
    check_trees(&[
        ("<ul><li>a</li><li>b</li></ul>", "UL(P(a); P(b))"),
        ("<ol><li>a<li>b</ol>c", "OL(P(a); P(b)) P(c)"),
        (
            "<ul><li>a<ol><li>b</ol>c<li>d</ul>",
            "UL(P(a) OL(P(b)) P(c); P(d))",
        ),
        (
            "<ul><li>a</li><ul><li>b</li></ul></ul>",
            "UL(P(a) UL(P(b)))",
        ),
        ("<ul>a<li>b</ul>", "UL(P(a); P(b))"),
        ("a<li>b</li><li>c</li>d", "P(a) UL(P(b); P(c)) P(d)"),
        ("<ul><li><p>a</p><p>b</p></ul>", "UL(P(a) P(b))"),
        ("<ul><li>a", "UL(P(a))"),
    ]);
}

#[test]
fn quotes_contain_blocks() {
    check_trees(&[
        ("a<blockquote>b<p>c</blockquote>d", "P(a) Q(P(b) P(c)) P(d)"),
        ("<blockquote><ul><li>a</blockquote>b", "Q(UL(P(a))) P(b)"),
        (
            "<blockquote><blockquote>a</blockquote></blockquote>",
            "Q(Q(P(a)))",
        ),
        ("<li><blockquote>a</li>b", "UL(Q(P(a))) P(b)"),
    ]);
}

#[test]
fn rows_of_tables_become_lines() {
    check_trees(&[
        (
            "a<table><tr><th>b<th>c<tr><td>d</td> <td>e</td></table>f",
            "P(a) P(b\u{2003}c/d\u{2003}e) P(f)",
        ),
        (
            "<table><tbody><tr><td></td><td>a</td></tr></tbody></table>",
            "P(a)",
        ),
    ]);
}

#[test]
fn anchors_become_links() {
    check_trees(&[
        (
            "<a href=https://shop.example/>a</a>b",
            "P(->https://shop.example/[a]b)",
        ),
        (
            "a <a href='https://shop.example/?a=1&amp;b=2'> b <b>c</b> </a> d",
            "P(a ->https://shop.example/?a=1&b=2[b b[c]] d)",
        ),
        (
            "<a href=https://shop.example/>a<br>b</a><br>c",
            "P(->https://shop.example/[a/b]/c)",
        ),
        (
            "<a href=http://a.example>a<a href=http://b.example>b</a>c",
            "P(->http://a.example[a]->http://b.example[b]c)",
        ),
        (
            "<a href=http://a.example>a</a> <a href=http://b.example>b</a>",
            "P(->http://a.example[a] ->http://b.example[b])",
        ),
        (
            "<a href=http://a.example><p>a</p><p>b</p></a>",
            "P(->http://a.example[a]) P(->http://a.example[b])",
        ),
        ("<a href=/x>a</a>", "P(a)"),
        ("<a name=x>a</a>", "P(a)"),
        ("<b href=http://a.example>a</b>", "P(b[a])"),
    ]);
}

#[test]
fn addresses_in_text_become_links() {
    check_trees(&[
        (
            "see www.shop.example.",
            "P(see ->https://www.shop.example[www.shop.example].)",
        ),
        (
            "<b>a@shop.example</b>",
            "P(->mailto:a@shop.example[b[a@shop.example]])",
        ),
        (
            "http://<!-- -->shop.example",
            "P(->http://shop.example[http://shop.example])",
        ),
        (
            "a<br>www.shop.example<br>b",
            "P(a/->https://www.shop.example[www.shop.example]/b)",
        ),
        (
            "<a href=http://a.example>www.shop.example</a>",
            "P(->http://a.example[www.shop.example])",
        ),
        ("<code>www.shop.example</code>", "P(c[www.shop.example])"),
        (
            "<a href=javascript:x>www.shop.example</a>",
            "P(->https://www.shop.example[www.shop.example])",
        ),
    ]);
}

#[test]
fn entities_are_decoded() {
    check_trees(&[
        (
            "&lt;b&gt;a&lt;/b&gt; &amp;amp; &hellip;&#8364;",
            "P(<b>a</b> &amp; …€)",
        ),
        ("a &unknown; & b", "P(a &unknown; & b)"),
    ]);
}

#[test]
fn elements_whose_content_is_not_text_are_removed() {
    for element in [
        "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea",
        "title", "select", "audio", "canvas",
    ] {
        assert_eq!(
            tree_text(&format!("a<{element}>b</{element}>c")),
            "P(ac)",
            "{element}"
        );
        assert_eq!(tree_text(&format!("a<{element}>b")), "P(a)", "{element}");
    }
    check_trees(&[
        ("a<embed src=x>b<img>c<input>d", "P(abcd)"),
        ("a<svg/>b", "P(ab)"),
        ("<my-tag>a</my-tag>", "P(a)"),
    ]);
}
