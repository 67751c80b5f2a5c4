//! The rules of a chat server: the queue, the assignment of engagements (chats) to agents, the messages that the
//! visitor and the agents get, and the end of an engagement. The crate has no I/O, no clock and no randomness: the
//! caller passes in the time and a seed, so the same calls give the same results in a server, in a simulation and in a
//! browser.
//!
//! ```
//! use pipit_switchboard::{AgentClaims, Config, ConsumerClaims, LongPoll as _, Switchboard};
//! use pipit_wire::AccountId;
//!
//! let mut switchboard = Switchboard::new(Config::default(), 1);
//! let claims = ConsumerClaims::anonymous("token-1");
//! let started = switchboard.request_engagement(&claims, &Default::default(), 0)?;
//! let session = started.session_id.unwrap();
//! let poll = switchboard.consumer(session.reveal(), 0)?.get_messages(&Default::default(), None)?;
//! let batch = poll.answer(&mut switchboard, 0).unwrap(); // The first message names the position in the queue.
//! assert_eq!(batch.system_messages.len(), 1);
//! # Ok::<(), pipit_wire::Refusal>(())
//! ```
//!
//! - **Operations** that need a session are methods of a handle. [`Switchboard::consumer`] and [`Switchboard::agent`]
//!   check the session and return the handle. The visitor's client is called the consumer, as in the chat REST API.
//! - **Time.** `now` is in ms since 1970 and must not run backwards. Every call that takes `now`, except
//!   [`Switchboard::check_pool`], first runs the time-outs that are due by `now`, each with the time at which it was due.
//!   [`Switchboard::tick`] does only that, and [`Switchboard::next_deadline`] says when to call it next.
//! - **Long polls.** A long poll is a request that the server holds until it has a message for the client.
//!   `get_messages` begins one and returns a [`LongPoll`]. Ask it for its answer at once. While there is no answer, ask
//!   again after every call to the switchboard, and at its [`LongPoll::hold_ends_ms`]. When the client has hung up, call
//!   [`LongPoll::abandon`].
//!   Messages leave the session's stream when an answer is taken, not before, so an abandoned poll loses none. An
//!   answer cannot be repeated: if it was taken and then lost on the network, the client never gets its messages.

mod agent;
mod agent_session;
mod assignment;
mod conclusion;
mod config;
mod consumer;
mod engagement;
mod id_generator;
mod long_poll;
mod message_stream;
mod migration;
mod opening_hours;
mod participation;
mod pool;
mod preview;
mod request_format;
mod routing;
mod spam;
mod state;
mod switchboard;
mod timeout;
mod wait_times;

pub use agent::{Agent, AgentClaims, AgentPoll};
pub use config::{Config, DelayedSurveyOffer, QueueRule, SpamRule, SurveyOffer};
pub use consumer::{Consumer, ConsumerClaims, ConsumerPoll};
pub use long_poll::LongPoll;
pub use pool::PoolAddress;
pub use request_format::{
    Strictness, check_agent_request, check_consumer_request, check_session_information,
};
pub use state::{AgentState, EngagementState, SessionState, SwitchboardState};
pub use switchboard::Switchboard;
