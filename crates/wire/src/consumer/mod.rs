//! The consumer API, which is the visitor's side: the requests that the visitor's client sends, the server's responses,
//! and the messages that the client receives.

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
