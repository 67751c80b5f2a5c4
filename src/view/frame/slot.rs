//! The slots: places that the host fills with elements of its own.

use yew::{Html, html};

/// A slot by its name; `fallback` is shown while the host has put nothing into it.
pub(crate) fn slot(name: &'static str, fallback: Html) -> Html {
    html! { <slot {name}>{ fallback }</slot> }
}
