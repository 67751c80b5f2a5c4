//! A chat server's rules: who waits, who is routed to whom, what each side is told and when a
//! conversation ends. No I/O, no clock, no chance: the time and the seed are passed in, so the same
//! calls give the same answers, in a server, in a simulation and in the browser.
//!
//! ```
//! use pipit_switchboard::{AgentClaims, Claims, Config, LongPoll as _, Switchboard};
//! use pipit_wire::AccountId;
//!
//! let mut board = Switchboard::new(Config::default(), 1);
//! let started = board.request_engagement(&Claims::anonymous("token-1"), &Default::default(), 0)?;
//! let session = started.session_id.unwrap();
//! let poll = board.consumer(session.reveal(), 0)?.get_messages(&Default::default(), None)?;
//! let batch = poll.answer(&mut board, 0).unwrap(); // at once: "you are number 1"
//! assert_eq!(batch.system_messages.len(), 1);
//! # Ok::<(), pipit_wire::Refusal>(())
//! ```
//!
//! - An operation is a method of a handle: [`Switchboard::consumer`] and [`Switchboard::agent`]
//!   check the session and give the handle, so none can be called without one.
//! - **Time.** `now` is in ms since 1970 and must not run backwards. Every call first lets happen
//!   what was due by `now`, each at its own time; [`Switchboard::tick`] does only that, and
//!   [`Switchboard::next_deadline`] says when it is worth calling.
//! - **Long polls.** `get_messages` gives a [`LongPoll`], a ticket. Ask it for its answer at once,
//!   after every call to the switchboard and at its [`LongPoll::until_ms`]. When the client has
//!   hung up, [`LongPoll::abandon`] it. Messages leave the stream when an answer is taken, not
//!   before, so an abandoned poll loses none; but the API has no cursor: an answer that was taken
//!   and then lost on its way is lost to that client.

mod agent;
mod assignment;
mod config;
mod consumer;
mod end;
mod engagement;
mod ids;
mod participation;
mod pool;
mod preview;
mod routing;
mod spam;
mod state;
mod stream;
mod timeout;

use std::collections::BTreeMap;

use pipit_wire::{ClientId, EngagementId};

pub use agent::{Agent, AgentClaims, AgentPoll};
pub use config::{Config, DelayedSurvey, SpamRule, SurveyOffer};
pub use consumer::{Claims, Consumer, ConsumerPoll};
pub use pool::PoolAddress;
pub use state::{AgentState, EngagementState, SessionState, State};
pub use stream::LongPoll;

use agent::AgentSession;
use engagement::Engagement;
use ids::Ids;
use pool::Pool;
use routing::Waits;

/// The chat server of one site: its queue, engagements and agents.
#[derive(Debug)]
pub struct Switchboard {
    config: Config,
    ids: Ids,
    pool: Pool,
    engagements: BTreeMap<EngagementId, Engagement>,
    agents: BTreeMap<ClientId, AgentSession>,
    /// Tokens that have begun an engagement, and when each expires, in ms since 1970.
    spent_tokens: BTreeMap<String, i64>,
    waits: Waits,
    preview_violations: u64,
    spam_hits: u64,
}

impl Switchboard {
    /// A switchboard with nobody on it. All session ids come from `seed`: whoever knows it can
    /// guess them, so a server draws it from its system's randomness.
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            ids: Ids::new(&config, seed),
            pool: Pool::new(&config.pool),
            config,
            engagements: BTreeMap::new(),
            agents: BTreeMap::new(),
            spent_tokens: BTreeMap::new(),
            waits: Waits::default(),
            preview_violations: 0,
            spam_hits: 0,
        }
    }

    /// The settings in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Changes the settings, from now on: a shorter time-out applies to who already waits.
    /// The first ids and the first pool are read only by [`Switchboard::new`].
    pub fn configure(&mut self, config: Config) {
        self.config = config;
    }

    /// Forgets everybody and begins again with these settings. Ids go on where they were, and spent
    /// tokens stay spent: nothing of before comes to mean something else.
    pub fn reset(&mut self, config: Config) {
        self.pool = Pool::new(&config.pool);
        self.config = config;
        self.engagements.clear();
        self.agents.clear();
        self.waits = Waits::default();
        self.preview_violations = 0;
        self.spam_hits = 0;
    }
}
