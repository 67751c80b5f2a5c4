//! The whole page of the desk, on which an agent works: status bar, notice, sidebar and the selected conversation. The
//! browser must not translate the page's own texts (`translate="no"`), because a translation replaces text nodes that
//! Yew still updates. It may translate the visitors' questions and the messages, whose texts do not change after they
//! are drawn: the views set `translate="yes"` on them.

use yew::{Callback, Html, NodeRef, html};

use super::conversation::conversation_view;
use super::parts::on_click;
use super::sidebar::sidebar;
use super::status_bar::status_bar;
use crate::desk::{Action, Desk, Input};

/// Draws the whole page. `dispatch` passes the agent's actions to the desk. `composer` refers to the text field in
/// which the agent writes.
pub(crate) fn layout(desk: &Desk, dispatch: &Callback<Input>, composer: &NodeRef) -> Html {
    html! {
        <div class="desk" translate="no">
            { status_bar(desk, dispatch) }
            { for desk.notice.iter().map(|text| notice(text, dispatch)) }
            <div class="floor">
                { sidebar(desk, dispatch) }
                { match desk.selected_conversation() {
                    Some(conversation) => conversation_view(conversation, dispatch, composer),
                    None => empty_state(),
                } }
            </div>
        </div>
    }
}

/// The notice about the most recent error, or other news that the agent must see.
fn notice(text: &str, dispatch: &Callback<Input>) -> Html {
    html! {
        <div class="notice" role="alert" data-test="notice">
            <span>{ text }</span>
            <button class="quiet" onclick={on_click(dispatch, &Action::DismissNotice)}>{ "Dismiss" }</button>
        </div>
    }
}

/// The text that is shown while no conversation is selected.
fn empty_state() -> Html {
    html! {
        <main class="nobody">
            <p>{ "Accept a waiting visitor to begin a conversation." }</p>
        </main>
    }
}
