//! What the agent sees. Texts of other people are only ever text nodes, never markup.

mod conversation;
mod layout;
mod parts;
mod sidebar;
mod status_bar;

pub(crate) use layout::layout;
