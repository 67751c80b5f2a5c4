//! Shares one conversation among the browser tabs of a site. One of the tabs *leads*, and the others *follow*.
//!
//! ```text
//!   TabInput ──► Tab::handle ──► Tab::view           what this tab draws
//!      ▲                    └──► Tab::next_effect    what its driver performs
//!      │                              │
//!      └──── TabInput::Message ◄──────┘ Broadcast: to all other tabs
//! ```
//!
//! The tab that holds the browser's lock leads: only its [`Engine`](crate::Engine) polls and posts. A leader
//! broadcasts *statements*, which contain a snapshot of the conversation. The followers show that conversation,
//! each with its own draft and panel, and forward the visitor's commands to the leader. A forwarded command has
//! a number, and each statement says which commands the leader has applied. A new leader therefore knows which
//! commands are still open, and applies none of them twice.
//!
//! The leader broadcasts its state before it sends a request. The next leader therefore knows which
//! messages were being sent, and shows them as *unknown*. If a leader does not answer, another tab steals its
//! lock. The old leader may only have been frozen and may run again, so a leader that has not run for a while
//! lets the browser confirm its lock before it does anything else.

mod acked;
mod follow;
mod forwarded;
mod id;
mod io;
mod lead;
mod machine;
mod message;
mod record;
mod revision;
mod role;
mod view;

pub use io::{TabEffect, TabInput, TabMode};
pub use machine::Tab;
pub use view::TabView;

#[cfg(test)]
mod tests;
