//! What the outcomes of the engine's parts mean for the conversation.

use pipit_wire::consumer::SystemMessage;
use pipit_wire::session::Session;
use pipit_wire::vocabulary::DisconnectReason;

use super::Engine;
use crate::conclude::{ConcludeOutcome, ConcludeRequest};
use crate::conversation::Conclusion;
use crate::effect::{RequestId, Warning};
use crate::endpoint::SessionEndpoint;
use crate::failure::Failure;
use crate::input::{Moment, Outcome, SessionRefused};
use crate::messages::MessageContext;
use crate::outbox::OutboxOutcome;
use crate::poll::PollOutcome;
use crate::start::{Engagement, StartOutcome};
use crate::state::{Live, Stage};
use crate::typing::TypingOutcome;

impl Engine {
    pub(super) fn advance_start(&mut self, now: Moment) {
        match &mut self.state.stage {
            Stage::Starting(start) => {
                let outcome = start.advance(now, &mut self.outgoing);
                self.start_continued(now, outcome);
            }
            Stage::Abandoning(request) => {
                let outcome = request.advance(now, &mut self.outgoing);
                self.abandoned_start_continued(now, outcome);
            }
            Stage::Idle
            | Stage::StartingElsewhere
            | Stage::Live(_)
            | Stage::Concluded(_)
            | Stage::Failed(_) => {}
        }
    }

    pub(super) fn session_answered(
        &mut self,
        now: Moment,
        request: RequestId,
        result: Result<Session, SessionRefused>,
    ) {
        if let Stage::Starting(start) = &mut self.state.stage
            && start.is(request)
        {
            let outcome = start.session_answered(now, result, &self.options, &mut self.outgoing);
            self.start_continued(now, outcome);
        }
    }

    pub(super) fn engagement_answered(&mut self, now: Moment, outcome: &Outcome) {
        if let Stage::Starting(start) = &mut self.state.stage {
            let outcome = start.engagement_answered(now, outcome, &mut self.outgoing);
            self.start_continued(now, outcome);
        }
    }

    fn start_continued(&mut self, now: Moment, outcome: StartOutcome) {
        match outcome {
            StartOutcome::Pending => {}
            StartOutcome::Started(engagement) => self.begin(now, *engagement),
            StartOutcome::Failed(failure) => self.state.stage = Stage::Failed(failure),
        }
    }

    pub(super) fn abandoned_start_answered(&mut self, now: Moment, outcome: &Outcome) {
        if let Stage::Abandoning(request) = &self.state.stage {
            let outcome = request.answered(outcome);
            self.abandoned_start_continued(now, outcome);
        }
    }

    /// Concludes an engagement that the server has made although the visitor left.
    fn abandoned_start_continued(&mut self, now: Moment, outcome: StartOutcome) {
        match outcome {
            StartOutcome::Pending => {}
            StartOutcome::Started(engagement) => {
                self.state.stage = Stage::Idle;
                self.request_conclusion(now, engagement.session);
            }
            StartOutcome::Failed(_) => self.state.stage = Stage::Idle,
        }
    }

    /// Goes live with an engagement that the server has made. No agent has joined it yet.
    fn begin(&mut self, now: Moment, engagement: Engagement) {
        let transcript = &mut self.state.transcript;
        self.outbox.begin_engagement(transcript, &mut self.outgoing);
        transcript.begin_engagement();
        self.state.sneak_preview.begin(
            engagement.answer.sneak_preview_state.clone(),
            engagement.answer.sneak_preview_interval,
        );
        self.state.stage = Stage::Live(Box::new(Live::new(now, engagement)));
    }

    pub(super) fn poll_answered(&mut self, now: Moment, outcome: &Outcome) {
        let Some(live) = self.state.stage.live_mut() else {
            return;
        };
        let absent_limit_ms = self.options.absent_limit_ms;
        match live
            .poll
            .answered(now, outcome, absent_limit_ms, &mut self.outgoing)
        {
            PollOutcome::Messages {
                messages,
                was_immediate,
            } => self.messages_received(now, messages, was_immediate),
            PollOutcome::Retry => {}
            PollOutcome::SessionLost => self.lose_session(),
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
        if was_immediate && !outcome.has_news {
            live.poll.pause(now);
        }
        if let Some(reason) = outcome.concluded
            && let Stage::Live(live) = std::mem::take(&mut self.state.stage)
        {
            self.conclude(&live, reason);
        }
    }

    pub(super) fn typing_answered(&mut self, now: Moment, outcome: &Outcome) {
        let Some(live) = self.state.stage.live_mut() else {
            return;
        };
        match live.typing.answered(now, outcome, &mut self.outgoing) {
            TypingOutcome::Taken { body } => self.state.sneak_preview.read_answer(body),
            TypingOutcome::NotTaken => {}
        }
    }

    /// Takes the answer to a post. It may also arrive after the end of its engagement.
    pub(super) fn post_answered(&mut self, now: Moment, outcome: &Outcome) {
        let can_post_later = self.state.stage.can_post_later();
        let transcript = &mut self.state.transcript;
        match self
            .outbox
            .answered(now, outcome, can_post_later, transcript, &mut self.outgoing)
        {
            OutboxOutcome::Continue => {}
            OutboxOutcome::SessionLost => self.lose_session(),
        }
    }

    pub(super) fn advance_conclude_request(&mut self, now: Moment) {
        if let Some(concluding) = &mut self.state.conclude_request {
            let outcome = concluding.advance(now, &mut self.outgoing);
            self.conclude_continued(outcome);
        }
    }

    pub(super) fn conclude_answered(&mut self, now: Moment, outcome: &Outcome) {
        if let Some(concluding) = &mut self.state.conclude_request {
            let outcome = concluding.answered(now, outcome, &mut self.outgoing);
            self.conclude_continued(outcome);
        }
    }

    fn conclude_continued(&mut self, outcome: ConcludeOutcome) {
        match outcome {
            ConcludeOutcome::Pending => {}
            ConcludeOutcome::Done => self.state.conclude_request = None,
        }
    }

    /// Asks the server to conclude an engagement. If an earlier one is still being concluded, that was
    /// long ago, and the server will notice its end by itself.
    pub(super) fn request_conclusion(&mut self, now: Moment, session: SessionEndpoint) {
        let request = ConcludeRequest::new(now, session);
        if let Some(earlier) = self.state.conclude_request.replace(request) {
            earlier.stop(&mut self.outgoing);
        }
    }

    /// Ends the conversation for this reason. Messages that wait are not sent.
    pub(super) fn conclude(&mut self, live: &Live, reason: DisconnectReason) {
        live.stop(&mut self.outgoing);
        self.outbox.fail_waiting(&mut self.state.transcript);
        let lead = live.participants.lead();
        let survey = live.surveys.offered(&reason, lead.is_some());
        let link = survey.and_then(|survey| self.options.survey.link(survey, live.engagement_id));
        if survey.is_some() && link.is_none() {
            self.outgoing.warn(Warning::SurveyAddressRefused);
        }
        self.state.stage = Stage::Concluded(Conclusion {
            engagement_id: live.engagement_id,
            reason,
            agent: lead.cloned(),
            survey: link,
            survey_by_mail: live.surveys.delayed.is_some(),
        });
    }

    /// Fails, because the server no longer knows the session of the running engagement. Messages that wait
    /// stay in the outbox, because the next start sends them.
    fn lose_session(&mut self) {
        if let Stage::Live(live) = &self.state.stage {
            live.stop(&mut self.outgoing);
            self.state.stage = Stage::Failed(Failure::SessionLost);
        }
    }
}
