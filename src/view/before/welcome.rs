//! The greeting that the visitor sees before a conversation, and the ways to start.

use yew::{AttrValue, Callback, Html, html};

use crate::locale::{TextKey, Texts};
use crate::view::frame::icon;
use crate::view::frame::slot::slot;

/// Renders the greeting with the host's logo or an icon. The host (the web page that embeds the chat) can replace it by an
/// element in the HTML slot `empty`. `about` are the lines below the greeting, and `ways` are the buttons that start a
/// conversation.
pub(crate) fn render(texts: &Texts, logo: Option<&AttrValue>, about: Html, ways: Html) -> Html {
    html! {
        <div part="welcome" class="welcome">
            { slot("empty", html! {
                <>
                    if let Some(logo) = logo {
                        <img class="drawing" src={logo} alt="" />
                    } else {
                        <span class="drawing">{ icon::chat() }</span>
                    }
                    <h3>{ texts.get(TextKey::Welcome) }</h3>
                    { about }
                </>
            }) }
            { ways }
        </div>
    }
}

/// The sentence and the button of a welcome without starters. The button calls `start`.
pub(crate) fn start_button(texts: &Texts, start: &Callback<()>) -> (Html, Html) {
    let about = html! { <p>{ texts.get(TextKey::WelcomeMore) }</p> };
    let button = html! {
        <button part="start" class="button main" type="button" onclick={start.reform(|_| ())}>
            { texts.get(TextKey::StartChat) }
        </button>
    };
    (about, button)
}
