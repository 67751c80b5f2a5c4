//! How a conversation comes about: a session from the page, then an engagement from the server.

use pipit_wire::consumer::{
    ClientRequest, Operation, RequestEngagementResponse, ResultType, Survey,
};
use pipit_wire::session::Session;
use pipit_wire::{ClientId, EngagementId, Secret, WireObject};

use crate::conversation::Phase;
use crate::deadline::Deadline;
use crate::endpoint::Endpoint;
use crate::poll::Poll;
use crate::stream::Stream;
use crate::typing::Typing;
use crate::{
    Answers, Authorization, Effect, Engine, Failure, Moment, Outcome, RequestId, SessionReason,
    SessionRefused, SessionWanted,
};

/// A `requestEngagement` that has not come back by then counts as lost. The server's own 408 is
/// faster; this is for a network that says nothing.
const DEADLINE_MS: u64 = 60_000;

/// So long the page may take for a session, in ms.
const SESSION_DEADLINE_MS: u64 = 30_000;

/// What the engine is busy with. [`Phase`] is what of it is drawn.
#[derive(Debug)]
pub(crate) enum Stage {
    /// Nothing; also after a conversation.
    Idle,
    /// The page was asked for a session.
    AwaitingSession(Awaited),
    /// The server was asked for an engagement.
    Requesting(Requesting),
    /// The same, but the visitor has left meanwhile: what comes is ended at once.
    Abandoning(Requesting),
    /// An engagement runs.
    Live(Box<Live>),
}

/// A session that the page was asked for.
#[derive(Debug)]
pub(crate) struct Awaited {
    pub(crate) request: RequestId,
    wanted: SessionWanted,
    pub(crate) deadline: Deadline,
}

/// An engagement that was asked for.
#[derive(Debug)]
pub(crate) struct Requesting {
    pub(crate) request: RequestId,
    /// What the page was asked for the session with which it is asked.
    wanted: SessionWanted,
    endpoint: Endpoint,
    deadline: Deadline,
}

impl Requesting {
    pub(crate) fn wake_at(&self) -> u64 {
        self.deadline.wake_at()
    }
}

/// An engagement that runs.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) endpoint: Endpoint,
    pub(crate) session: Secret,
    pub(crate) engagement_id: EngagementId,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) surveys: Surveys,
    pub(crate) stream: Stream,
    pub(crate) poll: Poll,
    pub(crate) typing: Typing,
}

/// The surveys that `requestEngagement` told of.
#[derive(Debug)]
pub(crate) struct Surveys {
    pub(crate) completed: Option<Survey>,
    pub(crate) cancelled: Option<Survey>,
    pub(crate) delayed: Option<Survey>,
}

impl Engine {
    pub(crate) fn start(&mut self, now: Moment, answers: Answers) {
        match std::mem::replace(&mut self.stage, Stage::Idle) {
            Stage::Abandoning(requesting) => {
                self.conversation.phase = Phase::Starting;
                self.stage = Stage::Requesting(requesting);
            }
            Stage::Idle => {
                if matches!(self.conversation.phase, Phase::Concluded(_)) {
                    self.conversation.transcript.clear();
                }
                self.conversation.phase = Phase::Starting;
                let reason = SessionReason::Start;
                self.get_session(now, SessionWanted { reason, answers });
            }
            running => self.stage = running,
        }
    }

    fn get_session(&mut self, now: Moment, wanted: SessionWanted) {
        let request = self.requests.next();
        self.stage = Stage::AwaitingSession(Awaited {
            request,
            wanted: wanted.clone(),
            deadline: Deadline::new(now, SESSION_DEADLINE_MS),
        });
        self.effects.push_back(Effect::GetSession(request, wanted));
    }

    pub(crate) fn session_came(
        &mut self,
        now: Moment,
        request: RequestId,
        result: Result<Session, SessionRefused>,
    ) {
        match (&self.stage, result) {
            (Stage::AwaitingSession(awaited), Ok(session)) if awaited.request == request => {
                let wanted = awaited.wanted.clone();
                self.request_engagement(now, wanted, &session);
            }
            (Stage::AwaitingSession(awaited), Err(refused)) if awaited.request == request => {
                self.fail(Failure::NoSession(refused));
            }
            _ => {}
        }
    }

    fn request_engagement(&mut self, now: Moment, wanted: SessionWanted, session: &Session) {
        let Some(endpoint) = Endpoint::new(&self.options, session) else {
            self.fail(Failure::NoAddress);
            return;
        };
        let request = self.requests.next();
        self.effects.push_back(Effect::Send(endpoint.request(
            request,
            Operation::RequestEngagement,
            Authorization::Bearer(session.jwt.clone()),
            ClientRequest::default().to_json(),
        )));
        self.stage = Stage::Requesting(Requesting {
            request,
            wanted,
            endpoint,
            deadline: Deadline::new(now, DEADLINE_MS),
        });
    }

    pub(crate) fn advance_start(&mut self, now: Moment) {
        if let Stage::AwaitingSession(awaited) = &mut self.stage
            && awaited.deadline.has_expired(now)
        {
            self.effects.push_back(Effect::Abort(awaited.request));
            self.fail(Failure::NoSession(SessionRefused::Unavailable));
        }
        if let Stage::Requesting(requesting) | Stage::Abandoning(requesting) = &mut self.stage
            && requesting.deadline.has_expired(now)
        {
            self.effects.push_back(Effect::Abort(requesting.request));
            self.engagement_answered(now, &Outcome::Lost);
        }
    }

    pub(crate) fn engagement_answered(&mut self, now: Moment, outcome: &Outcome) {
        match (
            std::mem::replace(&mut self.stage, Stage::Idle),
            read(outcome),
        ) {
            (Stage::Requesting(requesting), Ok(engagement)) => {
                self.begin(now, requesting.endpoint, engagement);
            }
            // A token may have run out on its way: a second one is worth a try, a third is not.
            (Stage::Requesting(requesting), Err(Failure::TokenRefused))
                if requesting.wanted.reason == SessionReason::Start =>
            {
                let wanted = SessionWanted {
                    reason: SessionReason::Rejected,
                    ..requesting.wanted
                };
                self.get_session(now, wanted);
            }
            (Stage::Requesting(_), Err(failure)) => self.fail(failure),
            (Stage::Abandoning(requesting), Ok(engagement)) => {
                self.request_conclusion(now, requesting.endpoint, engagement.session);
            }
            (_, _) => {}
        }
    }

    fn begin(&mut self, now: Moment, endpoint: Endpoint, engagement: Engagement) {
        let Engagement {
            id,
            session,
            answer,
        } = engagement;
        self.forget_former_post();
        self.conversation.begin();
        self.conversation.sneak_preview.begin(
            answer.sneak_preview_state.clone(),
            answer.sneak_preview_interval,
        );
        self.stage = Stage::Live(Box::new(Live {
            endpoint,
            session,
            engagement_id: id,
            client_id: answer.echo.client_id,
            surveys: Surveys {
                completed: answer.completed_survey(),
                cancelled: answer.cancelled_survey(),
                delayed: answer.delayed_survey(),
            },
            stream: Stream::default(),
            poll: Poll::due_now(now),
            typing: Typing::default(),
        }));
    }

    /// Ends in failure; what the visitor has written and was not sent stays where it is, for
    /// trying again sends it.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.abort_running();
        self.stage = Stage::Idle;
        self.conversation.phase = Phase::Failed(failure);
    }

    /// Gives up what the running engagement has asked for, except a post: its outcome is still
    /// worth knowing.
    pub(crate) fn abort_running(&mut self) {
        if let Stage::Live(live) = &self.stage {
            let running = [live.poll.in_flight(), live.typing.in_flight()];
            self.effects
                .extend(running.into_iter().flatten().map(Effect::Abort));
        }
    }
}

/// An engagement that the server has made.
struct Engagement {
    id: EngagementId,
    session: Secret,
    answer: RequestEngagementResponse,
}

/// What the answer of `requestEngagement` means. PAGE 001.
fn read(outcome: &Outcome) -> Result<Engagement, Failure> {
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
        (Some(id), Some(session)) => Ok(Engagement {
            id,
            session,
            answer,
        }),
        _ => Err(Failure::Unreadable),
    }
}
