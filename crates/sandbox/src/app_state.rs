//! The state that all requests share: the switchboard (the chat server's rules and data), the clock, the tokens, the
//! planned faults and the uploaded files. After every change of the switchboard that may concern other sessions, all held
//! polls (`getMessages` requests that wait for messages) check whether they have an answer now.

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
    /// Counts the changes after which a held poll may have an answer.
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

    /// Runs an operation that may change the switchboard, and wakes all held polls. The operation gets the time in ms
    /// since 1970.
    pub(crate) fn mutate<T>(&self, operation: impl FnOnce(&mut Switchboard, i64) -> T) -> T {
        let result = operation(&mut self.lock_switchboard(), self.clock.now());
        self.wake_polls();
        result
    }

    /// Runs an operation that changes nothing for other sessions, except that the operation may run the time-outs that
    /// are due. If a time-out was due, all held polls are woken; otherwise none is woken. Held polls use this function
    /// to get their answers. With [`mutate`](Self::mutate) they would wake each other again and again.
    pub(crate) fn read<T>(&self, operation: impl FnOnce(&mut Switchboard, i64) -> T) -> T {
        let mut switchboard = self.lock_switchboard();
        let now = self.clock.now();
        let is_timeout_due = switchboard
            .next_deadline()
            .is_some_and(|due_ms| due_ms <= now);
        let result = operation(&mut switchboard, now);
        drop(switchboard);
        if is_timeout_due {
            self.wake_polls();
        }
        result
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

    fn wake_polls(&self) {
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
        let deadline = app.read(|switchboard, now| {
            switchboard.tick(now);
            switchboard.next_deadline()
        });
        match deadline {
            Some(deadline) => tokio::select! {
                _ = changes.changed() => {}
                () = app.clock.sleep_until(deadline) => {}
            },
            None => {
                let _ = changes.changed().await;
            }
        }
    }
}
