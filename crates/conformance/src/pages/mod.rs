//! The statements and their checks, one file for each page of the reference. *Family* are the operations that no page of
//! the five documents.

pub(crate) mod family_agent;
pub(crate) mod family_consumer;
pub(crate) mod page_000;
pub(crate) mod page_001;
pub(crate) mod page_002;
pub(crate) mod page_003;
pub(crate) mod page_004;

use crate::statement::Statement;

/// The statements of all files, in the order of the table.
pub(crate) const ALL: [&[Statement]; 7] = [
    page_000::STATEMENTS,
    page_001::STATEMENTS,
    page_002::STATEMENTS,
    page_003::STATEMENTS,
    page_004::STATEMENTS,
    family_consumer::STATEMENTS,
    family_agent::STATEMENTS,
];

/// Short for a statement.
const fn statement(id: &'static str, text: &'static str, expected: &'static str) -> Statement {
    Statement { id, text, expected }
}

/// The session id of a session that does not exist.
const UNKNOWN_SESSION: &str = "node0conformance0unknown";
