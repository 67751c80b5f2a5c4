//! The consumer's side: what the visitor's widget asks and is told.

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
