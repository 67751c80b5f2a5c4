//! The greeting before a conversation.

use yew::{Callback, Html, html};

use super::{Link, icon};
use crate::locale::Word;

pub(crate) fn card(link: &Link, start: &Callback<()>) -> Html {
    let words = link.words();
    html! {
        <div part="welcome" class="welcome">
            <span class="drawing">{ icon::chat() }</span>
            <h3>{ words.say(Word::Welcome) }</h3>
            <p>{ words.say(Word::WelcomeMore) }</p>
            <button part="start" class="button main" type="button" onclick={start.reform(|_| ())}>
                { words.say(Word::StartChat) }
            </button>
        </div>
    }
}
