//! The agent desk of the demo: waiting visitors, conversations, the visitor's typing as it happens.
//!
//! Data runs one way round. A click or an answer is an [`Input`](desk::Input); the
//! [`Desk`](desk::Desk) changes and says what to do ([`Effect`](desk::Effect)); the
//! [`Page`](page::Page) does it with the agent shim and draws the desk. Only the page knows the
//! browser, so `desk` is tested natively.

mod desk;
mod log_on;
mod page;
mod view;

fn main() {
    yew::Renderer::<page::Page>::new().render();
}
