//! What was said, as nodes: agents' rich text, and plain text with its addresses as links.
//!
//! What is drawn has no more than the elements that are named here, and of attributes only a link's.

use std::rc::Rc;

use pipit_engine::{Content, Notice};
use pipit_rich_text::{Block, Link, ListKind, Phrase, Span, Style, linkify, parse, plain};
use web_sys::Url;
use yew::virtual_dom::VTag;
use yew::{Html, html};

use crate::locale::{TextKey, Texts};

/// What somebody said, as it came.
#[derive(Clone, PartialEq)]
pub(crate) struct MessageBody {
    text: Rc<str>,
    /// Whether the server marks it as HTML.
    is_rich: bool,
}

impl MessageBody {
    /// What an entry quotes; `None` where the texts are ours.
    pub(crate) fn of(content: &Content) -> Option<Self> {
        let (text, is_rich) = match content {
            Content::Visitor { text, .. } => (text, false),
            Content::Agent {
                body: text, rich, ..
            }
            | Content::Notice(Notice::Server { text, rich }) => (text, *rich),
            Content::Notice(_) => return None,
        };
        Some(Self {
            text: text.clone(),
            is_rich,
        })
    }

    /// As plain text.
    pub(crate) fn plain(&self) -> String {
        if self.is_rich {
            plain(&parse(&self.text).blocks)
        } else {
            self.text.to_string()
        }
    }

    /// As nodes; `None` if nothing of it can be seen.
    pub(crate) fn draw(&self, texts: &Texts) -> Option<Html> {
        if !self.is_rich {
            return Some(with_links(&self.text));
        }
        let read = parse(&self.text);
        let is_empty = read.blocks.is_empty() && !read.cut;
        (!is_empty).then(|| {
            html! {
                <>
                    { blocks(&read.blocks) }
                    if read.cut {
                        <p class="cut" translate="no">{ texts.get(TextKey::MessageCut) }</p>
                    }
                </>
            }
        })
    }
}

fn with_links(text: &str) -> Html {
    let piece = |text: &str, link: Option<&Link>| {
        let content = Html::from(text.to_owned());
        link.map_or(content.clone(), |link| anchor(link, text, content))
    };
    let pieces = linkify(text).into_iter();
    pieces.map(|it| piece(it.text, it.link.as_ref())).collect()
}

fn blocks(blocks: &[Block]) -> Html {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> Html {
    match block {
        Block::Paragraph(spans) => element("p", spans.iter().map(span).collect()),
        Block::Quote(inner) => element("blockquote", blocks(inner)),
        Block::List(kind, items) => {
            let list = match kind {
                ListKind::Bulleted => "ul",
                ListKind::Numbered => "ol",
            };
            let items = items.iter().map(|item| element("li", blocks(item)));
            element(list, items.collect())
        }
    }
}

fn span(span: &Span) -> Html {
    let content = span.phrases.iter().map(phrase).collect();
    let Some(link) = &span.link else {
        return content;
    };
    let text: String = span.phrases.iter().map(text_of).collect();
    anchor(link, &text, content)
}

fn text_of(phrase: &Phrase) -> &str {
    match phrase {
        Phrase::Text(text, _) => text,
        Phrase::Break => "\n",
    }
}

fn phrase(phrase: &Phrase) -> Html {
    let Phrase::Text(text, style) = phrase else {
        return html! { <br /> };
    };
    let looks = [
        (Style::CODE, "code"),
        (Style::UNDERLINE, "u"),
        (Style::ITALIC, "i"),
        (Style::BOLD, "b"),
    ];
    let looks = looks.into_iter().filter(|(look, _)| style.has(*look));
    looks.fold(Html::from(text.clone()), |content, (_, name)| {
        element(name, content)
    })
}

fn element(name: &'static str, content: Html) -> Html {
    let mut element = VTag::new(name);
    element.add_child(content);
    element.into()
}

/// A link; behind it the host to which the browser really goes, where the text does not begin with
/// it. What the browser takes for no address is text.
fn anchor(link: &Link, text: &str, content: Html) -> Html {
    let Ok(url) = Url::new(link.href()) else {
        return content;
    };
    // As the browser writes it: punycode for other scripts. Empty for mail and telephone.
    let host = url.hostname();
    let told = (!host.is_empty() && !begins_with_host(text, &host)).then(|| {
        html! { <small class="host" dir="ltr" translate="no">{ [" (", &host, ")"].concat() }</small> }
    });
    html! {
        <>
            <a href={link.href().to_owned()} target="_blank" rel="noopener noreferrer" dir="auto">{ content }</a>
            { told }
        </>
    }
}

fn begins_with_host(text: &str, host: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    let bare = ["https://", "http://"];
    let bare = bare.iter().find_map(|scheme| text.strip_prefix(scheme));
    let rest = bare.unwrap_or(&text).strip_prefix(host);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_the_host_only_if_it_begins_with_all_of_it() {
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
            "shop.exampl\u{435}",
            "",
        ] {
            assert!(!begins_with_host(text, host), "{text}");
        }
    }
}
