//! Starts a conversation: asks the page (the web page that contains the widget) for a session, then the server
//! for an engagement (a chat at the server).
//!
//! Two things are called a session. The *page session* ([`Session`]) comes from the page and contains a
//! token, which authorizes the request for the engagement (`requestEngagement`). The *session id* comes from
//! the server with the engagement, and authorizes every later request.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use pipit_wire::consumer::{ClientRequest, Operation, RequestEngagementResponse, ResultType};
use pipit_wire::session::Session;
use pipit_wire::{EngagementId, Secret, UnexpectedBody, WireObject};

use crate::deadline::Deadline;
use crate::effect::{Authorization, RequestId, SessionReason, SessionRequest};
use crate::endpoint::{Endpoint, SessionEndpoint};
use crate::failure::Failure;
use crate::form_answers::FormAnswers;
use crate::input::{Moment, SessionRefused};
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::reply::Reply;

/// The time that `requestEngagement` may take, in ms. A server that is too slow answers with 408 before
/// this time. The limit is needed if the network reports neither an answer nor an error.
const ENGAGEMENT_DEADLINE_MS: u64 = 60_000;

/// The time that the page may take to supply a session, in ms. After this time the start fails.
const PAGE_SESSION_DEADLINE_MS: u64 = 30_000;

/// The maximum length of a session id, in bytes. Each request sends it in a header, and a tab stores it.
const MAX_SESSION_ID_BYTES: usize = 8_192;

/// A start, in one of its two steps.
#[derive(Debug)]
pub(crate) enum Start {
    /// The page has been asked for a session.
    PageSession(PendingPageSession),
    /// The server has been asked for an engagement.
    Engagement(PendingEngagement),
}

/// A request to the page for a session.
#[derive(Debug)]
pub(crate) struct PendingPageSession {
    request: RequestId,
    session_request: SessionRequest,
    deadline: Deadline,
}

/// A request to the server for an engagement.
#[derive(Debug)]
pub(crate) struct PendingEngagement {
    request: RequestId,
    /// The request to which the page answered with the session for this engagement. If the server refuses the
    /// session's token, the page is asked again, with the same answers of the visitor.
    session_request: SessionRequest,
    endpoint: Endpoint,
    deadline: Deadline,
}

/// An engagement that the server has made.
#[derive(Debug)]
pub(crate) struct Engagement {
    pub(crate) id: EngagementId,
    /// The server's address and the session id: what later requests need.
    pub(crate) session: SessionEndpoint,
    /// The server's answer to `requestEngagement`.
    pub(crate) answer: RequestEngagementResponse,
}

/// The progress of a start.
#[derive(Debug)]
#[must_use]
pub(crate) enum StartOutcome {
    /// An answer is still awaited.
    Pending,
    /// The server has made an engagement.
    Started(Box<Engagement>),
    /// The start has failed.
    Failed {
        failure: Failure,
        /// The session of an engagement that the server has made, and whose answer cannot be used. The caller must
        /// conclude it, so that the visitor does not stay in the queue. `None` if no engagement is known.
        unusable: Option<Box<SessionEndpoint>>,
    },
}

impl StartOutcome {
    /// A start that has failed, and that has made no engagement.
    fn failed(failure: Failure) -> Self {
        Self::Failed {
            failure,
            unusable: None,
        }
    }
}

impl Start {
    /// Asks the page for a session.
    pub(crate) fn new(now: Moment, form_answers: FormAnswers, outgoing: &mut Outgoing) -> Self {
        let session_request = SessionRequest {
            reason: SessionReason::Start,
            form_answers,
        };
        Self::get_page_session(now, session_request, outgoing)
    }

    /// Whether this start awaits the answer to this request.
    pub(crate) fn awaits(&self, request: RequestId) -> bool {
        match self {
            Self::PageSession(pending) => pending.request == request,
            Self::Engagement(pending) => pending.awaits(request),
        }
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms.
    pub(crate) fn wake_at(&self) -> u64 {
        match self {
            Self::PageSession(pending) => pending.deadline.wake_at(),
            Self::Engagement(pending) => pending.wake_at(),
        }
    }

    /// If the deadline of the current step has passed, aborts the step's request and fails. The check may first
    /// extend the deadline by a grace period (see [`Deadline::has_expired`]).
    pub(crate) fn advance(&mut self, now: Moment, outgoing: &mut Outgoing) -> StartOutcome {
        match self {
            Self::PageSession(pending) => {
                if pending.deadline.has_expired(now) {
                    outgoing.abort(Some(pending.request));
                    return StartOutcome::failed(Failure::NoSession(SessionRefused::Unavailable));
                }
                StartOutcome::Pending
            }
            Self::Engagement(pending) => pending.advance(now, outgoing),
        }
    }

    /// Takes the page's answer. If the answer is a session, asks the server for an engagement. Fails if the page
    /// has refused the session, or if the host or the site is missing in both the options and the session.
    pub(crate) fn page_session_answered(
        &mut self,
        now: Moment,
        result: Result<Session, SessionRefused>,
        options: &Options,
        outgoing: &mut Outgoing,
    ) -> StartOutcome {
        let Self::PageSession(PendingPageSession {
            session_request, ..
        }) = self
        else {
            return StartOutcome::Pending;
        };
        let page_session = match result {
            Ok(page_session) => page_session,
            Err(refused) => return StartOutcome::failed(Failure::NoSession(refused)),
        };
        let Some(endpoint) = Endpoint::new(options, &page_session) else {
            return StartOutcome::failed(Failure::NoAddress);
        };
        *self = Self::Engagement(PendingEngagement::new(
            now,
            session_request.clone(),
            endpoint,
            page_session.jwt,
            outgoing,
        ));
        StartOutcome::Pending
    }

    /// Takes the server's answer to `requestEngagement`. If the server refuses the token, asks the page
    /// for another session, at most once per start.
    pub(crate) fn engagement_answered(
        &mut self,
        now: Moment,
        reply: Reply<'_>,
        outgoing: &mut Outgoing,
    ) -> StartOutcome {
        let Self::Engagement(pending) = self else {
            return StartOutcome::Pending;
        };
        match pending.answered(reply) {
            // The token may have expired before it reached the server.
            StartOutcome::Failed {
                failure: Failure::TokenRefused,
                ..
            } if pending.session_request.reason == SessionReason::Start => {
                let session_request = SessionRequest {
                    reason: SessionReason::Rejected,
                    form_answers: pending.session_request.form_answers.clone(),
                };
                *self = Self::get_page_session(now, session_request, outgoing);
                StartOutcome::Pending
            }
            start_outcome => start_outcome,
        }
    }

    /// Stops the start, because the visitor leaves. A request to the page is aborted. A request to the
    /// server is returned instead, because the server may make the engagement nevertheless. The caller
    /// must wait for the answer, and then either use the engagement for a new start or conclude it.
    pub(crate) fn abandon(self, outgoing: &mut Outgoing) -> Option<PendingEngagement> {
        match self {
            Self::PageSession(pending) => {
                outgoing.abort(Some(pending.request));
                None
            }
            Self::Engagement(pending) => Some(pending),
        }
    }

    /// Asks the page for a session, as the first step or again after the server has refused the token.
    fn get_page_session(
        now: Moment,
        session_request: SessionRequest,
        outgoing: &mut Outgoing,
    ) -> Self {
        Self::PageSession(PendingPageSession {
            request: outgoing.get_session(session_request.clone()),
            session_request,
            deadline: Deadline::new(now, PAGE_SESSION_DEADLINE_MS),
        })
    }
}

impl PendingEngagement {
    /// Sends `requestEngagement`. The token of the page session (`jwt`) authorizes it.
    fn new(
        now: Moment,
        session_request: SessionRequest,
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
            session_request,
            endpoint,
            deadline: Deadline::new(now, ENGAGEMENT_DEADLINE_MS),
        }
    }

    /// Whether the answer to this request is awaited.
    pub(crate) fn awaits(&self, request: RequestId) -> bool {
        self.request == request
    }

    /// The id of the request.
    pub(crate) fn request(&self) -> RequestId {
        self.request
    }

    /// What the visitor had filled in before this start.
    pub(crate) fn form_answers(&self) -> &FormAnswers {
        &self.session_request.form_answers
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms.
    pub(crate) fn wake_at(&self) -> u64 {
        self.deadline.wake_at()
    }

    /// If the deadline of the request has passed, aborts the request and fails. The check may first extend the
    /// deadline by a grace period (see [`Deadline::has_expired`]).
    pub(crate) fn advance(&mut self, now: Moment, outgoing: &mut Outgoing) -> StartOutcome {
        if self.deadline.has_expired(now) {
            outgoing.abort(Some(self.request));
            return self.answered(Reply::Lost);
        }
        StartOutcome::Pending
    }

    /// Takes the end of the request: the server's answer (PAGE 001), or the lack of an answer.
    pub(crate) fn answered(&self, reply: Reply<'_>) -> StartOutcome {
        let answer = match reply {
            Reply::Answer(members) => members.into_object::<RequestEngagementResponse>(),
            Reply::Refusal { status, .. } => {
                return StartOutcome::failed(Failure::from_status(status));
            }
            Reply::Unexpected(kind, body) => {
                return StartOutcome::Failed {
                    failure: Failure::UnexpectedBody(kind),
                    unusable: self.unusable(session_id_of_cut_answer(body)),
                };
            }
            Reply::Lost | Reply::NotSent => return StartOutcome::failed(Failure::Unreachable),
        };
        let Ok(answer) = answer else {
            return StartOutcome::failed(Failure::UnexpectedBody(UnexpectedBody::OtherJson));
        };
        let session = answer.session_id.clone().filter(is_of_usual_length);
        match (answer.result_type.clone(), answer.engagement_id, session) {
            (ResultType::Success, Some(id), Some(session_id)) => {
                let session = self.session(session_id);
                StartOutcome::Started(Box::new(Engagement {
                    id,
                    session,
                    answer,
                }))
            }
            (ResultType::Success, _, session_id) => StartOutcome::Failed {
                failure: Failure::UnexpectedBody(UnexpectedBody::OtherJson),
                unusable: self.unusable(session_id),
            },
            // The visitor already has an engagement, perhaps in another browser. It goes on there.
            (result @ ResultType::ExistingSession, ..) => {
                StartOutcome::failed(Failure::NotStarted(result))
            }
            (result, _, session_id) => StartOutcome::Failed {
                failure: Failure::NotStarted(result),
                unusable: self.unusable(session_id),
            },
        }
    }

    /// The address of the server and this session id.
    fn session(&self, session_id: Secret) -> SessionEndpoint {
        SessionEndpoint {
            endpoint: self.endpoint.clone(),
            session_id,
        }
    }

    /// The session of an engagement whose answer cannot be used; `None` without a session id.
    fn unusable(&self, session_id: Option<Secret>) -> Option<Box<SessionEndpoint>> {
        Some(Box::new(self.session(session_id?)))
    }
}

/// Whether a session id can be sent in a header and stored.
fn is_of_usual_length(session_id: &Secret) -> bool {
    session_id.reveal().len() <= MAX_SESSION_ID_BYTES
}

/// The session id in an answer whose end is missing. `None` if the text does not report a success, or if it ends before
/// the session id is complete.
fn session_id_of_cut_answer(body: &str) -> Option<Secret> {
    let (_, rest) = body
        .split_once("\"SUCCESS\"")?
        .1
        .split_once("\"sessionId\"")?;
    let text = rest.trim_start().strip_prefix(':')?.trim_start();
    let (session_id, _) = text.strip_prefix('"')?.split_once('"')?;
    let is_plain = !session_id.is_empty() && !session_id.contains('\\');
    let session_id = is_plain.then(|| Secret::new(session_id));
    session_id.filter(is_of_usual_length)
}
