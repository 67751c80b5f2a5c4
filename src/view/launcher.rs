//! The button on the page that opens and closes the panel.

use yew::{Callback, Html, NodeRef, html};

use super::{Link, PANEL, icon};
use crate::locale::Word;

/// `unread` messages of agents have come since the panel was closed.
pub(crate) fn button(
    link: &Link,
    node: &NodeRef,
    is_open: bool,
    unread: u32,
    toggle: &Callback<()>,
) -> Html {
    let words = link.words();
    let label = match unread {
        _ if is_open => words.say(Word::CloseChat),
        0 => words.say(Word::OpenChat),
        _ => words.count(Word::OpenChatUnread, unread),
    };
    let drawing = if is_open { icon::down() } else { icon::chat() };
    html! {
        <button part="launcher" class={if is_open { "launcher open" } else { "launcher" }} type="button"
            ref={node.clone()} aria-expanded={is_open.to_string()} aria-controls={PANEL}
            aria-label={label} onclick={toggle.reform(|_| ())}>
            <span key={u8::from(is_open)}>{ drawing }</span>
            if unread > 0 {
                // The style sheet writes the number: the label says it already, in words.
                <span part="badge" class="badge" data-count={words.number(unread)} />
            }
        </button>
    }
}
