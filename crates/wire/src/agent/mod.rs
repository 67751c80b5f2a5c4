//! The agent API: the requests of an agent's console (or of the shim in `crates/agent`, which stands in for
//! one), their answers, and the messages of its stream.

mod assignment;
mod envelope;
mod message;
mod operation;
mod request;
mod response;

pub use assignment::*;
pub use envelope::*;
pub use message::*;
pub use operation::*;
pub use request::*;
pub use response::*;
