//! A client of the agent's side of the chat REST API, for web pages and browser tests. The desk (the demo's page for
//! agents) and the browser tests that need an agent use it. The visitor's widget never contains it. An *engagement* is one
//! conversation with a visitor.
//!
//! [`AgentSession::log_on`] returns two halves: the [`AgentSession`], which sends requests, and the
//! [`MessageReceiver`], which polls for messages. A session must never have two polls at the same time, because the server
//! ends the first when the second begins. Therefore [`MessageReceiver::next`] takes `&mut self`, and no function makes a
//! second receiver.
//!
//! ```no_run
//! # use pipit_agent::{AgentError, AgentSession, ServiceAddress};
//! # use pipit_wire::{AccountId, EngagementId, Secret, agent::{AssignmentAction, AssignmentType}};
//! # async fn hold_conversation(token: Secret, engagement: EngagementId) -> Result<(), AgentError> {
//! let service = ServiceAddress::new("127.0.0.1", Some(8461), "pipit_demo", Some("297:1"));
//! let (session, mut receiver) = AgentSession::log_on(service, AccountId(12), token).await?;
//! session.set_available(true).await?;
//! session.request_assignment(0, 3).await?; // No engagement is idle, and the agent accepts up to 3 at the same time.
//! let messages = receiver.next().await?; // Poll until a ChatEngagementAssignment arrives. It has the engagement's id.
//! session.acknowledge(engagement, AssignmentAction::Accept, AssignmentType::Lead).await?;
//! session.post(engagement, "Hello").await?;
//! # Ok(()) }
//! ```

mod api_client;
mod error;
mod message_receiver;
mod service_address;
mod session;

pub use error::AgentError;
pub use message_receiver::MessageReceiver;
pub use service_address::ServiceAddress;
pub use session::AgentSession;
