//! Drives a chat server through every statement of the five pages of Oracle's API reference that Pipit follows, and, marked
//! apart, through statements about the related operations. The result is a table: statement, page, expected, seen. See
//! `docs/conformance.md`.
//!
//! The crate uses none of this repository's types for the API. It reads JSON as it is, so that a fault of those types
//! cannot hide here. An *engagement* is one chat at the server. [`check`] plays a visitor and an agent who chat with each
//! other, and it ends what it has begun.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FAMILY: from further pages, or seen in Oracle's own
//! clients; parts of it are assumptions.

#![allow(
    clippy::indexing_slicing,
    reason = "only JSON is indexed, and what a value does not have is null"
)]

mod answer;
mod check;
mod pages;
mod run;
mod server;
mod statement;
mod table;

pub use check::{check, statements};
pub use server::{BasicUser, Target};
pub use statement::{Outcome, Report, Statement};
pub use table::{markdown, summary, text_table};
