//! Changes the conversation according to the outcomes that the engine's parts return. This module is a child
//! of `engine`, which calls these functions for each answer and after each input.
//!
//! The page supplies a *session* with a token, which authorizes the start of a conversation. The *session id*
//! comes from the server with the engagement (a chat at the server), and authorizes every later request. The *sneak
//! preview* shows the agent what the visitor is typing.

use pipit_wire::consumer::SystemMessage;
use pipit_wire::session::Session;
use pipit_wire::vocabulary::DisconnectReason;

use super::Engine;
use crate::abandoned::AbandonedStart;
use crate::conclude::{ConcludeOutcome, ConcludeRequest};
use crate::conversation::Conclusion;
use crate::effect::{RequestId, Warning};
use crate::endpoint::SessionEndpoint;
use crate::failure::Failure;
use crate::input::{Moment, Outcome, SessionRefused};
use crate::messages::MessageContext;
use crate::outbox::OutboxOutcome;
use crate::poll::{PollFailure, PollOutcome};
use crate::reply::Reply;
use crate::start::{Engagement, Start, StartOutcome};
use crate::state::{Live, Stage};
use crate::typing::TypingOutcome;

impl Engine {
    /// Advances the current start.
    pub(super) fn advance_start(&mut self, now: Moment) {
        match &mut self.state.stage {
            Stage::Starting(start) => {
                let outcome = start.advance(now, &mut self.outgoing);
                self.apply_start_outcome(now, outcome);
            }
            Stage::Idle
            | Stage::StartingElsewhere
            | Stage::Live(_)
            | Stage::Concluded(_)
            | Stage::Failed(_) => {}
        }
    }

    /// Takes the answer of the page (the web page that contains the widget) to a request for a session. The
    /// answer is ignored if no start awaits it.
    pub(super) fn session_answered(
        &mut self,
        now: Moment,
        request: RequestId,
        result: Result<Session, SessionRefused>,
    ) {
        if let Stage::Starting(start) = &mut self.state.stage
            && start.awaits(request)
        {
            let outcome =
                start.page_session_answered(now, result, &self.options, &mut self.outgoing);
            self.apply_start_outcome(now, outcome);
        }
    }

    /// Takes the server's answer to `requestEngagement`.
    pub(super) fn engagement_answered(&mut self, now: Moment, reply: Reply<'_>) {
        if let Stage::Starting(start) = &mut self.state.stage {
            let outcome = start.engagement_answered(now, reply, &mut self.outgoing);
            self.apply_start_outcome(now, outcome);
        }
    }

    fn apply_start_outcome(&mut self, now: Moment, outcome: StartOutcome) {
        match outcome {
            StartOutcome::Pending => {}
            StartOutcome::Started(engagement) => self.go_live(now, *engagement),
            StartOutcome::Failed { failure, unusable } => {
                self.state.stage = Stage::Failed(failure);
                if let Some(session) = unusable {
                    self.request_conclusion(now, *session);
                }
            }
        }
    }

    /// Leaves a start. If its request for an engagement is open, its answer is still awaited, so that an engagement that
    /// the server makes nevertheless is concluded. An earlier start that was left is no longer awaited.
    pub(super) fn abandon(&mut self, start: Start) {
        if let Some(pending) = start.abandon(&mut self.outgoing) {
            let earlier = self.abandoned.replace(AbandonedStart::Engagement(pending));
            if let Some(AbandonedStart::Engagement(pending)) = earlier {
                self.outgoing.abort(Some(pending.request()));
            }
        }
    }

    /// Advances a start that was left: acts on deadlines, and sends what is due. A tab that does not lead calls this
    /// too.
    pub(crate) fn advance_abandoned(&mut self, now: Moment) {
        if let Some(left) = self.abandoned.take() {
            self.abandoned = left.advance(now, &mut self.outgoing);
        }
    }

    /// Takes the end of a request of a start that was left, or of one that ends the engagement of a forgotten conversation.
    /// Does nothing if neither awaits it.
    pub(crate) fn abandoned_answered(
        &mut self,
        now: Moment,
        request: RequestId,
        outcome: &Outcome,
    ) {
        if let Some(operation) = self.forgotten.operation_of(request) {
            let reply = self.read(operation, outcome);
            self.forgotten
                .answered(now, request, reply, &mut self.outgoing);
        }
        if let Some(left) = self.abandoned.take_if(|left| left.awaits(request)) {
            let reply = self.read(left.operation(), outcome);
            self.abandoned = left.answered(now, reply, &mut self.outgoing);
        }
    }

    /// Sets the stage to live with an engagement that the server has made. No agent has joined it yet. Messages
    /// that the visitor wrote during the start are posted in this engagement.
    fn go_live(&mut self, now: Moment, engagement: Engagement) {
        let transcript = &mut self.state.transcript;
        self.outbox.begin_engagement(transcript, &mut self.outgoing);
        transcript.begin_engagement();
        self.state.sneak_preview.begin(
            engagement.answer.sneak_preview_state.clone(),
            engagement.answer.sneak_preview_interval,
        );
        self.state.stage = Stage::Live(Box::new(Live::new(now, engagement)));
    }

    /// Takes the server's answer to a poll.
    pub(super) fn poll_answered(&mut self, now: Moment, reply: Reply<'_>) {
        let Some(live) = self.state.stage.live_mut() else {
            return;
        };
        // After this time without a successful poll (`None`: after the default time), the engagement counts as lost.
        let absent_limit_ms = self.options.absent_limit_ms;
        match live
            .poll
            .answered(now, reply, absent_limit_ms, &mut self.outgoing)
        {
            PollOutcome::Messages {
                messages,
                was_immediate,
            } => self.messages_received(now, messages, was_immediate),
            PollOutcome::Failed(failure) => self.poll_failed(now, failure),
        }
    }

    /// Advances the poll of the running engagement.
    pub(super) fn advance_poll(&mut self, now: Moment) {
        if let Stage::Live(live) = &mut self.state.stage {
            let absent_limit_ms = self.options.absent_limit_ms;
            let failure =
                live.poll
                    .advance(now, &live.session, absent_limit_ms, &mut self.outgoing);
            if let Some(failure) = failure {
                self.poll_failed(now, failure);
            }
        }
    }

    /// Tells the visitor if messages may have been lost with a poll, and ends the conversation if the session is lost.
    fn poll_failed(&mut self, now: Moment, failure: PollFailure) {
        if let Some(live) = self.state.stage.live_mut()
            && failure.may_have_carried
        {
            live.note_gap(now, &mut self.state.transcript);
        }
        if failure.is_session_lost {
            self.lose_session();
        }
    }

    fn messages_received(
        &mut self,
        now: Moment,
        messages: Vec<SystemMessage>,
        was_immediate: bool,
    ) {
        let Some(live) = self.state.stage.live_mut() else {
            return;
        };
        let mut context = MessageContext {
            options: &self.options,
            transcript: &mut self.state.transcript,
            sneak_preview: &mut self.state.sneak_preview,
            outgoing: &mut self.outgoing,
        };
        let outcome = live.take_messages(now, messages, &mut context);
        // The server has answered at once, with nothing new. Without this pause, the next poll would be sent and
        // answered at once too, again and again.
        if was_immediate && !outcome.has_new_messages {
            live.poll.pause(now);
        }
        if let Some(reason) = outcome.concluded
            && let Stage::Live(live) = std::mem::take(&mut self.state.stage)
        {
            self.conclude_locally(now, &live, reason);
        }
    }

    /// Takes the server's answer to a typing signal.
    pub(super) fn typing_answered(&mut self, now: Moment, reply: Reply<'_>) {
        let Some(live) = self.state.stage.live_mut() else {
            return;
        };
        match live.typing.answered(now, reply, &mut self.outgoing) {
            // The answer may contain new settings of the sneak preview.
            TypingOutcome::Taken(answer) => self.state.sneak_preview.take_answer(answer),
            TypingOutcome::NotTaken => {}
        }
    }

    /// Takes the server's answer to a posted message. The answer may also arrive after the engagement
    /// has ended.
    pub(super) fn post_answered(&mut self, now: Moment, reply: &Reply<'_>) {
        let can_post_later = self.state.stage.can_post_later();
        let transcript = &mut self.state.transcript;
        match self
            .outbox
            .answered(now, reply, can_post_later, transcript, &mut self.outgoing)
        {
            OutboxOutcome::Continue => {}
            OutboxOutcome::SessionLost => self.lose_session(),
        }
    }

    /// Advances the request that concludes an earlier engagement.
    pub(super) fn advance_conclude_request(&mut self, now: Moment) {
        if let Some(concluding) = &mut self.state.conclude_request {
            let outcome = concluding.advance(now, &mut self.outgoing);
            self.apply_conclude_outcome(outcome);
        }
    }

    /// Takes the server's answer to `concludeEngagement`.
    pub(super) fn conclude_answered(&mut self, now: Moment, reply: &Reply<'_>) {
        if let Some(concluding) = &mut self.state.conclude_request {
            let outcome = concluding.answered(now, reply, &mut self.outgoing);
            self.apply_conclude_outcome(outcome);
        }
    }

    fn apply_conclude_outcome(&mut self, outcome: ConcludeOutcome) {
        match outcome {
            ConcludeOutcome::Pending => {}
            ConcludeOutcome::Done => self.state.conclude_request = None,
        }
    }

    /// Asks the server to conclude an engagement, with a request that is repeated if it fails. The state of
    /// the conversation does not change: see [`Self::conclude_locally`]. Only one request to conclude is kept.
    /// If the request to conclude an earlier engagement is still open, it is aborted, and the server ends that
    /// engagement by itself because the visitor no longer polls.
    pub(super) fn request_conclusion(&mut self, now: Moment, session: SessionEndpoint) {
        let request = ConcludeRequest::new(now, session);
        if let Some(earlier) = self.state.conclude_request.replace(request) {
            earlier.stop(&mut self.outgoing);
        }
    }

    /// Ends the conversation in this engine, for this reason. Open requests of the engagement are aborted, except a
    /// post. The server is not told: see [`Self::request_conclusion`]. The messages that wait in the outbox become
    /// failed.
    pub(super) fn conclude_locally(&mut self, now: Moment, live: &Live, reason: DisconnectReason) {
        live.stop(&mut self.outgoing);
        self.outbox.fail_waiting(&mut self.state.transcript);
        let agent_name = live.participants.main_agent_name();
        let had_agent = agent_name.is_some();
        let survey = live.surveys.offered(&reason, had_agent);
        let link = survey.and_then(|survey| self.options.survey.link(survey, live.engagement_id));
        if survey.is_some() && link.is_none() {
            self.outgoing.warn(Warning::SurveyAddressRefused);
        }
        self.state.stage = Stage::Concluded(Conclusion {
            engagement_id: live.engagement_id,
            at: now.wall,
            reason,
            agent: agent_name.cloned(),
            survey: link,
            survey_by_mail: live.surveys.delayed.is_some(),
        });
    }

    /// Sets the stage to failed, if an engagement runs. The server no longer accepts its session id, or the server has
    /// been unreachable for so long that it must have ended the engagement. The messages that wait stay in the outbox,
    /// and are posted in the next engagement.
    fn lose_session(&mut self) {
        if let Stage::Live(live) = &self.state.stage {
            live.stop(&mut self.outgoing);
            self.state.stage = Stage::Failed(Failure::SessionLost);
        }
    }
}
