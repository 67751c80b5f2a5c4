//! Whole conversations on virtual time, under a seeded schedule of faults: the engine, the
//! switchboard and a network between, in one process.
//!
//! ```text
//!   visitor ──► tab (engine) ──► network ──► server (switchboard) ◄── agents
//!                    ▲              │ faults: lost, late, twice, refused, cut, ...
//!                    └── checks at every step, against what a witness has truly seen
//! ```
//!
//! A world is drawn from one seed: who does what when, which faults there are, how the server is
//! set up. The same seed gives the same world, so a failure replays: `cargo xtask sim --seed N`
//! prints what happened. After a stormy while all is calm, and the conversation must come to rest.
//!
//! Where to enter: [`Invariant`] says what must hold, `check` how that is seen; [`Fault`] what can
//! go wrong; `world` is the clock and the loop; `drive` drives a tab as the widget's runtime
//! does, and `server` asks the switchboard as the sandbox's HTTP shell does.
//!
//! [`Mutation`] is the proof of the proof: with one promise taken away, its invariant must fail.

mod agenda;
mod arrival;
mod browser;
mod campaign;
mod chance;
mod check;
mod clerk;
mod drive;
mod fault;
mod invariant;
mod log;
mod mutation;
mod network;
mod page;
mod server;
mod sleep;
mod tally;
mod trouble;
mod visitor;
mod watch;
mod weather;
mod witness;
mod world;

pub use campaign::{Report, Violation, explore, replay};
pub use fault::Fault;
pub use invariant::Invariant;
pub use mutation::Mutation;
pub use tally::{SIGHTS, Tally};
