//! The switchboard's rules, one by one, on a clock that only the tests move.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod floor;

mod agents;
mod conversation;
mod endings;
mod polls;
mod pool;
mod presence;
mod preview;
mod property;
mod queue;
mod spam;
mod tokens;
