//! The desk: a web page of the demo on which an agent answers visitors. It shows waiting visitors, conversations, and
//! the text that a visitor is typing. It stands in for Oracle's agent console.
//!
//! Data flows in one direction. An action of the agent or an answer of the server is an [`Input`](desk::Input). The input
//! changes the [`Desk`](desk::Desk), which returns [`Effect`](desk::Effect)s. The [`Page`](page::Page) performs the
//! effects and draws the desk. For the log-on it uses the module `log_on`, for requests the crate `pipit-agent`, and
//! for the HTML the module `view`. The module `desk` does not use the browser, so its tests run without one.

mod desk;
mod log_on;
mod page;
mod view;

fn main() {
    yew::Renderer::<page::Page>::new().render();
}
