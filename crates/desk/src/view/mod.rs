//! The views, which draw the desk's state as HTML. Texts of visitors and of other agents become text nodes, never markup.

mod composer;
mod conversation;
mod layout;
mod parts;
mod sidebar;
mod status_bar;

pub(crate) use layout::layout;
