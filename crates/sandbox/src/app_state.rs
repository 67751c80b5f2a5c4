//! The state that all requests share: the switchboard (the chat server's rules and data), the clock, the tokens, the
//! planned faults and the uploaded files. The switchboard wakes the held polls (`getMessages` requests that wait for
//! messages) that a change concerns.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pipit_switchboard::{Strictness, Switchboard};
use tokio::sync::watch;

use crate::agent_account::AgentAccount;
use crate::answer_faults::AnswerFaults;
use crate::clock::Clock;
use crate::exchange_log::ExchangeLog;
use crate::network_faults::NetworkFaults;
use crate::options::Options;
use crate::server_address::ServerAddress;
use crate::token::{SecretKey, Tokens};
use crate::upload_store::UploadStore;

#[derive(Debug)]
pub(crate) struct AppState {
    switchboard: Mutex<Switchboard>,
    answer_faults: Mutex<AnswerFaults>,
    network_faults: Mutex<NetworkFaults>,
    /// Counts the changes after which a time-out may be due earlier than before.
    changes: watch::Sender<u64>,
    /// Whether the servers are stopping.
    stopping: watch::Sender<bool>,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) uploads: UploadStore,
    /// The newest requests, for the live page.
    pub(crate) exchanges: ExchangeLog,
    /// The address of the API, unless the site moves to a pool with another one.
    pub(crate) address: ServerAddress,
    pub(crate) allowed_origins: Vec<String>,
    /// The agents who have a name.
    pub(crate) agents: Vec<AgentAccount>,
    /// How exactly requests must follow the reference.
    pub(crate) strictness: Strictness,
    /// The name of the customer in the API's addresses.
    pub(crate) site_name: String,
    /// The options with which the sandbox was started. `POST /sandbox/reset` restores the settings from them.
    initial_options: Options,
}

impl AppState {
    /// Creates the state at the start. The session ids are computed from `seed`, and the tokens are signed with `key`.
    pub(crate) fn new(
        options: &Options,
        seed: u64,
        key: SecretKey,
        clock: Clock,
        address: ServerAddress,
    ) -> Self {
        Self {
            switchboard: Mutex::new(Switchboard::new(options.config.clone(), seed)),
            answer_faults: Mutex::default(),
            network_faults: Mutex::default(),
            changes: watch::Sender::new(0),
            stopping: watch::Sender::new(false),
            clock,
            tokens: Tokens::new(&options.site_name, &key),
            uploads: UploadStore::default(),
            exchanges: ExchangeLog::default(),
            address,
            allowed_origins: options.allowed_origins.clone(),
            agents: options.agents.clone(),
            strictness: options.strictness,
            site_name: options.site_name.clone(),
            initial_options: options.clone(),
        }
    }

    /// Runs an operation that may change the switchboard. The operation gets the time in ms since 1970.
    pub(crate) fn mutate<T>(&self, operation: impl FnOnce(&mut Switchboard, i64) -> T) -> T {
        let result = operation(&mut self.lock_switchboard(), self.clock.now());
        self.count_change();
        result
    }

    /// Runs an operation that begins no time-out, such as the attempt of a held poll to get its answer.
    pub(crate) fn read<T>(&self, operation: impl FnOnce(&mut Switchboard, i64) -> T) -> T {
        operation(&mut self.lock_switchboard(), self.clock.now())
    }

    /// A receiver that is notified of every later change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Stops the servers, and ends all held polls.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// A receiver whose value becomes true when the servers stop.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Whether the servers are stopping.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    pub(crate) fn answer_faults(&self) -> MutexGuard<'_, AnswerFaults> {
        let lock = self.answer_faults.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn network_faults(&self) -> MutexGuard<'_, NetworkFaults> {
        let lock = self.network_faults.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes all engagements, agents and faults, and restores the settings. Uploaded files stay. Ids are not reused,
    /// so that an old id never gets a new meaning.
    pub(crate) fn reset(&self) {
        self.answer_faults().clear();
        self.network_faults().clear();
        // The default lifetime of tokens.
        self.tokens.set_lifetime(None);
        self.mutate(|switchboard, _| switchboard.reset(self.initial_options.config.clone()));
    }

    fn count_change(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn lock_switchboard(&self) -> MutexGuard<'_, Switchboard> {
        let lock = self.switchboard.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the switchboard's time-outs when they are due: for example, a conversation ends if nobody writes for a while. The
/// function never returns.
pub(crate) async fn run_timeouts(app: Arc<AppState>) {
    let mut changes = app.changes();
    loop {
        // The exact deadline costs a look at every session, and most changes do not move it.
        let bound_ms = app.read(|switchboard, now| {
            switchboard.tick(now);
            // A time-out of 0 ms must not keep this task busy.
            switchboard.deadline_bound().max(now + 1)
        });
        tokio::select! {
            _ = changes.changed() => {}
            () = app.clock.sleep_until(bound_ms) => {}
        }
    }
}
