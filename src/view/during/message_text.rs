//! Renders the text of a message. A long message is rendered in portions, because a browser needs a long time to draw it:
//! the first portion at once, and the others one after the other, after the visitor has pressed *Show all*.
//!
//! No text reaches the browser's HTML parser. Only the elements that this file and `message_link.rs` name are created, and
//! only links and lists have an attribute that comes from the message.

use std::ops::Range;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pipit_rich_text::{Block, LinkLabel, ListKind, Phrase, Span, Style, span_labels};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::virtual_dom::VTag;
use yew::{
    AttrValue, Callback, Html, MouseEvent, NodeRef, Properties, component, html, use_effect_with,
    use_node_ref, use_state_eq,
};

use crate::config::picture_hosts::PictureHosts;
use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::during::message_body::{MessagePortions, PlainPortion, Portion};
use crate::view::during::message_link::render_link;
use crate::view::during::scroll::stop_following;
use crate::view::frame::focus;

/// The time, in ms, from one portion to the next while all of a message is shown. It is longer than a frame, so that the
/// browser draws each portion before it gets the next one.
const NEXT_PORTION_AFTER_MILLIS: u32 = 30;

#[derive(Properties)]
pub(crate) struct MessageTextProps {
    pub(crate) context: ViewContext,
    pub(crate) portions: Rc<MessagePortions>,
}

impl PartialEq for MessageTextProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.portions, &other.portions) && self.context == other.context
    }
}

/// The text of a message. Only the first portion is shown, with the button *Show all* if there are more. After the visitor
/// has pressed the button, the focus moves to the second portion, where the visitor goes on reading.
#[component]
pub(crate) fn MessageText(props: &MessageTextProps) -> Html {
    let MessageTextProps { context, portions } = props;
    let count = portions.portions.len();
    let shown_count = use_state_eq(|| 1);
    let second = use_node_ref();
    use_effect_with((*shown_count, count), {
        let shown_count = shown_count.clone();
        let second = second.clone();
        move |(shown, count)| {
            if let Some(element) = second.cast::<Element>() {
                // The list would follow its growing end away from the visitor.
                stop_following(&element);
                if *shown == 2 {
                    focus::focus(&second);
                }
            }
            let must_go_on = (2..*count).contains(shown);
            let next = shown + 1;
            let timeout = must_go_on
                .then(|| Timeout::new(NEXT_PORTION_AFTER_MILLIS, move || shown_count.set(next)));
            move || drop(timeout)
        }
    });
    let show_all = Callback::from({
        let shown_count = shown_count.clone();
        move |event: MouseEvent| {
            // Without this, the row would show its time, too.
            event.stop_propagation();
            // At once, because the browser may report the new height before the effect above runs.
            if let Some(button) = event.target() {
                stop_following(button.unchecked_ref());
            }
            shown_count.set(2);
        }
    });
    // Each portion of a long message is an element of its own, so that the browser does not lay out the others again when
    // one is added.
    let shown = portions.portions.iter().take(*shown_count);
    let is_divided = count > 1;
    let hosts = &context.services.picture_hosts;
    let render_portion = |portion| render_portion(portion, hosts);
    html! {
        <>
            if is_divided {
                { for shown.enumerate().map(|(index, portion)| html! {
                    <div key={index} tabindex={(index > 0).then_some("-1")}
                        ref={if index == 1 { second.clone() } else { NodeRef::default() }}>
                        { render_portion(portion) }
                    </div>
                }) }
            } else {
                { for shown.map(render_portion) }
            }
            if *shown_count == 1 && is_divided {
                <p class="cut-note" translate="no">
                    <button part="show-all" type="button" onclick={show_all}>
                        { context.texts.get(TextKey::ShowAll) }
                    </button>
                </p>
            } else if portions.is_cut && *shown_count >= count {
                <p class="cut-note" translate="no">{ context.texts.get(TextKey::MessageCut) }</p>
            }
        </>
    }
}

/// `hosts` are the hosts whose pictures are shown, here and in the functions below.
fn render_portion(portion: &Portion, hosts: &PictureHosts) -> Html {
    match portion {
        Portion::Plain(portion) => render_plain(portion, hosts),
        Portion::Rich(blocks) => render_blocks(blocks, hosts),
    }
}

fn render_plain(portion: &PlainPortion, hosts: &PictureHosts) -> Html {
    let part =
        |range: Range<usize>| Html::from(portion.text.get(range).unwrap_or_default().to_owned());
    let mut nodes = Vec::new();
    let mut end = 0;
    for (range, link) in &portion.links {
        nodes.push(part(end..range.start));
        let label = LinkLabel {
            text: &portion.text,
            range: range.clone(),
        };
        nodes.push(render_link(link, &label, part(range.clone()), hosts));
        end = range.end;
    }
    nodes.push(part(end..portion.text.len()));
    nodes.into_iter().collect()
}

fn render_blocks(blocks: &[Block], hosts: &PictureHosts) -> Html {
    blocks
        .iter()
        .map(|block| render_block(block, hosts))
        .collect()
}

fn render_block(block: &Block, hosts: &PictureHosts) -> Html {
    match block {
        Block::Paragraph(spans) => element("p", render_spans(spans, hosts)).into(),
        Block::Quote(inner) => element("blockquote", render_blocks(inner, hosts)).into(),
        Block::List(kind, items) => {
            let render_item =
                |blocks: &Vec<Block>| Html::from(element("li", render_blocks(blocks, hosts)));
            let items = items.iter().map(render_item).collect();
            match kind {
                ListKind::Bulleted => element("ul", items).into(),
                ListKind::Numbered(1) => element("ol", items).into(),
                ListKind::Numbered(first) => {
                    let mut list = element("ol", items);
                    list.add_attribute("start", AttrValue::from(first.to_string()));
                    list.into()
                }
            }
        }
    }
}

fn render_spans(spans: &[Span], hosts: &PictureHosts) -> Html {
    let (text, ranges) = span_labels(spans);
    let render_span = |(span, range): (&Span, _)| {
        let content = span.phrases.iter().map(render_phrase).collect();
        match &span.link {
            None => content,
            Some(link) => render_link(link, &LinkLabel { text: &text, range }, content, hosts),
        }
    };
    spans.iter().zip(ranges).map(render_span).collect()
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
            element(name, content).into()
        })
}

fn element(name: &'static str, content: Html) -> VTag {
    let mut tag = VTag::new(name);
    tag.add_child(content);
    tag
}
