//! The chat REST API of Oracle B2C Service as plain types. The widget, `crates/agent` (which stands in for an agent's
//! console) and `crates/sandbox` (a test chat server) exchange these objects. The crate does no I/O, reads no clock and
//! needs no browser.
//!
//! **Reading is tolerant.** Each type is declared once, as a table of members (see [`object`]), and its
//! members are read independently of each other: a member with the wrong type counts as absent and is
//! kept, unchanged, in `unknown`. If a *required* member counts as absent, the whole object cannot be read. An enum text
//! that is not in the enum's list is read as the value `Unknown`, and is not an error. If a body is not valid JSON, it is
//! read a second time, by [`tolerant_json`].
//!
//! **Writing is exact.** An int64 is written as a JSON integer. A *twin*, a value that the API prints
//! both as a number and as a text (`engagementId` and `engagementIdString`), is written in both forms.
//! Everything that was read into `unknown` is written back. If a declared member with the same name is written too, it
//! replaces the value from `unknown`.
//!
//! **Sources.** A mark in the docs names the source of a statement.
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.
//! Five pages of the reference are used. Each describes one operation: 000 `requestAssignment`, 001
//! `requestEngagement`, 002 `concludeChat`, 003 `postMessage` of the agent, and 004 `getMessages` of the agent.

pub mod agent;
pub mod answer;
pub mod consumer;
pub mod id;
pub mod object;
pub mod read_error;
pub mod secret;
pub mod server_error;
pub mod session;
pub mod time;
pub mod tolerant_json;
pub mod url;
pub mod vocabulary;

pub use answer::{Response, UnexpectedBody};
pub use id::{AccountId, ClientId, EngagementId, QueueId, SequenceNumber, SurveyId};
pub use object::{Fields, TextMap, WireObject, WireValue};
pub use read_error::ReadError;
pub use secret::Secret;
/// A JSON value. Other crates need it to implement [`WireValue`].
pub use serde_json::Value;
pub use server_error::{ChatSystemError, ExceptionCode, Refusal};
pub use time::{ClientSendTime, ServiceTime};

#[cfg(test)]
mod tests;
