//! The consumer API, which is the visitor's side: its operations, the requests that the visitor's client sends, the
//! server's responses, the messages that the client receives, and the queries about queues.

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
