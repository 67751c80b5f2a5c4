//! The state of the chat server of one site (a customer's account at Oracle). The rules are in `impl Switchboard` blocks
//! of the other modules, for example the queue in `routing.rs`; the head of each module says which rules it has.

use std::collections::BTreeMap;

use pipit_wire::{ClientId, EngagementId};

use crate::Config;
use crate::agent_session::AgentSession;
use crate::engagement::Engagement;
use crate::id_generator::IdGenerator;
use crate::pool::Pool;
use crate::wait_times::WaitTimes;

/// The chat server of one site: its queue, engagements and agents.
#[derive(Debug)]
pub struct Switchboard {
    pub(crate) config: Config,
    pub(crate) ids: IdGenerator,
    /// The current pool (group of chat servers) and the former one.
    pub(crate) pool: Pool,
    pub(crate) engagements: BTreeMap<EngagementId, Engagement>,
    pub(crate) agents: BTreeMap<ClientId, AgentSession>,
    /// The ids of the visitors' tokens that have begun an engagement, and when each token expires, in ms since 1970.
    pub(crate) spent_tokens: BTreeMap<String, i64>,
    pub(crate) wait_times: WaitTimes,
    /// The number of sneak previews (texts that are typed and not sent yet) that visitors' clients should not have sent;
    /// `preview.rs` has the rules.
    pub(crate) preview_violations: u64,
    /// The number of texts that the spam rule stopped.
    pub(crate) spam_hits: u64,
    /// No time-out is due before this time, in ms since 1970. It saves a look at every session with each operation.
    pub(crate) deadline_bound: i64,
}

impl Switchboard {
    /// Makes a switchboard without engagements and agents. All session ids are computed from `seed`. A server must choose a
    /// random seed: with a known seed, the session ids can be guessed.
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            ids: IdGenerator::new(&config, seed),
            pool: Pool::new(&config.pool),
            config,
            engagements: BTreeMap::new(),
            agents: BTreeMap::new(),
            spent_tokens: BTreeMap::new(),
            wait_times: WaitTimes::default(),
            preview_violations: 0,
            spam_hits: 0,
            deadline_bound: i64::MIN,
        }
    }

    /// The current settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Changes the settings. A changed time-out also applies to visitors who already wait or chat. Only an offer, a held poll
    /// and the time after a declined offer keep the end that was computed at their beginning. The members `first_…` and
    /// `pool` have no effect here: only [`Switchboard::new`] reads the first ids, and only `new` and `reset` read the pool.
    pub fn configure(&mut self, config: Config) {
        self.config = config;
        // The time-outs may have become shorter.
        self.deadline_bound = i64::MIN;
    }

    /// Removes all engagements and agents, and starts again with these settings. Ids are not reused and spent tokens stay
    /// spent, so that no old id or token gets a new meaning.
    pub fn reset(&mut self, config: Config) {
        self.pool = Pool::new(&config.pool);
        self.config = config;
        self.engagements.clear();
        self.agents.clear();
        self.wait_times = WaitTimes::default();
        self.preview_violations = 0;
        self.spam_hits = 0;
        self.deadline_bound = i64::MIN;
    }
}
