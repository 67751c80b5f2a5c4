//! Shares one conversation among the browser tabs of a site. One of the tabs *leads*, and the others *follow*.
//!
//! ```text
//!   TabInput ──► Tab::handle ──► Tab::view           what this tab draws
//!      ▲                    └──► Tab::next_effect    what its driver performs
//!      │                              │
//!      └──── TabInput::Message ◄──────┘ Broadcast: to all other tabs
//! ```
//!
//! The driver is the code that runs the tab: `src/runtime` in the widget; in tests, a simulated browser.
//!
//! The browser grants one lock (Web Locks API) to one tab at a time, and the tab that holds the lock leads. Only the
//! leader's [`Engine`](crate::Engine) talks to the chat server. A leader broadcasts *statements*, which contain a
//! snapshot of the conversation. The followers show that conversation, each with its own draft (text that is typed and
//! not sent) and its own panel, and forward the visitor's commands to the leader. Each tab numbers its commands, and
//! each statement contains, for each tab, the highest number of a command that was applied. A new leader therefore
//! knows which commands were already applied, and applies no command twice.
//!
//! The leader broadcasts its state before it sends a request. The next leader therefore knows which
//! messages were being sent, and shows them as *unknown* (they may have arrived). If a leader does not answer, another
//! tab steals the lock. The old leader may only have been frozen and may run again. A leader that has not run for a
//! while therefore asks the browser to confirm that it still holds the lock, before it does anything else.
//!
//! If the browser has no such lock, a tab shares its conversation only with its copies (*Duplicate tab*). The module
//! `claim` then decides which of them leads. The names in this module speak of the lock also then.

mod acked;
mod claim;
mod follow;
mod forget;
mod forwarded;
mod id;
mod io;
mod lead;
mod machine;
mod marker;
mod message;
mod page_id;
mod panel_state;
mod record;
mod revision;
mod role;
mod view;

pub use io::{TabEffect, TabInput, TabMode};
pub use machine::Tab;
pub use marker::ForgetMarker;
pub use page_id::PageId;
pub use view::TabView;

#[cfg(test)]
mod tests;
