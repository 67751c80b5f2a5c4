//! What is said while the server is out of reach, when it is back, and where the browser keeps nothing.

use gloo_timers::callback::Timeout;
use pipit_engine::Connection;
use yew::{Html, Properties, component, html, use_effect_with, use_mut_ref, use_state_eq};

use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;

#[derive(Properties, PartialEq)]
pub(crate) struct BannerProps {
    pub(crate) context: ViewContext,
    pub(crate) connection: Connection,
}

/// How long it is said that the server is back, in ms.
const BACK_MILLIS: u32 = 4_000;

#[component]
pub(crate) fn Banner(props: &BannerProps) -> Html {
    let was_lost = use_mut_ref(|| false);
    let is_back = use_state_eq(|| false);
    {
        let is_back = is_back.setter();
        use_effect_with(props.connection, move |connection| {
            let is_connected = *connection == Connection::Connected;
            let comes_back = is_connected && was_lost.take();
            *was_lost.borrow_mut() |= *connection == Connection::Lost;
            is_back.set(comes_back);
            let end = comes_back.then(|| Timeout::new(BACK_MILLIS, move || is_back.set(false)));
            move || drop(end)
        });
    }
    let texts = &props.context.texts;
    html! {
        <div role="status">
            if props.connection == Connection::Lost {
                <div part="banner" class="banner"><p>{ texts.get(TextKey::Reconnecting) }</p></div>
            } else if *is_back {
                <div part="banner" class="banner good"><p>{ texts.get(TextKey::BackOnline) }</p></div>
            }
        </div>
    }
}

/// A quiet line for as long as a conversation is at stake that would not survive a reload.
pub(crate) fn kept(texts: &Texts, is_at_stake: bool) -> Html {
    html! {
        <div role="status">
            if is_at_stake {
                <p part="not-kept" class="not-kept">{ texts.get(TextKey::NotKept) }</p>
            }
        </div>
    }
}
