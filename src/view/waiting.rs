//! The wait: where in line, how long, and the way out.

use pipit_engine::{Command, Wait};
use yew::{Html, html};

use super::Link;
use crate::locale;

pub(crate) fn card(link: &Link, wait: &Wait) -> Html {
    html! {
        <>
            <div part="waiting" class="wait" role="status">
                <b class="position" aria-hidden="true">
                    { wait.position.map_or_else(|| "…".to_owned(), |position| position.to_string()) }
                </b>
                <div class="line">
                    <strong class="place">{ locale::position(wait) }</strong>
                    <span class="expected">{ locale::expected_wait(wait).unwrap_or_default() }</span>
                </div>
            </div>
            <p class="note">{ locale::WRITE_WHILE_WAITING }</p>
            <p class="note">
                <button part="leave" class="quiet" type="button" onclick={link.on(Command::End)}>
                    { locale::LEAVE_QUEUE }
                </button>
            </p>
        </>
    }
}
