//! The request `concludeEngagement`, which tells the server that the visitor has ended an engagement (a chat
//! at the server). If an attempt fails, the request is sent again, up to four attempts in all. Meanwhile the
//! visitor already sees the conversation as ended, and may have started a new conversation.

use pipit_wire::WireObject;
use pipit_wire::consumer::{ClientRequest, Operation};

use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::input::Moment;
use crate::outgoing::Outgoing;
use crate::reply::Reply;

/// After this many failed attempts, the request is not sent again. The server then ends the engagement by itself,
/// because the visitor no longer polls.
const MAX_ATTEMPTS: u32 = 4;
/// The time after which an attempt without an answer counts as failed, in ms.
const DEADLINE_MS: u64 = 15_000;

/// A `concludeEngagement` that is sent again if it fails.
#[derive(Debug)]
pub(crate) struct ConcludeRequest {
    /// The address of the server and the session id of the engagement to conclude.
    session: SessionEndpoint,
    state: AttemptState,
    /// The number of attempts that have failed.
    failures: u32,
}

/// The state of the next or current attempt. Times are on the monotonic clock, in ms.
#[derive(Debug)]
enum AttemptState {
    /// The next attempt is sent at this time.
    Due { at: u64 },
    /// The attempt was sent at the time `since` and awaits its answer.
    InFlight { request: RequestId, since: u64 },
}

/// Whether the caller must keep the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum ConcludeOutcome {
    /// The request awaits an answer, or is sent again later.
    Pending,
    /// The request has succeeded or was refused, or the final attempt has failed.
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

    /// The address and the session id of the engagement that the request concludes.
    pub(crate) fn session(&self) -> &SessionEndpoint {
        &self.session
    }

    /// Whether the open attempt awaits the answer to this request.
    pub(crate) fn awaits(&self, request: RequestId) -> bool {
        self.in_flight() == Some(request)
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms.
    pub(crate) fn wake_at(&self) -> u64 {
        match self.state {
            AttemptState::Due { at } => at,
            AttemptState::InFlight { since, .. } => since + DEADLINE_MS,
        }
    }

    /// Aborts an attempt that takes too long, which then counts as failed, or sends the next attempt if it is due.
    pub(crate) fn advance(&mut self, now: Moment, outgoing: &mut Outgoing) -> ConcludeOutcome {
        match self.state {
            AttemptState::InFlight { request, since } if now.monotonic >= since + DEADLINE_MS => {
                outgoing.abort(Some(request));
                return self.answered(now, &Reply::Lost, outgoing);
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

    /// Takes the outcome of the open attempt. With no answer or with the status 408, 429 or 5xx, the server may not
    /// have carried out the request, so the attempt has failed. The request is sent again later, up to [`MAX_ATTEMPTS`]
    /// attempts, because the agent should not wait for a visitor who has left. Any other answer ends the request:
    /// either the server has concluded the engagement, or it has refused to, for example because the engagement had
    /// already ended.
    pub(crate) fn answered(
        &mut self,
        now: Moment,
        reply: &Reply<'_>,
        outgoing: &mut Outgoing,
    ) -> ConcludeOutcome {
        let retry_after = match reply {
            Reply::Refusal {
                status: 408 | 429 | 500..=599,
                retry_after,
                ..
            } => *retry_after,
            Reply::Answer(_) | Reply::Refusal { .. } => return ConcludeOutcome::Done,
            Reply::Unexpected(..) | Reply::Lost | Reply::NotSent => None,
        };
        let pause_ms = outgoing.backoff_ms(self.failures, retry_after);
        self.failures += 1;
        if self.failures >= MAX_ATTEMPTS {
            return ConcludeOutcome::Done;
        }
        self.state = AttemptState::Due {
            at: now.monotonic + pause_ms,
        };
        ConcludeOutcome::Pending
    }

    /// Aborts the open attempt, if one is open.
    pub(crate) fn stop(&self, outgoing: &mut Outgoing) {
        outgoing.abort(self.in_flight());
    }

    /// The open attempt; `None` if the next one is not due yet.
    pub(crate) fn in_flight(&self) -> Option<RequestId> {
        match self.state {
            AttemptState::InFlight { request, .. } => Some(request),
            AttemptState::Due { .. } => None,
        }
    }
}
