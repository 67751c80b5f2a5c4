//! The greeting that the visitor sees before a conversation, with the button that starts a conversation.

use yew::{Callback, Html, html};

use crate::locale::{TextKey, Texts};
use crate::view::frame::icon;
use crate::view::frame::slot::slot;

/// Renders the greeting and the button, which calls `start`. The host (the web page that embeds the chat) can replace
/// the greeting by an element in the HTML slot `empty`.
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
