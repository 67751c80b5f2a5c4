//! How a conversation ends: by the stream, or by the visitor, of which the server is then told.

use pipit_wire::Secret;
use pipit_wire::WireObject;
use pipit_wire::consumer::{ClientRequest, Operation};
use pipit_wire::vocabulary::DisconnectReason;

use crate::conversation::{Conclusion, Phase};
use crate::endpoint::Endpoint;
use crate::start::{Live, Stage};
use crate::{Content, Effect, Engine, Moment, Notice, Outcome, RequestId, Warning};

/// So often the server is told of an end before it is left to notice by itself.
const TRIES: u32 = 4;
/// A `concludeEngagement` that has not come back by then counts as lost.
const DEADLINE_MS: u64 = 15_000;

/// The server is being told that the visitor has ended the engagement.
#[derive(Debug)]
pub(crate) struct ConcludeRequest {
    pub(crate) endpoint: Endpoint,
    pub(crate) session: Secret,
    state: State,
    failures: u32,
}

#[derive(Debug)]
enum State {
    Due { at: u64 },
    InFlight { request: RequestId, since: u64 },
}

impl ConcludeRequest {
    pub(crate) fn wake_at(&self) -> u64 {
        match self.state {
            State::Due { at } => at,
            State::InFlight { since, .. } => since + DEADLINE_MS,
        }
    }

    fn in_flight(&self) -> Option<RequestId> {
        match self.state {
            State::InFlight { request, .. } => Some(request),
            State::Due { .. } => None,
        }
    }
}

impl Engine {
    /// The visitor ends the conversation, or leaves before it began.
    pub(crate) fn end(&mut self, now: Moment) {
        match std::mem::replace(&mut self.stage, Stage::Idle) {
            Stage::AwaitingSession(awaited) => {
                self.effects.push_back(Effect::Abort(awaited.request));
                self.leave();
            }
            Stage::Requesting(requesting) => {
                self.leave();
                self.stage = Stage::Abandoning(requesting);
            }
            Stage::Live(live) => {
                let (endpoint, session) = (live.endpoint.clone(), live.session.clone());
                self.stage = Stage::Live(live);
                let reason = DisconnectReason::EndUserConcluded;
                let over = Content::Notice(Notice::Concluded(reason.clone()));
                self.conversation.add(now.wall, None, over);
                self.conclude(reason);
                self.request_conclusion(now, endpoint, session);
            }
            other => self.stage = other,
        }
    }

    /// Back to the beginning; what was written for this conversation has nobody to go to.
    fn leave(&mut self) {
        self.conversation.phase = Phase::Idle;
        self.outbox.give_up(&mut self.conversation);
    }

    /// The conversation is over, for this reason.
    pub(crate) fn conclude(&mut self, reason: DisconnectReason) {
        self.abort_running();
        let Stage::Live(live) = std::mem::replace(&mut self.stage, Stage::Idle) else {
            return;
        };
        self.outbox.give_up(&mut self.conversation);
        let conclusion = self.conclusion(&live, reason);
        self.conversation.phase = Phase::Concluded(conclusion);
    }

    fn conclusion(&mut self, live: &Live, reason: DisconnectReason) -> Conclusion {
        let agent = live.stream.lead.clone();
        let survey = match Offered::after(&reason, agent.is_some()) {
            Offered::Completed => live.surveys.completed.as_ref(),
            Offered::Cancelled => live.surveys.cancelled.as_ref(),
            Offered::None => None,
        };
        let link = survey.and_then(|survey| self.options.survey.link(survey, live.engagement_id));
        if survey.is_some() && link.is_none() {
            self.effects
                .push_back(Effect::Warn(Warning::SurveyAddressRefused));
        }
        Conclusion {
            engagement_id: live.engagement_id,
            reason,
            agent,
            survey: link,
            survey_by_mail: live.surveys.delayed.is_some(),
        }
    }

    /// Has the server told of an end. If it is still being told of an earlier one, that was long
    /// ago: the server notices by itself.
    pub(crate) fn request_conclusion(&mut self, now: Moment, endpoint: Endpoint, session: Secret) {
        let former = self.ending.replace(ConcludeRequest {
            endpoint,
            session,
            state: State::Due { at: now.monotonic },
            failures: 0,
        });
        let out = former.and_then(|former| former.in_flight());
        self.effects.extend(out.map(Effect::Abort));
    }

    pub(crate) fn advance_conclude_request(&mut self, now: Moment) {
        let Some(ending) = &mut self.ending else {
            return;
        };
        match ending.state {
            State::InFlight { request, since } if now.monotonic >= since + DEADLINE_MS => {
                self.effects.push_back(Effect::Abort(request));
                self.end_answered(now, request, &Outcome::Lost);
            }
            State::Due { at } if now.monotonic >= at => {
                let request = self.requests.next();
                self.effects
                    .push_back(Effect::Send(ending.endpoint.session_request(
                        request,
                        Operation::ConcludeEngagement,
                        &ending.session,
                        ClientRequest::default().to_json(),
                    )));
                let since = now.monotonic;
                ending.state = State::InFlight { request, since };
            }
            State::InFlight { .. } | State::Due { .. } => {}
        }
    }

    /// Told, or refused for good (the engagement was over already): done. Otherwise once more, as
    /// the agent should not wait for a visitor who has left.
    pub(crate) fn end_answered(&mut self, now: Moment, request: RequestId, outcome: &Outcome) {
        let Some(ending) = &mut self.ending else {
            return;
        };
        if ending.in_flight() != Some(request) {
            return;
        }
        let retry_after = match outcome {
            Outcome::Answered {
                status: 408 | 429 | 500..=599,
                retry_after,
                ..
            } => *retry_after,
            Outcome::Answered { .. } => {
                self.ending = None;
                return;
            }
            Outcome::Lost | Outcome::NotSent => None,
        };
        ending.failures += 1;
        if ending.failures >= TRIES {
            self.ending = None;
            return;
        }
        let wait = self.jitter.wait(ending.failures, retry_after);
        ending.state = State::Due {
            at: now.monotonic + wait,
        };
    }
}

/// Which of the two surveys is offered at an end. PAGE 001: *completed* when either side completed
/// the chat, *cancelled* when the visitor abandoned or cancelled it. Which reasons count as
/// abandoned is INFERRED: leaving before an agent came, or falling silent. Who was put out, or
/// waited in vain, is not asked how it was.
enum Offered {
    Completed,
    Cancelled,
    None,
}

impl Offered {
    fn after(reason: &DisconnectReason, attended: bool) -> Self {
        match reason {
            DisconnectReason::AgentConcluded => Self::Completed,
            DisconnectReason::EndUserConcluded if attended => Self::Completed,
            DisconnectReason::EndUserConcluded
            | DisconnectReason::IdleTimeout
            | DisconnectReason::ParticipantLeft => Self::Cancelled,
            DisconnectReason::None
            | DisconnectReason::QueueTimeout
            | DisconnectReason::Ejected
            | DisconnectReason::TransferredToQueue
            | DisconnectReason::NoAgentsAvailable
            | DisconnectReason::Unknown(_) => Self::None,
        }
    }
}
