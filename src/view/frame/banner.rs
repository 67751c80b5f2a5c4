//! Banners above the messages: the connection is lost, it is back, or the browser cannot store the conversation.

use gloo_timers::callback::Timeout;
use pipit_engine::Connection;
use yew::{Html, Properties, component, html, use_effect_with, use_mut_ref, use_state_eq};

use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;

#[derive(Properties, PartialEq)]
pub(crate) struct ConnectionBannerProps {
    pub(crate) context: ViewContext,
    pub(crate) connection: Connection,
}

/// How long the banner states that the connection is back, in ms.
const RECONNECTED_MILLIS: u32 = 4_000;

/// Shows that the connection to the chat server is lost, and for some seconds that it is back.
#[component]
pub(crate) fn ConnectionBanner(props: &ConnectionBannerProps) -> Html {
    let was_lost = use_mut_ref(|| false);
    let shows_reconnected = use_state_eq(|| false);
    use_effect_with(props.connection, {
        let shows_reconnected = shows_reconnected.setter();
        move |connection| {
            let is_connected = *connection == Connection::Connected;
            let has_reconnected = is_connected && was_lost.take();
            *was_lost.borrow_mut() |= *connection == Connection::Lost;
            shows_reconnected.set(has_reconnected);
            let timeout = has_reconnected
                .then(|| Timeout::new(RECONNECTED_MILLIS, move || shows_reconnected.set(false)));
            move || drop(timeout)
        }
    });
    let texts = &props.context.texts;
    html! {
        <div role="status">
            if props.connection == Connection::Lost {
                <div part="banner" class="banner"><p>{ texts.get(TextKey::Reconnecting) }</p></div>
            } else if *shows_reconnected {
                <div part="banner" class="banner good"><p>{ texts.get(TextKey::BackOnline) }</p></div>
            }
        </div>
    }
}

/// States that a running conversation would not survive a reload, because the browser stores nothing.
pub(crate) fn render_storage_warning(texts: &Texts, is_shown: bool) -> Html {
    html! {
        <div role="status">
            if is_shown {
                <p part="not-kept" class="not-kept">{ texts.get(TextKey::NotKept) }</p>
            }
        </div>
    }
}
