//! How a conversation starts: the page is asked for a session, then the server for an engagement.

use pipit_wire::consumer::{ClientRequest, Operation, RequestEngagementResponse, ResultType};
use pipit_wire::session::Session;
use pipit_wire::{EngagementId, Secret, WireObject};

use crate::answers::Answers;
use crate::deadline::Deadline;
use crate::effect::{Authorization, RequestId, SessionReason, SessionWanted};
use crate::endpoint::{Endpoint, SessionEndpoint};
use crate::failure::Failure;
use crate::input::{Moment, Outcome, SessionRefused};
use crate::options::Options;
use crate::outgoing::Outgoing;

/// How long `requestEngagement` may take, in ms. The server's own 408 comes earlier; this limit is for a
/// network that does not report anything.
const ENGAGEMENT_DEADLINE_MS: u64 = 60_000;

/// How long the page may take to give a session, in ms.
const SESSION_DEADLINE_MS: u64 = 30_000;

/// A start, in one of its two steps.
#[derive(Debug)]
pub(crate) enum Start {
    /// The page has been asked for a session.
    Session(PendingSession),
    /// The server has been asked for an engagement.
    Engagement(PendingEngagement),
}

/// A session that the page has been asked for.
#[derive(Debug)]
pub(crate) struct PendingSession {
    request: RequestId,
    wanted: SessionWanted,
    deadline: Deadline,
}

/// An engagement that the server has been asked for.
#[derive(Debug)]
pub(crate) struct PendingEngagement {
    request: RequestId,
    /// What the page was asked for to get the session of this request.
    wanted: SessionWanted,
    endpoint: Endpoint,
    deadline: Deadline,
}

/// An engagement that the server has made.
#[derive(Debug)]
pub(crate) struct Engagement {
    pub(crate) id: EngagementId,
    pub(crate) session: SessionEndpoint,
    /// The answer of `requestEngagement`.
    pub(crate) answer: RequestEngagementResponse,
}

/// How far a start has got.
#[derive(Debug)]
#[must_use]
pub(crate) enum StartOutcome {
    /// An answer is still awaited.
    Pending,
    /// The server has made an engagement.
    Started(Box<Engagement>),
    /// There will be no engagement.
    Failed(Failure),
}

impl Start {
    /// Asks the page for a session.
    pub(crate) fn new(now: Moment, answers: Answers, outgoing: &mut Outgoing) -> Self {
        let reason = SessionReason::Start;
        Self::get_session(now, SessionWanted { reason, answers }, outgoing)
    }

    /// Whether this request is the one that awaits an answer.
    pub(crate) fn is(&self, request: RequestId) -> bool {
        match self {
            Self::Session(session) => session.request == request,
            Self::Engagement(engagement) => engagement.is(request),
        }
    }

    /// When to call [`Self::advance`] again.
    pub(crate) fn wake_at(&self) -> u64 {
        match self {
            Self::Session(session) => session.deadline.wake_at(),
            Self::Engagement(engagement) => engagement.wake_at(),
        }
    }

    /// Gives up what has taken too long.
    pub(crate) fn advance(&mut self, now: Moment, outgoing: &mut Outgoing) -> StartOutcome {
        match self {
            Self::Session(session) => {
                if session.deadline.has_expired(now) {
                    outgoing.abort(Some(session.request));
                    return StartOutcome::Failed(Failure::NoSession(SessionRefused::Unavailable));
                }
                StartOutcome::Pending
            }
            Self::Engagement(engagement) => engagement.advance(now, outgoing),
        }
    }

    /// Takes the page's answer and asks the server for an engagement.
    pub(crate) fn session_answered(
        &mut self,
        now: Moment,
        result: Result<Session, SessionRefused>,
        options: &Options,
        outgoing: &mut Outgoing,
    ) -> StartOutcome {
        let Self::Session(PendingSession { wanted, .. }) = self else {
            return StartOutcome::Pending;
        };
        let session = match result {
            Ok(session) => session,
            Err(refused) => return StartOutcome::Failed(Failure::NoSession(refused)),
        };
        let Some(endpoint) = Endpoint::new(options, &session) else {
            return StartOutcome::Failed(Failure::NoAddress);
        };
        let wanted = wanted.clone();
        let request = PendingEngagement::new(now, wanted, endpoint, session.jwt, outgoing);
        *self = Self::Engagement(request);
        StartOutcome::Pending
    }

    /// Takes the server's answer.
    pub(crate) fn engagement_answered(
        &mut self,
        now: Moment,
        outcome: &Outcome,
        outgoing: &mut Outgoing,
    ) -> StartOutcome {
        let Self::Engagement(engagement) = self else {
            return StartOutcome::Pending;
        };
        match engagement.answered(outcome) {
            // The token may have expired on its way. A second one is worth a try, a third one is not.
            StartOutcome::Failed(Failure::TokenRefused)
                if engagement.wanted.reason == SessionReason::Start =>
            {
                let wanted = SessionWanted {
                    reason: SessionReason::Rejected,
                    answers: engagement.wanted.answers.clone(),
                };
                *self = Self::get_session(now, wanted, outgoing);
                StartOutcome::Pending
            }
            outcome => outcome,
        }
    }

    /// The visitor leaves. An engagement that the server has been asked for may be made nevertheless:
    /// its request is returned, and whatever it brings has to be ended.
    pub(crate) fn abandon(self, outgoing: &mut Outgoing) -> Option<PendingEngagement> {
        match self {
            Self::Session(session) => {
                outgoing.abort(Some(session.request));
                None
            }
            Self::Engagement(engagement) => Some(engagement),
        }
    }

    fn get_session(now: Moment, wanted: SessionWanted, outgoing: &mut Outgoing) -> Self {
        Self::Session(PendingSession {
            request: outgoing.get_session(wanted.clone()),
            wanted,
            deadline: Deadline::new(now, SESSION_DEADLINE_MS),
        })
    }
}

impl PendingEngagement {
    fn new(
        now: Moment,
        wanted: SessionWanted,
        endpoint: Endpoint,
        jwt: Secret,
        outgoing: &mut Outgoing,
    ) -> Self {
        let request = outgoing.send(
            &endpoint,
            Operation::RequestEngagement,
            Authorization::Bearer(jwt),
            ClientRequest::default().to_json(),
        );
        Self {
            request,
            wanted,
            endpoint,
            deadline: Deadline::new(now, ENGAGEMENT_DEADLINE_MS),
        }
    }

    /// Whether this is the request.
    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.request == request
    }

    /// When to call [`Self::advance`] again.
    pub(crate) fn wake_at(&self) -> u64 {
        self.deadline.wake_at()
    }

    /// Gives the request up if it takes too long.
    pub(crate) fn advance(&mut self, now: Moment, outgoing: &mut Outgoing) -> StartOutcome {
        if self.deadline.has_expired(now) {
            outgoing.abort(Some(self.request));
            return self.answered(&Outcome::Lost);
        }
        StartOutcome::Pending
    }

    /// Reads the server's answer. PAGE 001.
    pub(crate) fn answered(&self, outcome: &Outcome) -> StartOutcome {
        match self.read(outcome) {
            Ok(engagement) => StartOutcome::Started(Box::new(engagement)),
            Err(failure) => StartOutcome::Failed(failure),
        }
    }

    fn read(&self, outcome: &Outcome) -> Result<Engagement, Failure> {
        let Outcome::Answered { status, body, .. } = outcome else {
            return Err(Failure::Unreachable);
        };
        if *status != 200 {
            return Err(Failure::from_status(*status));
        }
        let answer = RequestEngagementResponse::from_json(body).map_err(|_| Failure::Unreadable)?;
        if answer.result_type != ResultType::Success {
            return Err(Failure::NotStarted(answer.result_type));
        }
        match (answer.engagement_id, answer.session_id.clone()) {
            (Some(id), Some(session_id)) => Ok(Engagement {
                id,
                session: SessionEndpoint {
                    endpoint: self.endpoint.clone(),
                    session_id,
                },
                answer,
            }),
            _ => Err(Failure::Unreadable),
        }
    }
}
