//! Tests of the switchboard's rules, one file for each topic. The clock is virtual: only the tests advance it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod test_server;

mod agents;
mod conversation;
mod endings;
mod polls;
mod pool;
mod presence;
mod preview;
mod properties;
mod property;
mod queue;
mod spam;
mod tokens;
