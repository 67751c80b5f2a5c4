//! The greeting before a conversation, with the button that starts one.

use yew::{Callback, Html, html};

use crate::locale::{TextKey, Texts};
use crate::view::frame::icon;
use crate::view::frame::slot::slot;

/// Renders the greeting, which the host can replace by the HTML slot `empty`. The button calls `start`.
pub(crate) fn render(texts: &Texts, start: &Callback<()>) -> Html {
    html! {
        <div part="welcome" class="welcome">
            { slot("empty", html! {
                <>
                    <span class="drawing">{ icon::chat() }</span>
                    <h3>{ texts.get(TextKey::Welcome) }</h3>
                    <p>{ texts.get(TextKey::WelcomeMore) }</p>
                </>
            }) }
            <button part="start" class="button main" type="button" onclick={start.reform(|_| ())}>
                { texts.get(TextKey::StartChat) }
            </button>
        </div>
    }
}
