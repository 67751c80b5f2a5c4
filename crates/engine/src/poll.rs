//! The retrieval loop: one `getMessages` at a time, always one. The server holds it for up to 30 s;
//! an empty answer is normal.

use pipit_wire::WireObject;
use pipit_wire::consumer::{ClientRequest, GetMessagesResponse, Operation};

use crate::start::Stage;
use crate::{Effect, Engine, Failure, Moment, Outcome, RequestId};

/// A poll that has not come back by then is dead: the hold of 30 s and a margin.
const DEADLINE_MS: u64 = 45_000;

/// A server that answers at once with nothing new is not asked again at once.
const EMPTY_PAUSE_MS: u64 = 1_000;

/// So often without an answer between a 404 counts as a passing fault, as while a server restarts.
const NOT_FOUND_TRIES: u32 = 3;

/// The loop: one state, so never two polls.
#[derive(Debug)]
pub(crate) struct Poll {
    state: State,
    failures: u32,
    not_found: u32,
}

#[derive(Debug)]
enum State {
    /// The next poll is due then.
    Due { at: u64 },
    /// A poll is out.
    InFlight { request: RequestId, since: u64 },
}

impl Poll {
    pub(crate) fn due(now: Moment) -> Self {
        Self {
            state: State::Due { at: now.monotonic },
            failures: 0,
            not_found: 0,
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
            State::InFlight { since, .. } => since + DEADLINE_MS,
        }
    }

    /// It is answered, whatever the answer says; for how long it was out.
    fn came_back(&mut self, now: Moment) -> u64 {
        let out = match self.state {
            State::InFlight { since, .. } => now.monotonic.saturating_sub(since),
            State::Due { .. } => 0,
        };
        self.state = State::Due { at: now.monotonic };
        out
    }
}

impl Engine {
    pub(crate) fn turn_poll(&mut self, now: Moment) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        if let State::InFlight { request, since } = live.poll.state
            && now.monotonic >= since + DEADLINE_MS
        {
            self.effects.push_back(Effect::Abort(request));
            self.conversation.connected = false;
            live.poll.state = State::Due { at: now.monotonic };
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
                since: now.monotonic,
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
        live.poll = Poll::due(now);
        self.conversation.connected = true;
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
        self.conversation.connected = false;
    }
}
