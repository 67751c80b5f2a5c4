//! The consumer API: the requests of the visitor's widget, their answers, and the messages of its stream.

mod message;
mod operation;
mod queue;
mod request;
mod response;

pub use message::*;
pub use operation::{Method, Operation};
pub use queue::*;
pub use request::*;
pub use response::*;
