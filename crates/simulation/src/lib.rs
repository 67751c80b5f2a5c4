//! Simulates whole conversations on virtual time, under a seeded schedule of faults. The engine's tabs, the switchboard
//! and a network between them run in one process.
//!
//! ```text
//!   visitor ──► tab (engine) ──► network ──► server (switchboard) ◄── agents
//!                    ▲              │ faults: lost, late, twice, refused, cut, ...
//!                    └── checks at every step, against what a witness has recorded
//! ```
//!
//! A world is drawn from one seed: the actions of the visitor and the agents, the faults, and the configuration of the
//! server. The same seed gives the same world, so a failure can be replayed: `cargo xtask sim --seed N` prints what
//! happened. After some time the faults cease, and then the conversation must come to rest.
//!
//! - [`Invariant`] lists what must hold; `world/check.rs` checks it.
//! - [`Fault`] lists what can go wrong; `world/transport.rs`, `at_server.rs` and `world_faults.rs` carry it out.
//! - `world.rs` has the virtual clock and the loop; `world/drive.rs` drives a tab as the widget's runtime does.
//! - `server.rs` calls the switchboard as the sandbox's HTTP shell does.
//! - [`Mutation`] lists promises that are broken on purpose. Each must violate an invariant, which shows that the
//!   checks can fail.
//!
//! No module depends on itself through others: the parts of the state (`page`, `network`, `server`, `witness`,
//! …) do not know `World`, and only the files of `world/` combine them.

mod agent;
mod browser;
mod campaign;
mod chance;
mod event_queue;
mod fault;
mod fault_plan;
mod ids;
mod invariant;
mod log;
mod mutation;
mod network;
mod page;
mod server;
mod tally;
mod visitor;
mod witness;
mod world;

pub use campaign::{Report, Violation, explore, replay};
pub use fault::Fault;
pub use invariant::Invariant;
pub use mutation::Mutation;
pub use tally::{STATES, Tally};
