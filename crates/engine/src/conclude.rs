//! Telling the server that the visitor has ended an engagement: `concludeEngagement`, repeated until
//! the server has taken it. For the visitor the conversation is over already, and a new one may run
//! meanwhile.

use pipit_wire::WireObject;
use pipit_wire::consumer::{ClientRequest, Operation};

use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::input::{Moment, Outcome};
use crate::outgoing::Outgoing;

/// After this many attempts the server is left to notice the end by itself.
const MAX_ATTEMPTS: u32 = 4;
/// How long one attempt may take, in ms.
const DEADLINE_MS: u64 = 15_000;

/// A `concludeEngagement` that is repeated until the server has taken it.
#[derive(Debug)]
pub(crate) struct ConcludeRequest {
    session: SessionEndpoint,
    state: AttemptState,
    failures: u32,
}

#[derive(Debug)]
enum AttemptState {
    Due { at: u64 },
    InFlight { request: RequestId, since: u64 },
}

/// Whether the request is still needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum ConcludeOutcome {
    /// It is open, or repeated later.
    Pending,
    /// The server has taken it, or it is given up.
    Done,
}

impl ConcludeRequest {
    /// A request that is due at once.
    pub(crate) fn new(now: Moment, session: SessionEndpoint) -> Self {
        Self {
            session,
            state: AttemptState::Due { at: now.monotonic },
            failures: 0,
        }
    }

    /// The session that is being ended.
    pub(crate) fn session(&self) -> &SessionEndpoint {
        &self.session
    }

    /// Whether this request is the open attempt.
    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.in_flight() == Some(request)
    }

    /// When to call [`Self::advance`] again.
    pub(crate) fn wake_at(&self) -> u64 {
        match self.state {
            AttemptState::Due { at } => at,
            AttemptState::InFlight { since, .. } => since + DEADLINE_MS,
        }
    }

    /// Gives up an attempt that takes too long, and makes the next one when it is due.
    pub(crate) fn advance(&mut self, now: Moment, outgoing: &mut Outgoing) -> ConcludeOutcome {
        match self.state {
            AttemptState::InFlight { request, since } if now.monotonic >= since + DEADLINE_MS => {
                outgoing.abort(Some(request));
                return self.answered(now, &Outcome::Lost, outgoing);
            }
            AttemptState::Due { at } if now.monotonic >= at => {
                let body = ClientRequest::default().to_json();
                let operation = Operation::ConcludeEngagement;
                self.state = AttemptState::InFlight {
                    request: outgoing.send_in_session(&self.session, operation, body),
                    since: now.monotonic,
                };
            }
            AttemptState::InFlight { .. } | AttemptState::Due { .. } => {}
        }
        ConcludeOutcome::Pending
    }

    /// Takes the answer to the open attempt. An attempt that may not have arrived is repeated, because
    /// the agent should not wait for a visitor who has left. Any other refusal is final: the engagement
    /// was over already.
    pub(crate) fn answered(
        &mut self,
        now: Moment,
        outcome: &Outcome,
        outgoing: &mut Outgoing,
    ) -> ConcludeOutcome {
        let retry_after = match outcome {
            Outcome::Answered {
                status: 408 | 429 | 500..=599,
                retry_after,
                ..
            } => *retry_after,
            Outcome::Answered { .. } => return ConcludeOutcome::Done,
            Outcome::Lost | Outcome::NotSent => None,
        };
        self.failures += 1;
        if self.failures >= MAX_ATTEMPTS {
            return ConcludeOutcome::Done;
        }
        let wait_ms = outgoing.backoff_ms(self.failures, retry_after);
        self.state = AttemptState::Due {
            at: now.monotonic + wait_ms,
        };
        ConcludeOutcome::Pending
    }

    /// Gives up the open attempt.
    pub(crate) fn stop(&self, outgoing: &mut Outgoing) {
        outgoing.abort(self.in_flight());
    }

    fn in_flight(&self) -> Option<RequestId> {
        match self.state {
            AttemptState::InFlight { request, .. } => Some(request),
            AttemptState::Due { .. } => None,
        }
    }
}
