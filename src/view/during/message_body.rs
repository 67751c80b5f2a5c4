//! Renders the text of a message: plain text, in which addresses become links, or rich text, which only agents and the
//! server send.
//!
//! No text reaches the browser's HTML parser. Only the elements that this file names are created, and only links have
//! an attribute that comes from the message.

use std::rc::Rc;

use pipit_engine::{Content, Notice};
use pipit_rich_text::{Block, Link, ListKind, Phrase, Span, Style, linkify, parse, to_plain_text};
use web_sys::Url;
use yew::virtual_dom::VTag;
use yew::{Html, html};

use crate::locale::{TextKey, Texts};

/// A text of the visitor, an agent or the server, exactly as it is in the transcript's entry.
#[derive(Clone, PartialEq)]
pub(crate) struct MessageBody {
    text: Rc<str>,
    /// Whether the server marks the text as HTML.
    is_html: bool,
}

impl MessageBody {
    /// The text of an entry. `None` for every notice except `Notice::Server`, because only this notice holds its text:
    /// the widget words the other notices itself.
    pub(crate) fn of(content: &Content) -> Option<Self> {
        let (text, is_html) = match content {
            Content::Visitor { text, .. } => (text, false),
            Content::Agent {
                body: text, rich, ..
            }
            | Content::Notice(Notice::Server { text, rich }) => (text, *rich),
            Content::Notice(_) => return None,
        };
        Some(Self {
            text: text.clone(),
            is_html,
        })
    }

    /// The text without any formatting.
    pub(crate) fn plain_text(&self) -> String {
        if self.is_html {
            to_plain_text(&parse(&self.text).blocks)
        } else {
            self.text.to_string()
        }
    }

    /// The text as nodes; `None` for rich text without anything visible.
    pub(crate) fn render(&self, texts: &Texts) -> Option<Html> {
        if !self.is_html {
            return Some(render_plain_text(&self.text));
        }
        let rich_text = parse(&self.text);
        // The parser drops the end of a text that is too long; `is_cut` states that it has done so.
        let is_empty = rich_text.blocks.is_empty() && !rich_text.is_cut;
        (!is_empty).then(|| {
            html! {
                <>
                    { render_blocks(&rich_text.blocks) }
                    if rich_text.is_cut {
                        <p class="cut-note" translate="no">{ texts.get(TextKey::MessageCut) }</p>
                    }
                </>
            }
        })
    }
}

fn render_plain_text(text: &str) -> Html {
    linkify(text)
        .into_iter()
        .map(|piece| {
            let content = Html::from(piece.text.to_owned());
            match &piece.link {
                Some(link) => render_link(link, piece.text, content),
                None => content,
            }
        })
        .collect()
}

fn render_blocks(blocks: &[Block]) -> Html {
    blocks.iter().map(render_block).collect()
}

fn render_block(block: &Block) -> Html {
    match block {
        Block::Paragraph(spans) => element("p", spans.iter().map(render_span).collect()),
        Block::Quote(inner) => element("blockquote", render_blocks(inner)),
        Block::List(kind, items) => {
            let name = match kind {
                ListKind::Bulleted => "ul",
                ListKind::Numbered => "ol",
            };
            let render_item = |blocks: &Vec<Block>| element("li", render_blocks(blocks));
            element(name, items.iter().map(render_item).collect())
        }
    }
}

fn render_span(span: &Span) -> Html {
    let content = span.phrases.iter().map(render_phrase).collect();
    let Some(link) = &span.link else {
        return content;
    };
    let text: String = span.phrases.iter().map(phrase_text).collect();
    render_link(link, &text, content)
}

fn phrase_text(phrase: &Phrase) -> &str {
    match phrase {
        Phrase::Text(text, _) => text,
        Phrase::Break => "\n",
    }
}

fn render_phrase(phrase: &Phrase) -> Html {
    let Phrase::Text(text, style) = phrase else {
        return html! { <br /> };
    };
    // Each element is put into the next element, so `code` is the innermost element and `b` the outermost.
    let styles = [
        (Style::CODE, "code"),
        (Style::UNDERLINE, "u"),
        (Style::ITALIC, "i"),
        (Style::BOLD, "b"),
    ];
    styles
        .into_iter()
        .filter(|(flag, _)| style.has(*flag))
        .fold(Html::from(text.clone()), |content, (_, name)| {
            element(name, content)
        })
}

fn element(name: &'static str, content: Html) -> Html {
    let mut tag = VTag::new(name);
    tag.add_child(content);
    tag.into()
}

/// A link. If the link's text does not begin with the name of the server that the link opens, that name is shown after
/// the link in parentheses, so that no text can hide where a link leads. If the browser does not accept the address,
/// only the text is rendered.
fn render_link(link: &Link, text: &str, content: Html) -> Html {
    let Ok(url) = Url::new(link.href()) else {
        return content;
    };
    // The server's name. The browser writes letters outside of ASCII as punycode (`xn--…`), so that a name in another
    // alphabet cannot pass for a Latin name. The name is empty for mail and telephone links.
    let host = url.hostname();
    let shows_host = !host.is_empty() && !begins_with_host(text, &host);
    html! {
        <>
            <a href={link.href().to_owned()} target="_blank" rel="noopener noreferrer" dir="auto">{ content }</a>
            if shows_host {
                <small class="link-host" dir="ltr" translate="no">{ [" (", &host, ")"].concat() }</small>
            }
        </>
    }
}

/// Whether a link's text begins with the server's whole name `host`, so that the visitor sees where the link leads. The
/// name may follow `https://` or `http://`, and may have capital letters.
fn begins_with_host(text: &str, host: &str) -> bool {
    let address = text.trim().to_ascii_lowercase();
    let without_scheme = ["https://", "http://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .unwrap_or(&address);
    let after_host = without_scheme.strip_prefix(host);
    after_host.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_text_names_the_host_only_if_it_begins_with_the_whole_name() {
        let host = "shop.example";
        for text in [
            "shop.example",
            " https://SHOP.example/a?b ",
            "http://shop.example:8080",
            "shop.example#top",
        ] {
            assert!(begins_with_host(text, host), "{text}");
        }
        for text in [
            "our shop",
            "https://bank.example",
            "shop.example.evil.example",
            "shop.example@evil.example",
            "bank.example (shop.example)",
            // The last letter is the Cyrillic letter that looks like `e`.
            "shop.exampl\u{435}",
            "",
        ] {
            assert!(!begins_with_host(text, host), "{text}");
        }
    }
}
