//! The widget's state and its decisions, without access to the document. Native tests run these modules.

pub(crate) mod event_payload;
pub(crate) mod page_event;
pub(crate) mod unread;
pub(crate) mod widget_state;
