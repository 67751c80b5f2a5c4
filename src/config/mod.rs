//! What the host and the page's TypeScript decide about the panel. Everything else may import these modules; they import
//! nothing of this crate but errors, texts and the reader of JavaScript objects.

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
