//! The agent's side of the chat REST API, from a browser page or a browser test: what an agent's
//! console asks and is told. The desk is made on it, and every test that needs an agent uses it.
//! It is never in the visitor's bundle.
//!
//! [`AgentSession::log_on`] gives two halves: the [`AgentSession`], which asks, and the one
//! [`Retrieval`], which hears. The server ends an older poll when a second one comes, so there must
//! never be two: `Retrieval::next` takes `&mut self`, and there is no way to make a second one.
//!
//! ```no_run
//! # use pipit_agent::{AgentError, AgentSession, Service};
//! # use pipit_wire::{AccountId, EngagementId, Secret, agent::{AssignmentAction, AssignmentType}};
//! # async fn play(token: Secret, engagement: EngagementId) -> Result<(), AgentError> {
//! let service = Service::at("127.0.0.1", Some(8461), "pipit_demo", Some("297:1"));
//! let (session, mut retrieval) = AgentSession::log_on(service, AccountId(12), token).await?;
//! session.set_available(true).await?;
//! session.request_assignment(0, 3).await?;
//! let messages = retrieval.next().await?; // ... ChatEngagementAssignment
//! session.acknowledge(engagement, AssignmentAction::Accept, AssignmentType::Lead).await?;
//! session.post(engagement, "Hello").await?;
//! # Ok(()) }
//! ```

mod error;
mod line;
mod retrieval;
mod service;
mod session;

pub use error::AgentError;
pub use retrieval::Retrieval;
pub use service::Service;
pub use session::AgentSession;
