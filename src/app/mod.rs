//! The widget's state, and what follows from its changes: the events for the web page and the number of unread
//! messages. None of these modules uses the document, so their tests run without a browser.

pub(crate) mod announcement;
pub(crate) mod event_payload;
pub(crate) mod page_event;
pub(crate) mod unread;
pub(crate) mod widget_state;
