//! The bar on top: whether the agent is at work.

use yew::{Callback, Html, html};

use super::on;
use crate::desk::{Click, Desk, Duty, Input};

pub(super) fn bar(desk: &Desk, tell: &Callback<Input>) -> Html {
    let (words, class) = status(desk);
    html! {
        <header class="bar">
            <h1>{ "Pipit desk" }</h1>
            <p {class} role="status" data-test="status">{ words }</p>
            <div class="duty">{ duty(desk, tell) }</div>
        </header>
    }
}

/// The status in words, and its class.
fn status(desk: &Desk) -> (&str, &'static str) {
    match &desk.duty {
        Duty::LoggingOn => ("Logging on…", "status"),
        Duty::Off(why) => (why, "status"),
        Duty::On {
            connected: false, ..
        } => ("Connection lost. Trying again…", "status warn"),
        Duty::On { leaving: true, .. } => ("Conversations are open.", "status warn"),
        Duty::On {
            available: true, ..
        } => ("Available", "status on"),
        Duty::On { .. } => ("Not available", "status"),
    }
}

fn duty(desk: &Desk, tell: &Callback<Input>) -> Html {
    match &desk.duty {
        Duty::LoggingOn => html! {},
        Duty::Off(_) => html! {
            <button class="button" data-test="logon" onclick={tell.reform(|_| Input::LogOn)}>
                { "Log on" }
            </button>
        },
        Duty::On { leaving: true, .. } => html! { <>
            <button class="button" onclick={on(tell, &Click::Stay)}>{ "Stay" }</button>
            <button class="button warn" data-test="logoff" onclick={on(tell, &Click::LogOff)}>
                { "Log off anyway" }
            </button>
        </> },
        Duty::On { available, .. } => html! { <>
            <button class="switch" role="switch" aria-checked={available.to_string()}
                data-test="available" onclick={on(tell, &Click::SetAvailable(!available))}>
                { "Take visitors" }
            </button>
            <button class="button" data-test="logoff" onclick={on(tell, &Click::LogOff)}>
                { "Log off" }
            </button>
        </> },
    }
}
