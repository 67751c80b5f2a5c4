//! A client of the agent's side of the chat REST API, for web pages and tests. The desk (the demo's page for agents) and
//! the tests that need an agent use it. The visitor's widget never contains it. An *engagement* is one conversation with a
//! visitor.
//!
//! There are two levels. [`Agent`] is an agent in the words of a test: sign in, accept, say, conclude, and waits whose
//! failure says what was seen instead. Below it, [`AgentSession::log_on`] returns two halves: the [`AgentSession`], which
//! has every known operation, and the [`MessageReceiver`], which polls for messages. A session must never have two polls at
//! the same time, because the server ends the first when the second begins. Therefore [`MessageReceiver::next`] takes
//! `&mut self`, and no function makes a second receiver.
//!
//! A [`Transport`] sends the requests: [`FetchTransport`] in a web page, or one of a test's own.
//!
//! ```no_run
//! # use std::rc::Rc;
//! # use pipit_agent::{Agent, FetchTransport, WaitError};
//! # use pipit_wire::AccountId;
//! # async fn hold_conversation() -> Result<(), WaitError> {
//! let transport = Rc::new(FetchTransport);
//! let agent = Agent::sign_in_at_sandbox(transport, "http://127.0.0.1:8461", AccountId(12)).await?;
//! agent.accept().await?;
//! agent.wait_for_message("Where is my order?").await?;
//! agent.set_typing(true).await?;
//! agent.say_html("It is <b>on its way</b>.").await?;
//! agent.conclude().await?;
//! # Ok(()) }
//! ```

mod agent;
mod api_client;
mod error;
mod fetch_transport;
mod inbox;
mod log_on;
mod message_receiver;
mod repetition;
mod service_address;
mod session;
mod transport;
mod wait;

pub use agent::Agent;
pub use error::{AgentError, Failure};
pub use fetch_transport::FetchTransport;
pub use log_on::LogOn;
pub use message_receiver::MessageReceiver;
pub use service_address::ServiceAddress;
pub use session::AgentSession;
pub use transport::{HttpRequest, HttpResponse, Method, NoAnswer, Transport};
pub use wait::{WaitError, describe};
