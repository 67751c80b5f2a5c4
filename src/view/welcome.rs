//! The greeting before a conversation.

use yew::{Callback, Html, html};

use super::icon;
use super::panel::slot;
use crate::locale::{Word, Words};

pub(crate) fn card(words: &Words, start: &Callback<()>) -> Html {
    html! {
        <div part="welcome" class="welcome">
            { slot("empty", html! {
                <>
                    <span class="drawing">{ icon::chat() }</span>
                    <h3>{ words.say(Word::Welcome) }</h3>
                    <p>{ words.say(Word::WelcomeMore) }</p>
                </>
            }) }
            <button part="start" class="button main" type="button" onclick={start.reform(|_| ())}>
                { words.say(Word::StartChat) }
            </button>
        </div>
    }
}
