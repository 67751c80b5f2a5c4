//! The agent's side: what an agent's console, or the shim that stands in for one, asks and is told.

mod assignment;
mod message;
mod operation;
mod request;
mod response;

pub use assignment::*;
pub use message::*;
pub use operation::*;
pub use request::*;
pub use response::*;
