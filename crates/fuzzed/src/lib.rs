//! What is fuzzed: a plain function per target, which takes arbitrary bytes and panics when what
//! was promised does not hold. `cargo xtask fuzz` runs them under libFuzzer (`fuzz/`); the tests
//! replay every kept input (`tests/replay.rs`).
//!
//! To add a target: a function here and its line in [`TARGETS`]; its name in `tests/replay.rs`;
//! `fuzz/fuzz_targets/NAME.rs` and its `[[bin]]` in `fuzz/Cargo.toml`; a first input in
//! `fuzz/corpus/NAME/`.
//!
//! - `wire` holds what every reader promises;
//! - `page` drives the engine, `bounds` and `again` hold what it promises;
//! - `tab` drives two tabs that hear each other;
//! - `script` says how the bytes for both are read: as lines that a person can read too.

#![allow(
    clippy::missing_panics_doc,
    reason = "a panic is how a target tells what it has found"
)]

mod again;
mod agent;
mod bounds;
mod clock;
mod consumer;
mod engine;
mod page;
mod request;
mod requests;
mod rich_text;
mod script;
mod session;
mod tab;
mod wire;

pub use agent::agent_answer;
pub use consumer::consumer_answer;
pub use engine::{engine, stored};
pub use request::request;
pub use rich_text::rich_text;
pub use session::session;
pub use tab::tab;

/// A function that is fuzzed.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: of `fuzz/fuzz_targets/NAME.rs` and of `fuzz/corpus/NAME/`.
    pub name: &'static str,
    /// Takes any bytes.
    pub run: fn(&[u8]),
}

/// Every function that is fuzzed.
pub const TARGETS: [Target; 8] = [
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
];
