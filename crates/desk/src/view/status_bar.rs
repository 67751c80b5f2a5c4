//! The bar at the top of the desk (the agent's page): the state of the agent's session at the chat server, and the buttons
//! that change this state.

use yew::{Callback, Html, html};

use super::parts::on_click;
use crate::desk::{Action, Desk, Input, SessionState};

/// Draws the bar. `dispatch` passes the agent's actions to the desk.
pub(super) fn status_bar(desk: &Desk, dispatch: &Callback<Input>) -> Html {
    let (text, class) = status(desk);
    html! {
        <header class="bar">
            <h1>{ "Pipit desk" }</h1>
            { for desk.agent_name.iter().map(|name| html! { <p class="agent-name" data-test="agent-name">{ name }</p> }) }
            <p {class} role="status" data-test="status">{ text }</p>
            <div class="duty">{ session_buttons(desk, dispatch) }</div>
        </header>
    }
}

/// The status as text, and its CSS class. A lost connection hides the question whether to log off, and that question
/// hides whether the agent is available.
fn status(desk: &Desk) -> (&str, &'static str) {
    match &desk.session {
        SessionState::LoggingOn => ("Logging on…", "status"),
        SessionState::LoggedOff(reason) => (reason, "status"),
        SessionState::LoggedOn {
            is_connected: false,
            ..
        } => ("Connection lost. Trying again…", "status warn"),
        SessionState::LoggedOn {
            is_confirming_log_off: true,
            ..
        } => ("Conversations are open.", "status warn"),
        SessionState::LoggedOn {
            is_available: true, ..
        } => ("Available", "status on"),
        SessionState::LoggedOn { .. } => ("Not available", "status"),
    }
}

/// The buttons that fit the state of the session.
fn session_buttons(desk: &Desk, dispatch: &Callback<Input>) -> Html {
    match &desk.session {
        SessionState::LoggingOn => html! {},
        SessionState::LoggedOff(_) => html! {
            <button class="button" data-test="logon" onclick={dispatch.reform(|_| Input::LogOn)}>
                { "Log on" }
            </button>
        },
        SessionState::LoggedOn {
            is_confirming_log_off: true,
            ..
        } => html! { <>
            <button class="button" onclick={on_click(dispatch, &Action::CancelLogOff)}>{ "Stay" }</button>
            <button class="button warn" data-test="logoff" onclick={on_click(dispatch, &Action::LogOff)}>
                { "Log off anyway" }
            </button>
        </> },
        SessionState::LoggedOn { is_available, .. } => html! { <>
            <button class="switch" role="switch" aria-checked={is_available.to_string()}
                data-test="available" onclick={on_click(dispatch, &Action::SetAvailable(!is_available))}>
                { "Take visitors" }
            </button>
            <button class="button" data-test="logoff" onclick={on_click(dispatch, &Action::LogOff)}>
                { "Log off" }
            </button>
        </> },
    }
}
