//! The retrieval loop: one `getMessages` at a time, always one. The server holds it for up to 30 s;
//! an empty answer is normal.

use pipit_wire::WireObject;
use pipit_wire::consumer::{ClientRequest, GetMessagesResponse, Operation};

use crate::deadline::Deadline;
use crate::start::Stage;
use crate::{Connection, Effect, Engine, Failure, Moment, Outcome, RequestId};

/// A poll that has not come back by then is dead: the hold of 30 s and a margin.
const DEADLINE_MS: u64 = 45_000;

/// A server that answers at once with nothing new is not asked again at once.
const EMPTY_PAUSE_MS: u64 = 1_000;

/// So often without an answer between a 404 counts as a passing fault, as while a server restarts.
const NOT_FOUND_TRIES: u32 = 3;

/// So often in a row without an answer means that the server is not reached.
const LOST_AFTER: u32 = 2;

/// A network that is down refuses at once: a poll that has been out for so long is held by a server.
const HELD_AFTER_MS: u64 = 3_000;

/// How long the server waits for an absent visitor: twice the site default of 120 s.
const ABSENT_LIMIT_MS: u64 = 240_000;

/// So often in a row the server is asked in vain before the absence counts.
const ABSENT_TRIES: u32 = 3;

/// The loop: one state, so never two polls.
#[derive(Debug)]
pub(crate) struct Poll {
    state: State,
    failures: u32,
    not_found: u32,
    /// When the server was last heard.
    heard: Moment,
}

#[derive(Debug)]
enum State {
    /// The next poll is due then.
    Due { at: u64 },
    /// A poll is out.
    InFlight {
        request: RequestId,
        since: Moment,
        deadline: Deadline,
    },
}

impl Poll {
    pub(crate) fn due_now(now: Moment) -> Self {
        Self {
            state: State::Due { at: now.monotonic },
            failures: 0,
            not_found: 0,
            heard: now,
        }
    }

    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.in_flight() == Some(request)
    }

    pub(crate) fn in_flight(&self) -> Option<RequestId> {
        match self.state {
            State::InFlight { request, .. } => Some(request),
            State::Due { .. } => None,
        }
    }

    pub(crate) fn wake_at(&self) -> u64 {
        match self.state {
            State::Due { at } => at,
            State::InFlight { deadline, .. } => deadline.wake_at(),
        }
    }

    /// It is answered, whatever the answer says; for how long it was out.
    fn came_back(&mut self, now: Moment) -> u64 {
        let out = match self.state {
            State::InFlight { since, .. } => now.monotonic.saturating_sub(since.monotonic),
            State::Due { .. } => 0,
        };
        self.state = State::Due { at: now.monotonic };
        out
    }
}

impl Engine {
    /// What waits for its turn is asked at once; a poll that was out over a sleep has a last chance.
    /// One that may live is left alone: what the server is handing to it would be lost.
    pub(crate) fn wake(&mut self, now: Moment) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        match &mut live.poll.state {
            State::Due { at } => *at = now.monotonic,
            State::InFlight {
                since, deadline, ..
            } if now.since(*since) >= DEADLINE_MS => deadline.bring_forward(now),
            State::InFlight { .. } => {}
        }
        if now.since(live.poll.heard) >= DEADLINE_MS {
            self.conversation.connection = Connection::Asking;
        }
    }

    /// When it can no longer be claimed that the server is reached, if that is claimed.
    pub(crate) fn connected_until(&self) -> Option<u64> {
        match &self.stage {
            Stage::Live(live) if self.conversation.connection == Connection::Connected => {
                Some(live.poll.heard.monotonic + DEADLINE_MS)
            }
            _ => None,
        }
    }

    /// From when on a request has a chance to arrive; `None` until more is known. While the server
    /// is not reached, a poll is the one that finds out: it can be asked again without harm.
    pub(crate) fn sendable_from(&self) -> Option<u64> {
        match &self.stage {
            Stage::Live(live) if self.conversation.connection == Connection::Lost => {
                match live.poll.state {
                    State::InFlight { since, .. } => Some(since.monotonic + HELD_AFTER_MS),
                    State::Due { .. } => None,
                }
            }
            _ => Some(0),
        }
    }

    pub(crate) fn advance_poll(&mut self, now: Moment) {
        let is_unheard = self.connected_until().is_some_and(|at| now.monotonic >= at);
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        if let State::InFlight {
            request, deadline, ..
        } = &mut live.poll.state
            && deadline.has_expired(now)
        {
            let request = *request;
            self.effects.push_back(Effect::Abort(request));
            self.conversation.connection = Connection::Lost;
            live.poll.failures += 1;
            live.poll.state = State::Due { at: now.monotonic };
        } else if is_unheard {
            self.conversation.connection = match live.poll.failures {
                0 => Connection::Asking,
                _ => Connection::Lost,
            };
        }
        if let State::Due { at } = live.poll.state
            && now.monotonic >= at
        {
            let request = self.requests.next();
            self.effects
                .push_back(Effect::Send(live.endpoint.session_request(
                    request,
                    Operation::GetMessages,
                    &live.session,
                    ClientRequest::default().to_json(),
                )));
            live.poll.state = State::InFlight {
                request,
                since: now,
                deadline: Deadline::new(now, DEADLINE_MS),
            };
        }
    }

    pub(crate) fn poll_answered(&mut self, now: Moment, outcome: &Outcome) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let out_ms = live.poll.came_back(now);
        match outcome {
            Outcome::Answered {
                status: 200, body, ..
            } => match GetMessagesResponse::from_json(body) {
                Ok(batch) => self.batch_came(now, batch, out_ms),
                Err(_) => self.poll_failed(now, None),
            },
            Outcome::Answered {
                status: 401 | 403, ..
            } => self.fail(Failure::SessionLost),
            Outcome::Answered {
                status: 404 | 410,
                retry_after,
                ..
            } => self.poll_not_found(now, *retry_after),
            Outcome::Answered { retry_after, .. } => self.poll_failed(now, *retry_after),
            Outcome::Lost | Outcome::NotSent => self.poll_failed(now, None),
        }
    }

    fn batch_came(&mut self, now: Moment, batch: GetMessagesResponse, out_ms: u64) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        live.poll = Poll::due_now(now);
        self.conversation.connection = Connection::Connected;
        let any_new = self.take_messages(now, batch.system_messages);
        if let Stage::Live(live) = &mut self.stage
            && out_ms < EMPTY_PAUSE_MS
            && !any_new
        {
            live.poll.state = State::Due {
                at: now.monotonic + EMPTY_PAUSE_MS,
            };
        }
    }

    fn poll_not_found(&mut self, now: Moment, retry_after: Option<u64>) {
        self.poll_failed(now, retry_after);
        if let Stage::Live(live) = &mut self.stage {
            live.poll.not_found += 1;
            if live.poll.not_found > NOT_FOUND_TRIES {
                self.fail(Failure::SessionLost);
            }
        }
    }

    fn poll_failed(&mut self, now: Moment, retry_after: Option<u64>) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let wait = self.jitter.wait(live.poll.failures, retry_after);
        live.poll.failures += 1;
        live.poll.state = State::Due {
            at: now.monotonic + wait,
        };
        if live.poll.failures >= LOST_AFTER {
            self.conversation.connection = Connection::Lost;
        }
        let limit = self.options.absent_limit_ms.unwrap_or(ABSENT_LIMIT_MS);
        if live.poll.failures >= ABSENT_TRIES && now.since(live.poll.heard) > limit {
            self.fail(Failure::SessionLost);
        }
    }
}
