//! The chat REST API of Oracle B2C Service as plain types: what the widget, the agent shim and
//! the sandbox say to each other. No I/O, no clock, no browser.
//!
//! **A tolerant reader.** Each type is declared once, as a table of members (see [`object`]), and
//! reads each member by itself: a member of the wrong shape counts as absent and stays, untouched,
//! in `unknown`. An enum text nobody knows is a value (`Unknown`), never an error.
//!
//! **An exact writer.** Int64 are written as JSON integers, twins (`engagementId` and
//! `engagementIdString`) both, and whatever was read into `unknown` is written back.
//!
//! Each item says where it is known from:
//! **PAGE n** (one of the five source pages: 000 requestAssignment, 001 requestEngagement,
//! 002 concludeChat, 003 agent postMessage, 004 agent getMessages), **FOUND** (another public page
//! or sample) or **INFERRED** (a deduction; treat as unproven).

pub mod agent;
pub mod consumer;
pub mod error;
pub mod id;
pub mod object;
pub mod secret;
pub mod session;
pub mod time;
pub mod url;
pub mod vocabulary;

pub use error::{ChatSystemError, ExceptionCode, Refusal, WireError};
pub use id::{AccountId, ClientId, EngagementId, QueueId, SequenceNumber, SurveyId};
pub use object::{Fields, WireObject, WireValue};
pub use secret::Secret;
pub use time::{ClientSendTime, ServiceTime};

#[cfg(test)]
mod tests;
