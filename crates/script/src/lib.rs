//! Conversations as files. A *script* is a TOML file with one step in each row: what a visitor, an agent, the chat server or
//! the network does, and what somebody then sees. `docs/scripts.md` describes the format.
//!
//! This crate performs no I/O. [`read`] reads a script and checks it. A [`Player`] walks through its steps: it says what has
//! to be done next, or how long to wait, and its owner tells it what the participants see. The owner decides what a visitor
//! is: a bare client of the API (`crates/sandbox`), the engine on virtual time (`crates/simulation`), or the widget in a
//! browser.
//!
//! ```
//! let script = pipit_script::read(r#"
//! title = "An agent answers"
//! steps = [
//!   { agent = "signIn" },
//!   { visitor = "start" },
//!   { agent = "accept" },
//!   { agent = "say", text = "Hello" },
//!   { visitor = "sees", message = "Hello" },
//! ]
//! "#).unwrap();
//! assert_eq!(script.steps.len(), 5);
//! let wrong = pipit_script::read("title = \"\"\nsteps = [{ agent = \"shout\" }]").unwrap_err();
//! assert!(wrong.to_string().starts_with("line 2: unknown word `shout`, expected one of `sees`, `doesNotSee`, `signIn`"));
//! ```

mod agent_part;
mod conversations;
mod deed;
mod duration;
mod failure;
mod network_fault;
mod operations;
mod player;
mod read;
mod script;
mod sight;
mod wrong;

pub use agent_part::{AgentStep, agent_part};
pub use conversations::{CONVERSATIONS, Conversation};
pub use deed::{AgentDeed, AgentName, Deed, NetworkDeed, ServerDeed, VisitorDeed};
pub use failure::Failure;
pub use network_fault::{Direction, NetworkFault, SubstituteBody};
pub use player::{Demand, Player};
pub use read::{ReadError, read};
pub use script::{Expectation, Observer, Script, Step, Task};
pub use sight::{AgentSight, Sight, State, VisitorSight};
pub use wrong::wrong_versions;
