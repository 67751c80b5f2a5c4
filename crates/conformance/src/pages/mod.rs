//! The statements and their checks, one file for each page of the reference. *Family* are the operations that no page of
//! the five documents. `check.rs` says in which order the checks run.

pub(crate) mod family_agent;
pub(crate) mod family_consumer;
pub(crate) mod page_000;
pub(crate) mod page_001;
pub(crate) mod page_002;
pub(crate) mod page_003;
pub(crate) mod page_004;
