//! A start that was left while its request for an engagement (a chat at the server) was open: the visitor left, the page
//! was suspended, or another tab took the lead. The server may make the engagement nevertheless. The visitor would then
//! wait in the queue without knowing it, so the engagement is concluded as soon as the server's answer names it.
//!
//! An abandoned start is not part of the conversation: it goes on although the tab shows another conversation meanwhile,
//! and also in a tab that does not lead, because no other tab can learn of the engagement.

use crate::conclude::{ConcludeOutcome, ConcludeRequest};
use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::form_answers::FormAnswers;
use crate::input::Moment;
use crate::outgoing::Outgoing;
use crate::reply::Reply;
use crate::start::{PendingEngagement, StartOutcome};
use pipit_wire::consumer::Operation;

/// A start that was left, in one of its two steps.
#[derive(Debug)]
pub(crate) enum AbandonedStart {
    /// The answer to the request for the engagement is awaited.
    Engagement(PendingEngagement),
    /// The engagement is being concluded.
    Conclusion(ConcludeRequest),
}

impl AbandonedStart {
    /// Whether this start awaits the answer to this request.
    pub(crate) fn awaits(&self, request: RequestId) -> bool {
        match self {
            Self::Engagement(pending) => pending.awaits(request),
            Self::Conclusion(concluding) => concluding.awaits(request),
        }
    }

    /// The operation of the request that is open or sent next.
    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::Engagement(_) => Operation::RequestEngagement,
            Self::Conclusion(_) => Operation::ConcludeEngagement,
        }
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms.
    pub(crate) fn wake_at(&self) -> u64 {
        match self {
            Self::Engagement(pending) => pending.wake_at(),
            Self::Conclusion(concluding) => concluding.wake_at(),
        }
    }

    /// The request that is open; `None` if the next request is not due yet.
    pub(crate) fn open_request(&self) -> Option<RequestId> {
        match self {
            Self::Engagement(pending) => Some(pending.request()),
            Self::Conclusion(concluding) => concluding.in_flight(),
        }
    }

    /// Whether a new start with these form answers can go on with the open request. With other answers it cannot, because
    /// the page has made its session for the earlier ones.
    pub(crate) fn fits(&self, form_answers: &FormAnswers) -> bool {
        matches!(self, Self::Engagement(pending) if pending.form_answers() == form_answers)
    }

    /// Acts on deadlines that have passed, and sends what is due. Returns what remains to be done; `None` if nothing.
    pub(crate) fn advance(mut self, now: Moment, outgoing: &mut Outgoing) -> Option<Self> {
        match &mut self {
            Self::Engagement(pending) => {
                let outcome = pending.advance(now, outgoing);
                self.after_engagement(now, outcome, outgoing)
            }
            Self::Conclusion(concluding) => match concluding.advance(now, outgoing) {
                ConcludeOutcome::Pending => Some(self),
                ConcludeOutcome::Done => None,
            },
        }
    }

    /// Takes the end of the open request. Returns what remains to be done; `None` if nothing.
    pub(crate) fn answered(
        mut self,
        now: Moment,
        reply: Reply<'_>,
        outgoing: &mut Outgoing,
    ) -> Option<Self> {
        match &mut self {
            Self::Engagement(pending) => {
                let outcome = pending.answered(reply);
                self.after_engagement(now, outcome, outgoing)
            }
            Self::Conclusion(concluding) => match concluding.answered(now, &reply, outgoing) {
                ConcludeOutcome::Pending => Some(self),
                ConcludeOutcome::Done => None,
            },
        }
    }

    /// Concludes the engagement that the server has made, if it has made one.
    fn after_engagement(
        self,
        now: Moment,
        outcome: StartOutcome,
        outgoing: &mut Outgoing,
    ) -> Option<Self> {
        let session: SessionEndpoint = match outcome {
            StartOutcome::Pending => return Some(self),
            StartOutcome::Started(engagement) => engagement.session,
            StartOutcome::Failed { unusable, .. } => *unusable?,
        };
        Self::Conclusion(ConcludeRequest::new(now, session)).advance(now, outgoing)
    }
}
