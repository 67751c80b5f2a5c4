//! The retrieval loop: one `getMessages` at a time, always one. The server holds it for up to 30 s;
//! an empty answer is normal.

use pipit_wire::WireObject;
use pipit_wire::consumer::{ClientRequest, GetMessagesResponse, Operation};

use crate::start::Stage;
use crate::{Effect, Engine, Failure, Moment, Outcome, RequestId};

/// A poll that has not come back by then is dead: the hold of 30 s and a margin.
const DEADLINE_MS: u64 = 45_000;

/// A server that answers at once with nothing is not asked again at once.
const EMPTY_PAUSE_MS: u64 = 1_000;

/// So often in a row a 404 counts as a passing fault, as while a server restarts.
const NOT_FOUND_TRIES: u32 = 3;

/// The loop: one state, so never two polls.
#[derive(Debug)]
pub(crate) struct Poll {
    state: State,
    failures: u32,
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
            live.poll.failures += 1;
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
        match outcome {
            Outcome::Answered {
                status: 200, body, ..
            } => match GetMessagesResponse::from_json(body) {
                Ok(batch) => self.batch_came(now, batch),
                Err(_) => self.poll_failed(now, None),
            },
            Outcome::Answered {
                status: 401 | 403, ..
            } => self.fail(Failure::SessionLost),
            Outcome::Answered {
                status: 404 | 410,
                retry_after,
                ..
            } => {
                self.poll_failed(now, *retry_after);
                if let Stage::Live(live) = &self.stage
                    && live.poll.failures > NOT_FOUND_TRIES
                {
                    self.fail(Failure::SessionLost);
                }
            }
            Outcome::Answered { retry_after, .. } => self.poll_failed(now, *retry_after),
            Outcome::Lost | Outcome::NotSent => self.poll_failed(now, None),
        }
    }

    fn batch_came(&mut self, now: Moment, batch: GetMessagesResponse) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let at_once = matches!(live.poll.state, State::InFlight { since, .. }
            if now.monotonic < since + EMPTY_PAUSE_MS);
        let pause = if batch.system_messages.is_empty() && at_once {
            EMPTY_PAUSE_MS
        } else {
            0
        };
        live.poll = Poll {
            state: State::Due {
                at: now.monotonic + pause,
            },
            failures: 0,
        };
        self.conversation.connected = true;
        self.take_messages(now, batch.system_messages);
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
