//! The options and services that the host and the page's TypeScript hand to the panel. All other modules may import
//! these; they themselves import from this crate only errors, texts and `JsObject`.

pub(crate) mod appearance;
pub(crate) mod attachments;
pub(crate) mod availability;
pub(crate) mod hooks;
pub(crate) mod mode;
pub(crate) mod notifications;
pub(crate) mod option_value;
pub(crate) mod options;
pub(crate) mod page_services;
pub(crate) mod session_source;
