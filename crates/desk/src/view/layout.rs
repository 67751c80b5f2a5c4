//! The whole page: status bar, notice, sidebar and the selected conversation.

use yew::{Callback, Html, NodeRef, html};

use super::conversation::conversation;
use super::parts::on_click;
use super::sidebar::sidebar;
use super::status_bar::status_bar;
use crate::desk::{Action, Desk, Input};

/// Draws the whole page. `composer` refers to the text field in which the agent writes.
pub(crate) fn layout(desk: &Desk, dispatch: &Callback<Input>, composer: &NodeRef) -> Html {
    html! {
        <div class="desk" translate="no">
            { status_bar(desk, dispatch) }
            { for desk.notice.iter().map(|text| notice(text, dispatch)) }
            <div class="floor">
                { sidebar(desk, dispatch) }
                { match desk.selected_conversation() {
                    Some(it) => conversation(it, dispatch, composer),
                    None => empty_state(),
                } }
            </div>
        </div>
    }
}

fn notice(text: &str, dispatch: &Callback<Input>) -> Html {
    html! {
        <div class="notice" role="alert" data-test="notice">
            <span>{ text }</span>
            <button class="quiet" onclick={on_click(dispatch, &Action::DismissNotice)}>{ "Dismiss" }</button>
        </div>
    }
}

/// What is shown while no conversation is selected.
fn empty_state() -> Html {
    html! {
        <main class="nobody">
            <p>{ "Accept a waiting visitor to begin a conversation." }</p>
        </main>
    }
}
