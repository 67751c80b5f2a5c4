//! The greeting that the visitor sees before a conversation, and the ways to start.

use yew::{AttrValue, Html, html};

use crate::locale::{TextKey, Texts};
use crate::view::frame::icon;
use crate::view::frame::slot::slot;

/// Renders the greeting with the host's logo or an icon. The host (the web page that embeds the chat) can replace it by an
/// element in the HTML slot `empty`. `about` are the lines below the greeting. `ways` are buttons that start a conversation; most
/// welcomes have none, because the composer is below the welcome.
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

/// The sentence of a welcome without starters. It leads to the composer, which is the only way to start there.
pub(crate) fn first_step(texts: &Texts) -> Html {
    html! { <p>{ texts.get(TextKey::WelcomeMore) }</p> }
}
