//! The loop that retrieves messages. While an engagement (a chat at the server) runs, exactly one `getMessages` request
//! (a *poll*) is open or due. The server answers a poll as soon as it has a message. If it has none for 30 s, it sends
//! an empty answer, which is no failure.
//!
//! A poll can be repeated without harm, so polls go on while the server cannot be reached. They show whether it can be
//! reached ([`Poll::connection`]).

use pipit_wire::WireObject;
use pipit_wire::consumer::{ClientRequest, GetMessagesResponse, Operation, SystemMessage};

use crate::conversation::Connection;
use crate::deadline::Deadline;
use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::input::Moment;
use crate::outgoing::Outgoing;
use crate::reply::{Reply, is_web_page};

/// The time that a poll may take, in ms: the 30 s for which the server holds it, and a margin. A successful poll also
/// shows for this time that the server can be reached, unless polls fail meanwhile.
const DEADLINE_MS: u64 = 45_000;

/// The pause before the next poll, in ms, after the server has answered at once and without new messages. An answer
/// that took less than this time counts as an answer at once.
const EMPTY_PAUSE_MS: u64 = 1_000;

/// Up to this many refusals that may pass count as failures since the most recent success. One more means that the
/// session is lost. These refusals are 404 and 410, for example while the server restarts, and 401 and 403 with a web
/// page as the body, which a proxy or the network's sign-in page may send in the server's place.
const MAX_TRANSIENT_REFUSALS: u32 = 3;

/// The longest pause that the server can demand with the header `Retry-After`, in ms. The visitor waits for messages,
/// and the server ends a chat without polls.
const MAX_DEMANDED_PAUSE_MS: u64 = 30_000;

/// After this many failures in a row, the server counts as unreachable. A poll that is not answered by its deadline
/// makes the server count as unreachable at once.
const UNREACHABLE_AFTER_FAILURES: u32 = 2;

/// A poll that has been open for this long, in ms, counts as held by a server that can be reached. If the
/// network were down, the poll would have failed at once.
const HELD_AFTER_MS: u64 = 3_000;

/// The server ends a chat if the visitor has not polled for some time, by default 120 s. After twice that
/// time without a successful poll, in ms, the session counts as lost. The options may set another limit.
const DEFAULT_ABSENT_LIMIT_MS: u64 = 240_000;

/// If no poll has succeeded for too long, the session counts as lost only if at least this many polls in a row have
/// failed. After the machine has slept for a long time, the first polls may fail only because the network is not ready.
const MIN_FAILURES_BEFORE_LOSS: u32 = 3;

/// The loop that polls. It has exactly one state, so two polls are never open at the same time.
#[derive(Debug)]
pub(crate) struct Poll {
    state: PollState,
    connection: Connection,
    /// The number of failures since the most recent success.
    failures: u32,
    /// The number of refusals that may pass (see [`MAX_TRANSIENT_REFUSALS`]) since the most recent success.
    transient_refusals: u32,
    /// The time of the most recent success (an answer that is no refusal); before the first success, the time at which
    /// the loop was made.
    last_success: Moment,
    /// Whether the most recent failure came within [`HELD_AFTER_MS`], as without a network. A poll that stays open longer
    /// then shows that the network is back. If polls fail by their deadline, an open poll shows nothing.
    has_failed_at_once: bool,
    /// When an open poll last showed that the network is back, on the monotonic clock, in ms; `None` if none has shown it
    /// since the most recent success.
    held_at: Option<u64>,
}

/// Whether a poll is open.
#[derive(Debug)]
enum PollState {
    /// The next poll is due at this time, on the monotonic clock, in ms.
    Due {
        at: u64,
        /// Whether the server demands the pause until then (`Retry-After`).
        is_demanded: bool,
    },
    /// A poll was sent at the time `since` and has not ended.
    InFlight {
        request: RequestId,
        since: Moment,
        deadline: Deadline,
    },
}

/// What the end of a poll, with or without an answer, means for the engagement.
#[derive(Debug)]
#[must_use]
pub(crate) enum PollOutcome {
    /// The server sent these messages.
    Messages {
        messages: Vec<SystemMessage>,
        /// Whether the answer took less than [`EMPTY_PAUSE_MS`]: the server did not hold the poll. If this is
        /// true and no message is new, the caller must call [`Poll::pause`]. Without that call, polls would
        /// follow each other without a pause.
        was_immediate: bool,
    },
    /// The poll failed.
    Failed(PollFailure),
}

/// What a failed poll means for the engagement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct PollFailure {
    /// Whether the server may have answered the poll with messages, which are lost then: the API has no way to ask for
    /// an answer again.
    pub(crate) may_have_carried: bool,
    /// Whether the session is lost: the server refuses the session id or no longer knows it, or must have ended the
    /// chat, because no poll has succeeded for too long. Otherwise the poll is repeated later.
    pub(crate) is_session_lost: bool,
}

impl Poll {
    /// A loop whose first poll is due at once.
    pub(crate) fn due_now(now: Moment) -> Self {
        Self::restored(now, Connection::Asking)
    }

    /// A loop whose first poll is due at once, with the connection as it was in a snapshot.
    pub(crate) fn restored(now: Moment, connection: Connection) -> Self {
        Self {
            state: PollState::due_at(now.monotonic),
            connection,
            failures: 0,
            transient_refusals: 0,
            last_success: now,
            has_failed_at_once: false,
            held_at: None,
        }
    }

    /// Whether the server can be reached, as far as the polls show.
    pub(crate) fn connection(&self) -> Connection {
        self.connection
    }

    /// Whether the open poll awaits the answer to this request.
    pub(crate) fn awaits(&self, request: RequestId) -> bool {
        self.in_flight() == Some(request)
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms.
    pub(crate) fn wake_at(&self) -> u64 {
        let at = match self.state {
            PollState::Due { at, .. } => at,
            PollState::InFlight { deadline, .. } => deadline.wake_at(),
        };
        // `advance` must also be called when the server stops counting as reachable, and when it counts as reachable again.
        let times = [self.connected_until(), self.held_from()];
        times.into_iter().flatten().fold(at, u64::min)
    }

    /// The time from which the open poll shows that a lost connection is back, on the monotonic clock, in ms; `None` if it
    /// cannot show that.
    fn held_from(&self) -> Option<u64> {
        match self.state {
            PollState::InFlight { since, .. }
                if self.connection == Connection::Lost && self.has_failed_at_once =>
            {
                Some(since.monotonic + HELD_AFTER_MS)
            }
            PollState::InFlight { .. } | PollState::Due { .. } => None,
        }
    }

    /// The time until which the server counts as reachable, on the monotonic clock, in ms. `None` if it
    /// does not count as reachable now.
    pub(crate) fn connected_until(&self) -> Option<u64> {
        let shown_at = self.last_success.monotonic.max(self.held_at.unwrap_or(0));
        (self.connection == Connection::Connected).then(|| shown_at + DEADLINE_MS)
    }

    /// The earliest time at which a request that must not be sent twice may be sent, on the monotonic clock, in ms. It
    /// is 0 (now) unless the server counts as unreachable. Otherwise it is the time at which the open poll will have
    /// been open for [`HELD_AFTER_MS`]; `None` if no poll is open.
    pub(crate) fn sendable_from(&self) -> Option<u64> {
        if self.connection != Connection::Lost {
            return Some(0);
        }
        match self.state {
            PollState::InFlight { since, .. } => Some(since.monotonic + HELD_AFTER_MS),
            PollState::Due { .. } => None,
        }
    }

    /// Ends a pause that the server has not demanded, so that the next poll is due now. An open poll stays open, because aborting it would lose the
    /// messages that the server may be sending. If it was sent [`DEADLINE_MS`] ago or earlier and is still open,
    /// because the machine slept, it is awaited for only a short grace period more. If no poll has succeeded for
    /// [`DEADLINE_MS`], it is again unknown whether the server can be reached.
    pub(crate) fn wake(&mut self, now: Moment) {
        match &mut self.state {
            PollState::Due {
                at,
                is_demanded: false,
            } => *at = now.monotonic,
            PollState::InFlight {
                since, deadline, ..
            } if now.since(*since) >= DEADLINE_MS => deadline.bring_forward(now),
            PollState::InFlight { .. } | PollState::Due { .. } => {}
        }
        if now.since(self.last_success) >= DEADLINE_MS {
            self.connection = Connection::Asking;
        }
    }

    /// Aborts a poll whose deadline has passed, and sends the next poll when it is due. Updates the connection if a
    /// deadline has passed, or if the most recent success is too old. Returns the failure of a poll that was aborted;
    /// if the session is lost, sends nothing. `absent_limit_ms`: see [`Self::answered`].
    pub(crate) fn advance(
        &mut self,
        now: Moment,
        session: &SessionEndpoint,
        absent_limit_ms: Option<u64>,
        outgoing: &mut Outgoing,
    ) -> Option<PollFailure> {
        // Whether the most recent success is too old to show that the server can be reached.
        let is_success_outdated = self
            .connected_until()
            .is_some_and(|until| now.monotonic >= until);
        let mut failure = None;
        if let PollState::InFlight {
            request, deadline, ..
        } = &mut self.state
            && deadline.has_expired(now)
        {
            outgoing.abort(Some(*request));
            self.connection = Connection::Lost;
            self.failures += 1;
            self.has_failed_at_once = false;
            self.state = PollState::due_at(now.monotonic);
            failure = Some(PollFailure {
                may_have_carried: true,
                is_session_lost: self.was_absent_too_long(now, absent_limit_ms),
            });
        } else if is_success_outdated {
            self.connection = match self.failures {
                0 => Connection::Asking,
                _ => Connection::Lost,
            };
        }
        if self.held_from().is_some_and(|from| now.monotonic >= from) {
            self.connection = Connection::Connected;
            self.held_at = Some(now.monotonic);
            // One poll shows it only once.
            self.has_failed_at_once = false;
        }
        if let PollState::Due { at, .. } = self.state
            && now.monotonic >= at
            && failure.is_none_or(|failure| !failure.is_session_lost)
        {
            let body = ClientRequest::default().to_json();
            self.state = PollState::InFlight {
                request: outgoing.send_in_session(session, Operation::GetMessages, body),
                since: now,
                deadline: Deadline::new(now, DEADLINE_MS),
            };
        }
        failure
    }

    /// Takes the outcome of the open poll. The session is lost after a refusal with 401 or 403, after more than
    /// [`MAX_TRANSIENT_REFUSALS`] refusals that may pass, or if no poll has succeeded for `absent_limit_ms` and at
    /// least [`MIN_FAILURES_BEFORE_LOSS`] polls in a row have failed. If `absent_limit_ms` is `None`,
    /// [`DEFAULT_ABSENT_LIMIT_MS`] holds.
    pub(crate) fn answered(
        &mut self,
        now: Moment,
        reply: Reply<'_>,
        absent_limit_ms: Option<u64>,
        outgoing: &mut Outgoing,
    ) -> PollOutcome {
        let open_ms = match self.state {
            PollState::InFlight { since, .. } => now.monotonic.saturating_sub(since.monotonic),
            PollState::Due { .. } => 0,
        };
        self.state = PollState::due_at(now.monotonic);
        let may_have_carried = reply.may_have_carried();
        let retry_after = match reply {
            Reply::Answer(members) => {
                // All members of the answer are optional, so that reading it cannot fail.
                let batch: GetMessagesResponse = members.into_object().unwrap_or_default();
                // The success resets all counts and makes the next poll due at once, as in a restored loop.
                *self = Self::restored(now, Connection::Connected);
                return PollOutcome::Messages {
                    messages: batch.system_messages,
                    was_immediate: open_ms < EMPTY_PAUSE_MS,
                };
            }
            Reply::Refusal {
                status,
                retry_after,
                body,
            } => {
                match status {
                    401 | 403 if !is_web_page(body) => {
                        return PollOutcome::Failed(PollFailure {
                            may_have_carried,
                            is_session_lost: true,
                        });
                    }
                    401 | 403 | 404 | 410 => self.transient_refusals += 1,
                    _ => {}
                }
                retry_after
            }
            Reply::Unexpected(..) | Reply::Lost | Reply::NotSent => None,
        };
        self.has_failed_at_once = open_ms < HELD_AFTER_MS;
        self.note_failure(now, retry_after, outgoing);
        PollOutcome::Failed(PollFailure {
            may_have_carried,
            is_session_lost: self.transient_refusals > MAX_TRANSIENT_REFUSALS
                || self.was_absent_too_long(now, absent_limit_ms),
        })
    }

    /// Delays the next poll, because the server answered at once and without new messages.
    pub(crate) fn pause(&mut self, now: Moment) {
        self.state = PollState::due_at(now.monotonic + EMPTY_PAUSE_MS);
    }

    /// Aborts the open poll, if one is open, because the engagement ends.
    pub(crate) fn stop(&self, outgoing: &mut Outgoing) {
        outgoing.abort(self.in_flight());
    }

    /// Counts a failure, and makes the next poll due after a pause. After [`UNREACHABLE_AFTER_FAILURES`] failures, the
    /// server counts as unreachable. If the server demands the pause (`retry_after`, in ms), it can be reached and
    /// accepts other requests, but the visitor is not connected meanwhile.
    fn note_failure(&mut self, now: Moment, retry_after: Option<u64>, outgoing: &mut Outgoing) {
        let demanded_ms = retry_after.map(|pause_ms| pause_ms.min(MAX_DEMANDED_PAUSE_MS));
        let pause_ms = outgoing.backoff_ms(self.failures, demanded_ms);
        self.failures += 1;
        self.state = PollState::Due {
            at: now.monotonic + pause_ms,
            is_demanded: demanded_ms.is_some(),
        };
        if demanded_ms.is_some() {
            self.connection = Connection::Asking;
        } else if self.failures >= UNREACHABLE_AFTER_FAILURES {
            self.connection = Connection::Lost;
        }
    }

    /// Whether enough polls in a row have failed, and no poll has succeeded for so long that the server must have ended
    /// the chat. The server ends it because the visitor seems absent.
    fn was_absent_too_long(&self, now: Moment, limit_ms: Option<u64>) -> bool {
        self.failures >= MIN_FAILURES_BEFORE_LOSS
            && now.since(self.last_success) > limit_ms.unwrap_or(DEFAULT_ABSENT_LIMIT_MS)
    }

    fn in_flight(&self) -> Option<RequestId> {
        match self.state {
            PollState::InFlight { request, .. } => Some(request),
            PollState::Due { .. } => None,
        }
    }
}

impl PollState {
    /// The next poll is due at this time (on the monotonic clock, in ms), or earlier if the page is woken.
    fn due_at(at: u64) -> Self {
        Self::Due {
            at,
            is_demanded: false,
        }
    }
}
