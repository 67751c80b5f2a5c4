//! What still has to be ended at the server after the conversation was *forgotten*: nothing of it is shown or stored any
//! more, because the visitor leaves a shared computer. The session ids here are only in memory, so what the server has
//! not confirmed when the page ends is lost. The server then ends the engagement (a chat at the server) by itself,
//! because nobody polls.

use pipit_wire::consumer::Operation;

use crate::abandoned::AbandonedStart;
use crate::conclude::ConcludeRequest;
use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::input::Moment;
use crate::outgoing::Outgoing;
use crate::reply::Reply;

/// The engagements that this engine still ends for forgotten conversations.
#[derive(Debug, Default)]
pub(crate) struct ForgottenEngagements {
    /// They are not in the state of the conversation, because the next start must not use an engagement of somebody else.
    open: Vec<AbandonedStart>,
}

impl ForgottenEngagements {
    /// Takes over a start that was left.
    pub(crate) fn keep_abandoning(&mut self, start: AbandonedStart) {
        self.open.push(start);
    }

    /// Takes over a request that concludes an engagement, unless such a request for the same engagement is open.
    pub(crate) fn keep_concluding(&mut self, request: ConcludeRequest) {
        let session_id = &request.session().session_id;
        let is_open = self.open.iter().any(
            |it| matches!(it, AbandonedStart::Conclusion(it) if it.session().session_id == *session_id),
        );
        if !is_open {
            self.open.push(AbandonedStart::Conclusion(request));
        }
    }

    /// Concludes the engagement of this session.
    pub(crate) fn conclude(&mut self, now: Moment, session: SessionEndpoint) {
        self.keep_concluding(ConcludeRequest::new(now, session));
    }

    /// The operation of this request; `None` if its answer is not awaited here.
    pub(crate) fn operation_of(&self, request: RequestId) -> Option<Operation> {
        let mut open = self.open.iter();
        open.find(|it| it.awaits(request))
            .map(AbandonedStart::operation)
    }

    /// The requests whose answers are awaited here.
    pub(crate) fn open_requests(&self) -> impl Iterator<Item = RequestId> {
        self.open.iter().filter_map(AbandonedStart::open_request)
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms. `None` if nothing has to
    /// be ended.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.open.iter().map(AbandonedStart::wake_at).min()
    }

    /// Sends what is due, and gives up what takes too long.
    pub(crate) fn advance(&mut self, now: Moment, outgoing: &mut Outgoing) {
        let open = std::mem::take(&mut self.open).into_iter();
        self.open = open.filter_map(|it| it.advance(now, outgoing)).collect();
    }

    /// Takes the answer to a request for which [`Self::operation_of`] returns an operation.
    pub(crate) fn answered(
        &mut self,
        now: Moment,
        request: RequestId,
        reply: Reply<'_>,
        outgoing: &mut Outgoing,
    ) {
        if let Some(index) = self.open.iter().position(|it| it.awaits(request)) {
            let remaining = self.open.remove(index).answered(now, reply, outgoing);
            self.open.extend(remaining);
        }
    }
}
