//! The button on the page that opens and closes the panel.

use yew::{Callback, Html, NodeRef, html};

use super::{Link, PANEL, away, icon};
use crate::availability::Why;
use crate::locale::Word;

/// Whether there is a way in.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Entrance {
    Open,
    /// One that is seen, and says why it opens nothing.
    Closed(Why),
    None,
}

/// `unread` messages of agents have come since the panel was closed.
pub(crate) fn button(
    link: &Link,
    node: &NodeRef,
    entrance: Entrance,
    is_open: bool,
    unread: u32,
    toggle: &Callback<()>,
) -> Html {
    let words = link.words();
    if let Entrance::Closed(why) = entrance {
        let label = words.say(away::headline(why));
        return html! {
            <button part="launcher" class="launcher off" type="button" ref={node.clone()} aria-disabled="true"
                title={label.clone()} aria-label={label}>{ icon::chat() }</button>
        };
    }
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
