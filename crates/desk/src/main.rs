//! The agent's page of the demo: waiting visitors, conversations, and the visitor's typing as it happens.
//!
//! Data flows in one direction. An action of the agent or an answer of the server is an [`Input`](desk::Input). It
//! changes the [`Desk`](desk::Desk), which returns [`Effect`](desk::Effect)s. The [`Page`](page::Page) performs them by
//! `pipit-agent` and draws the desk. Only the page uses the browser, so `desk` is tested natively.

mod desk;
mod log_on;
mod page;
mod view;

fn main() {
    yew::Renderer::<page::Page>::new().render();
}
