//! Banners above the messages: that the connection is lost, that the connection is restored, that the browser cannot
//! store the conversation, that the conversation may go on in another tab, and that a text waits for the host's page.

use gloo_timers::callback::Timeout;
use pipit_engine::Connection;
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_mut_ref,
    use_state_eq,
};

use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;

#[derive(Properties, PartialEq)]
pub(crate) struct ConnectionBannerProps {
    pub(crate) context: ViewContext,
    pub(crate) connection: Connection,
}

/// The time in ms for which the banner states that the connection is restored.
const RECONNECTED_MILLIS: u32 = 4_000;

/// States that the connection to the chat server is lost, as long as it is lost. When a lost connection is restored,
/// the banner states this for [`RECONNECTED_MILLIS`].
#[component]
pub(crate) fn ConnectionBanner(props: &ConnectionBannerProps) -> Html {
    // Whether the connection was lost, and has not been restored since.
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
        <div>
            if props.connection == Connection::Lost {
                <div part="banner" class="banner"><p>{ texts.get(TextKey::Reconnecting) }</p></div>
            } else if *shows_reconnected {
                <div part="banner" class="banner good"><p>{ texts.get(TextKey::BackOnline) }</p></div>
            }
        </div>
    }
}

/// States that the conversation may go on in another tab, of which this tab is a copy. A button lets the visitor
/// continue in this tab instead.
pub(crate) fn render_elsewhere(context: &ViewContext, is_shown: bool) -> Html {
    let runtime = context.runtime.clone();
    let continue_here = Callback::from(move |_: MouseEvent| runtime.take_over());
    html! {
        <div>
            if is_shown {
                <div part="banner" class="banner">
                    <p>{ context.texts.get(TextKey::Elsewhere) }</p>
                    <p>
                        <button part="continue-here" class="quiet strong" type="button" onclick={continue_here}>
                            { context.texts.get(TextKey::ContinueHere) }
                        </button>
                    </p>
                </div>
            }
        </div>
    }
}

/// States that a text waits for the host's hook `beforeSend`. A button lets the visitor take the text back.
pub(crate) fn render_waiting_for_page(context: &ViewContext, is_shown: bool) -> Html {
    let take_back = Callback::from({
        let context = context.clone();
        move |_: MouseEvent| context.take_back_waiting_texts()
    });
    html! {
        <div>
            if is_shown {
                <div part="banner" class="banner">
                    <p>{ context.texts.get(TextKey::WaitingForPage) }</p>
                    <p>
                        <button part="take-back" class="quiet strong" type="button" onclick={take_back}>
                            { context.texts.get(TextKey::TakeBack) }
                        </button>
                    </p>
                </div>
            }
        </div>
    }
}

/// States that the running conversation would not survive a reload, because the browser stores nothing.
pub(crate) fn render_storage_warning(texts: &Texts, is_shown: bool) -> Html {
    html! {
        <div>
            if is_shown {
                <p part="not-kept" class="not-kept">{ texts.get(TextKey::NotKept) }</p>
            }
        </div>
    }
}
