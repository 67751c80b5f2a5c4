//! Everything that the visitor sees. The submodules follow a visit: `frame` is visible at all times; `before`, `during` and
//! `after` fill it; `content` decides which of the three does.
//!
//! Most of the view is plain functions from the conversation to nodes. Only what keeps state of its own (the panel,
//! the scroll position, the composer) is a component, because each component type adds kilobytes to the module.
//!
//! Page translators move text nodes while Yew still points at them. Therefore each text that changes has an element
//! of its own, and our own labels are `translate="no"`.

pub(crate) mod after;
pub(crate) mod before;
pub(crate) mod content;
pub(crate) mod context;
pub(crate) mod conversation_slot;
pub(crate) mod during;
pub(crate) mod frame;
pub(crate) mod panel_content;
pub(crate) mod root;
