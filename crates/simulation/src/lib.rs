//! Simulates whole conversations under faults that are drawn from a seed, on virtual time: the clock jumps from one
//! event to the next, so nothing waits. The engine's tabs (the visitor's side of the chat), the switchboard (the rules
//! of the chat server) and a network between the two run in one process.
//!
//! ```text
//!   visitor ──► tab (engine) ──► network ──► server (switchboard) ◄── agents
//!                    ▲              │ faults: lost, slow, duplicated, refused, cut, ...
//!                    └── checks at every step, against the record of a witness
//! ```
//!
//! A *world* is one simulated run. Everything in a world is drawn from one seed: the actions of the visitor and the
//! agents, the faults, and the configuration of the server. The same seed gives the same world, so a failure can be
//! replayed: `cargo xtask sim --seed N` prints what happened. After some time the world becomes calm: no further fault
//! strikes, and the conversation must come to rest.
//!
//! - [`Invariant`] lists what must hold; `world/check.rs` checks it.
//! - `witness.rs` keeps the record of what has truly happened. The checks compare it with what the pages show.
//! - [`Fault`] lists what can go wrong, and `fault_plan.rs` chooses the faults of a world. The files of `world/` carry
//!   them out: `transport.rs` and `at_server.rs` the faults of a request to the chat server, `drive.rs` the faults of a
//!   request to the web page for a session, and `world_faults.rs` all other faults.
//! - `world.rs` has the virtual clock and the loop; `world/drive.rs` drives a tab as the widget's runtime does.
//! - `visitor.rs` has the plans of the visitor, `page.rs` a page that the visitor has open, `browser.rs` the browser
//!   around the pages, `agent.rs` the state of an agent, and `network.rs` the requests on their way.
//! - `server.rs` calls the switchboard as the sandbox (the HTTP chat server of this repository) does.
//! - `campaign.rs` runs the worlds of many seeds, and `tally.rs` counts which faults and states occurred.
//! - [`Mutation`] lists defects of the client that the simulation can imitate. Each defect must violate an invariant,
//!   which shows that the checks can fail.
//! - `world/script.rs` plays a conversation of `crates/script` in a world without chance.
//! - Small parts: `chance.rs` draws the random numbers, `event_queue.rs` keeps the scheduled events, `log.rs` keeps the
//!   lines of a replay, and `ids.rs` has the ids of pages and requests.
//!
//! The modules have no dependency cycles: the parts of the state (`page`, `network`, `server`, `witness`, …) do not use
//! `World`. Only `world.rs` and the files of `world/` combine them.

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
mod page_sights;
mod page_storage;
mod script_state;
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
pub use world::play;
