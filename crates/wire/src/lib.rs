//! The chat REST API of Oracle B2C Service as plain types. The widget, the agent shim and the sandbox
//! exchange these objects. The crate has no I/O, no clock and no browser.
//!
//! **Reading is tolerant.** Each type is declared once, as a table of members (see [`object`]), and its
//! members are read independently of each other: a member with the wrong type counts as absent and is
//! kept, unchanged, in `unknown`. An enum text that is not in the list is a value (`Unknown`), never an
//! error.
//!
//! **Writing is exact.** An int64 is written as a JSON integer. A *twin*, a value that the API prints
//! both as a number and as a text (`engagementId` and `engagementIdString`), is written in both forms.
//! Everything that was read into `unknown` is written back.
//!
//! Each item states its source:
//! **PAGE n** is one of the five source pages (000 requestAssignment, 001 requestEngagement,
//! 002 concludeChat, 003 agent postMessage, 004 agent getMessages); **FOUND** is another public page or
//! sample; **INFERRED** is a deduction, to be treated as unproven.

pub mod agent;
pub mod consumer;
pub mod error;
pub mod id;
pub mod object;
pub mod read_error;
pub mod secret;
pub mod session;
pub mod time;
pub mod url;
pub mod vocabulary;

pub use error::{ChatSystemError, ExceptionCode, Refusal};
pub use id::{AccountId, ClientId, EngagementId, QueueId, SequenceNumber, SurveyId};
pub use object::{Fields, WireObject, WireValue};
pub use read_error::WireError;
pub use secret::Secret;
/// A JSON value: for implementations of [`WireValue`] in other crates.
pub use serde_json::Value;
pub use time::{ClientSendTime, ServiceTime};

#[cfg(test)]
mod tests;
