//! The greeting before a conversation.

use pipit_engine::Command;
use yew::{Html, html};

use super::Link;
use crate::locale;

pub(crate) fn card(link: &Link) -> Html {
    html! {
        <div part="welcome" class="card">
            <h3>{ locale::WELCOME }</h3>
            <p>{ locale::WELCOME_MORE }</p>
            <button part="start" class="button main" type="button" onclick={link.on(Command::Start)}>
                { locale::START }
            </button>
        </div>
    }
}
