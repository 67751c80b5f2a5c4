//! The fuzz targets. Each target is a function that takes arbitrary bytes and panics if a promise of the code under test does
//! not hold. `cargo xtask fuzz` runs them under libFuzzer, which searches for bytes that make a target panic. The test
//! `tests/replay.rs` runs the targets with the inputs in `fuzz/corpus`.
//!
//! To add a target:
//! 1. Write a function in this crate, and add an entry to [`TARGETS`].
//! 2. Add its name to `tests/replay.rs`.
//! 3. Add `fuzz/fuzz_targets/NAME.rs`, with a `[[bin]]` in `fuzz/Cargo.toml`.
//! 4. Add at least one input to `fuzz/corpus/NAME/`.
//!
//! The modules:
//! - `consumer`, `agent`, `request`, `session`, `tolerant_json` and `rich_text` fuzz the code that reads texts from
//!   outside; `round_trip` checks what every reader of `pipit-wire` promises. `untrusted_text` fuzzes the code that bounds
//!   such texts.
//! - `engine` has two targets: the target `engine` fuzzes the chat engine, and the target `stored` fuzzes the code that
//!   reads stored conversations.
//!   `engine_driver` drives the engine; `limits` and `reload` check what the engine promises.
//! - `tab` fuzzes two tabs of a browser that exchange messages.
//! - `clock` and `open_requests` hold the simulated time and the unanswered requests for `engine` and `tab`.
//! - `script` parses the bytes for `engine` and `tab`: a text with one step on each line, which a person can read.

#![allow(
    clippy::missing_panics_doc,
    reason = "every target reports a defect by a panic"
)]

mod agent;
mod clock;
mod consumer;
mod engine;
mod engine_driver;
mod limits;
mod open_requests;
mod reload;
mod request;
mod rich_text;
mod round_trip;
mod script;
mod session;
mod tab;
mod tolerant_json;
mod untrusted_text;

pub use agent::agent_answer;
pub use consumer::consumer_answer;
pub use engine::{engine, stored};
pub use request::request;
pub use rich_text::rich_text;
pub use session::session;
pub use tab::tab;
pub use tolerant_json::tolerant_json;
pub use untrusted_text::untrusted_text;

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of the target, and of `fuzz/fuzz_targets/NAME.rs` and `fuzz/corpus/NAME/`.
    pub name: &'static str,
    /// Runs the target with these bytes. Panics if a promise does not hold.
    pub run: fn(&[u8]),
}

/// Every fuzz target.
pub const TARGETS: [Target; 10] = [
    Target {
        name: "consumer_answer",
        run: consumer_answer,
    },
    Target {
        name: "agent_answer",
        run: agent_answer,
    },
    Target {
        name: "request",
        run: request,
    },
    Target {
        name: "session",
        run: session,
    },
    Target {
        name: "stored",
        run: stored,
    },
    Target {
        name: "engine",
        run: engine,
    },
    Target {
        name: "tab",
        run: tab,
    },
    Target {
        name: "rich_text",
        run: rich_text,
    },
    Target {
        name: "tolerant_json",
        run: tolerant_json,
    },
    Target {
        name: "untrusted_text",
        run: untrusted_text,
    },
];
