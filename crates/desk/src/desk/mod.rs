//! The desk (the web page on which an agent answers visitors) as a state machine without I/O. [`Input`]s change the
//! [`Desk`], which returns [`Effect`]s. `page.rs` performs the effects, and draws the desk after each input.

mod actions;
mod conversation;
mod effect;
mod formatting;
mod input;
mod messages;
mod responses;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use conversation::{Conversation, Delivery, Entry, Sender, Stage, Typing, Visitor};
pub(crate) use effect::{Effect, Request, Signal};
pub(crate) use formatting::{Line, Piece, parse, to_html};
pub(crate) use input::{Action, Input};
pub(crate) use state::{Desk, SessionState};
