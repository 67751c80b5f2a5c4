//! What all requests share: the switchboard behind a lock, the clock, the tokens, the faults and the
//! network.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pipit_switchboard::{LongPoll, Switchboard};
use tokio::sync::watch;
use tokio::time::sleep_until;

use crate::clock::Clock;
use crate::fault::Faults;
use crate::files::Files;
use crate::network::Network;
use crate::token::Tokens;
use crate::{Options, SITE_NAME};

#[derive(Debug)]
pub(crate) struct Hall {
    board: Mutex<Switchboard>,
    faults: Mutex<Faults>,
    network: Mutex<Network>,
    /// Counts what may have changed anything a poll waits for.
    changes: watch::Sender<u64>,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) files: Files,
    pub(crate) api_port: u16,
    pub(crate) allowed_origins: Vec<String>,
    /// What `POST /sandbox/reset` goes back to.
    first_options: Options,
}

impl Hall {
    pub(crate) fn new(options: &Options, seed: u64, key: [u8; 32], api_port: u16) -> Self {
        Self {
            board: Mutex::new(Switchboard::new(options.config.clone(), seed)),
            faults: Mutex::default(),
            network: Mutex::default(),
            changes: watch::Sender::new(0),
            clock: Clock::new(),
            tokens: Tokens::new(SITE_NAME, &key),
            files: Files::default(),
            api_port,
            allowed_origins: options.allowed_origins.clone(),
            first_options: options.clone(),
        }
    }

    /// Calls the switchboard and wakes the polls, which then look for themselves.
    pub(crate) fn call<T>(&self, operation: impl FnOnce(&mut Switchboard, i64) -> T) -> T {
        let result = operation(&mut self.board(), self.clock.now());
        self.changes.send_modify(|count| *count += 1);
        result
    }

    /// Looks at the switchboard. The others are woken only if a time-out was due meanwhile: polls
    /// that look must not wake each other without end.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut Switchboard, i64) -> T) -> T {
        let mut board = self.board();
        let now = self.clock.now();
        let due = board.next_deadline().is_some_and(|at| at <= now);
        let result = look(&mut board, now);
        drop(board);
        if due {
            self.changes.send_modify(|count| *count += 1);
        }
        result
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn network(&self) -> MutexGuard<'_, Network> {
        self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all engagements, agents, faults and settings. Ids go on where they were: an id of
    /// before must not come to mean something else.
    pub(crate) fn reset(&self) {
        self.faults().clear();
        self.network().clear();
        self.tokens.set_lifetime(None);
        self.call(|board, _| board.reset(self.first_options.config.clone()));
    }

    fn board(&self) -> MutexGuard<'_, Switchboard> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds a poll until it has its answer. Dropped before that, when the client hangs up, it abandons
/// the poll.
pub(crate) async fn hold<P: LongPoll>(hall: &Hall, poll: P) -> P::Answer {
    let mut changes = hall.changes.subscribe();
    let until = hall.clock.instant(poll.until_ms());
    let held = Held { hall, poll };
    loop {
        if let Some(answer) = hall.look(|board, now| held.poll.answer(board, now)) {
            return answer;
        }
        tokio::select! {
            _ = changes.changed() => {}
            () = sleep_until(until) => {}
        }
    }
}

/// A poll whose client may hang up. Abandoning a poll that was answered does nothing.
struct Held<'a, P: LongPoll> {
    hall: &'a Hall,
    poll: P,
}

impl<P: LongPoll> Drop for Held<'_, P> {
    fn drop(&mut self) {
        self.hall.look(|board, now| self.poll.abandon(board, now));
    }
}

/// Lets time-outs happen when they are due.
pub(crate) async fn keep_time(hall: Arc<Hall>) {
    let mut changes = hall.changes.subscribe();
    loop {
        match hall.look(|board, now| {
            board.tick(now);
            board.next_deadline()
        }) {
            Some(deadline) => tokio::select! {
                _ = changes.changed() => {}
                () = sleep_until(hall.clock.instant(deadline)) => {}
            },
            None => {
                let _ = changes.changed().await;
            }
        }
    }
}
