//! The HTML slots: places in the panel that the host (the web page that embeds the chat) can fill with elements.

use yew::{Html, html};

/// The element `<slot>` of this name. `fallback` is shown unless the host has put an element into the slot.
pub(crate) fn slot(name: &'static str, fallback: Html) -> Html {
    html! { <slot {name}>{ fallback }</slot> }
}
