//! What the widget knows and decides, without a browser: native tests run these modules.

pub(crate) mod event_payload;
pub(crate) mod page_event;
pub(crate) mod unread;
pub(crate) mod widget_state;
