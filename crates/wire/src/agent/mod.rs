//! The agent API: the requests that an agent's client sends, the server's responses, and the messages that the client
//! receives. The client is the agent's console, or `crates/agent`, which replaces the console in the demo and in tests.

mod assignment;
mod directory;
mod envelope;
mod message;
mod operation;
mod properties;
mod request;
mod response;

pub use assignment::*;
pub use directory::*;
pub use envelope::*;
pub use message::*;
pub use operation::*;
pub use properties::*;
pub use request::*;
pub use response::*;
