//! One tab among the tabs of a site. Of all tabs that show a conversation, one *leads*.
//!
//! ```text
//!   TabInput ──► Tab::handle ──► Tab::view           what this tab draws
//!      ▲                    └──► Tab::next_effect    what its driver performs
//!      │                              │
//!      └──── TabInput::Message ◄──────┘ Broadcast: to all other tabs
//! ```
//!
//! The tab that holds the browser's lock leads: only its [`Engine`](crate::Engine) polls and posts.
//! The others *follow*: they show what the leader states, each with its own draft and panel, and
//! forward the commands of their visitor to the leader. A forwarded command has a number, and each
//! statement says which commands the leader has applied. A new leader therefore knows which commands
//! are still open, and applies none of them twice.
//!
//! The leader broadcasts its state before it sends a request. The next leader therefore knows which
//! messages were on their way, and shows them as *unknown*. If a leader answers nobody, another tab
//! steals its lock. The page of that leader may only be frozen, so a leader that has not run for a
//! while lets the browser confirm its lock before it does anything else.

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
