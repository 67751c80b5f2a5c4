//! The options and services that the web page hands to the panel. All other modules of this crate may import the
//! modules of this directory, which themselves import only errors, texts and `JsObject` from the rest of the crate.

pub(crate) mod agent_pictures;
pub(crate) mod appearance;
pub(crate) mod attachments;
pub(crate) mod availability;
pub(crate) mod brand;
pub(crate) mod contacts;
pub(crate) mod hooks;
pub(crate) mod mode;
pub(crate) mod notifications;
pub(crate) mod option_value;
pub(crate) mod options;
pub(crate) mod page_services;
pub(crate) mod picture_hosts;
pub(crate) mod session_source;
