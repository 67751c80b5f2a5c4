//! The visitor's messages on their way: in order, one in flight. A message whose answer was lost
//! becomes *unknown* and is never sent again unasked, for the server takes repeated text for abuse.

use std::collections::VecDeque;
use std::rc::Rc;

use pipit_wire::consumer::{MessagePosted, Operation, PostMessageRequest};
use pipit_wire::{ExceptionCode, Fields, Refusal, WireObject};

use crate::conversation::{Conversation, Phase};
use crate::deadline::Deadline;
use crate::start::Stage;
use crate::transcript::{Content, Delivery, PostFailure};
use crate::{Answers, Effect, Engine, EntryId, Failure, Moment, Outcome, RequestId};

/// A post that has not come back by then counts as lost.
const DEADLINE_MS: u64 = 30_000;

/// The messages that are not settled. Their texts and states are the transcript's.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: VecDeque<EntryId>,
    in_flight: Option<Post>,
    /// Not before then; after a server that asked for deadline.
    pause_until: Option<u64>,
    failures: u32,
}

#[derive(Debug)]
struct Post {
    request: RequestId,
    entry: EntryId,
    deadline: Deadline,
}

impl Outbox {
    /// The messages that wait, in their order.
    pub(crate) fn with_waiting(waiting: impl Iterator<Item = EntryId>) -> Self {
        Self {
            waiting: waiting.collect(),
            ..Self::default()
        }
    }

    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.in_flight
            .as_ref()
            .is_some_and(|post| post.request == request)
    }

    /// When something is to be done, given from when on the server is reached.
    pub(crate) fn wake_at(&self, sendable_from: Option<u64>) -> Option<u64> {
        match &self.in_flight {
            Some(post) => Some(post.deadline.wake_at()),
            None if self.waiting.is_empty() => None,
            None => self.next_at(sendable_from).filter(|at| *at > 0),
        }
    }

    /// From when on the next message may leave.
    fn next_at(&self, sendable_from: Option<u64>) -> Option<u64> {
        Some(sendable_from?.max(self.pause_until.unwrap_or(0)))
    }

    /// Takes back all that has not left, as the conversation is over.
    pub(crate) fn give_up(&mut self, conversation: &mut Conversation) {
        while let Some((entry, _)) = self.next(conversation) {
            conversation.set_delivery(entry, Delivery::Failed(PostFailure::Over));
        }
    }

    /// Takes out the next message; what the stream has settled while it waited is passed over.
    fn next(&mut self, conversation: &Conversation) -> Option<(EntryId, Rc<str>)> {
        while let Some(entry) = self.waiting.pop_front() {
            if let Some((text, Delivery::Queued)) = conversation.visitor_message(entry) {
                return Some((entry, text));
            }
        }
        None
    }
}

impl Conversation {
    /// The visitor's own message in the stream is the proof that it arrived. Whether the server
    /// sends it is not known; where it does, nothing is shown twice.
    pub(crate) fn confirm_echo(&mut self, posted: &MessagePosted) {
        let of_id = posted.message_id.as_deref().and_then(entry_of);
        let unsettled = |entry: &EntryId| {
            matches!(
                self.visitor_message(*entry),
                Some((text, Delivery::Sending | Delivery::Unknown)) if *text == *posted.body
            )
        };
        let of_text = || self.transcript.iter().map(|entry| entry.id).find(unsettled);
        if let Some(entry) = of_id.or_else(of_text) {
            self.set_delivery(entry, Delivery::Accepted);
        }
    }
}

/// `messageId` of an entry; [`entry_of`] reads it back.
fn message_id(entry: EntryId) -> String {
    entry.0.to_string()
}

fn entry_of(message_id: &str) -> Option<EntryId> {
    message_id.parse().ok().map(EntryId)
}

impl Engine {
    pub(crate) fn write(&mut self, now: Moment, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if matches!(self.stage, Stage::Idle | Stage::Abandoning(_)) {
            self.start(now, Answers::default());
        }
        let content = Content::Visitor {
            text: text.into(),
            delivery: Delivery::Queued,
        };
        let entry = self.conversation.add(now.wall, None, content);
        self.outbox.waiting.push_back(entry);
        if let Stage::Live(live) = &mut self.stage {
            live.typing.posted();
        }
    }

    /// Shows what was written elsewhere, and does not send it.
    pub(crate) fn show_unsent(&mut self, now: Moment, text: &str, delivery: Delivery) {
        let content = Content::Visitor {
            text: text.trim().into(),
            delivery,
        };
        self.conversation.add(now.wall, None, content);
        self.save();
    }

    pub(crate) fn send_again(&mut self, entry: EntryId) {
        let unsettled = matches!(
            self.conversation.visitor_message(entry),
            Some((_, Delivery::Unknown | Delivery::Failed(_)))
        );
        if unsettled && self.conversation.phase.is_live() {
            self.conversation.set_delivery(entry, Delivery::Queued);
            self.outbox.waiting.push_back(entry);
        }
    }

    pub(crate) fn discard(&mut self, entry: EntryId) {
        let failed = matches!(
            self.conversation.visitor_message(entry),
            Some((_, Delivery::Failed(_)))
        );
        if failed {
            self.conversation.remove(entry);
        }
    }

    pub(crate) fn advance_outbox(&mut self, now: Moment) {
        if let Some(post) = &mut self.outbox.in_flight
            && post.deadline.has_expired(now)
        {
            self.give_up_post();
        }
        let next_at = self.outbox.next_at(self.sendable_from());
        if self.outbox.in_flight.is_none() && next_at.is_some_and(|at| now.monotonic >= at) {
            self.outbox.pause_until = None;
            self.post_next(now);
        }
    }

    /// The answer to a post of the former engagement would tell nothing of the one that begins.
    pub(crate) fn forget_former_post(&mut self) {
        self.give_up_post();
        self.outbox.pause_until = None;
        self.outbox.failures = 0;
    }

    fn give_up_post(&mut self) {
        if let Some(post) = &self.outbox.in_flight {
            self.effects.push_back(Effect::Abort(post.request));
            self.post_settled(Delivery::Unknown);
        }
    }

    fn post_next(&mut self, now: Moment) {
        let Stage::Live(live) = &self.stage else {
            return;
        };
        let Some((entry, text)) = self.outbox.next(&self.conversation) else {
            return;
        };
        let request = self.requests.next();
        let body = PostMessageRequest {
            body: text.as_ref().to_owned(),
            message_id: Some(message_id(entry)),
            off_the_record: None,
            rich_text: None,
            message_data_map: None,
            client: pipit_wire::consumer::ClientRequest::default(),
            unknown: Fields::default(),
        };
        self.effects
            .push_back(Effect::Send(live.endpoint.session_request(
                request,
                Operation::PostMessage,
                &live.session,
                body.to_json(),
            )));
        self.conversation.set_delivery(entry, Delivery::Sending);
        self.outbox.in_flight = Some(Post {
            request,
            entry,
            deadline: Deadline::new(now, DEADLINE_MS),
        });
    }

    pub(crate) fn post_answered(&mut self, now: Moment, outcome: &Outcome) {
        match outcome {
            Outcome::Answered {
                status: 200..=299, ..
            } => {
                self.outbox.failures = 0;
                self.post_settled(Delivery::Accepted);
            }
            Outcome::Answered {
                status: 401 | 403, ..
            } => {
                self.post_not_taken();
                if matches!(self.stage, Stage::Live(_)) {
                    self.fail(Failure::SessionLost);
                }
            }
            Outcome::Answered {
                status: 409, body, ..
            } => {
                let failure = conflict(body);
                self.post_settled(Delivery::Failed(failure));
                if failure == PostFailure::TakenForAbuse {
                    self.outbox.give_up(&mut self.conversation);
                }
            }
            Outcome::Answered {
                status: 429 | 503,
                retry_after,
                ..
            } => {
                self.post_postponed(now, *retry_after);
            }
            Outcome::NotSent => self.post_postponed(now, None),
            Outcome::Answered {
                status: 400..=407 | 410..=499,
                ..
            } => {
                self.post_settled(Delivery::Failed(PostFailure::Refused));
            }
            Outcome::Answered { .. } | Outcome::Lost => self.post_settled(Delivery::Unknown),
        }
    }

    fn post_settled(&mut self, delivery: Delivery) {
        let Some(post) = self.outbox.in_flight.take() else {
            return;
        };
        let settled_by_stream = matches!(
            self.conversation.visitor_message(post.entry),
            Some((_, Delivery::Accepted))
        );
        if !settled_by_stream {
            self.conversation.set_delivery(post.entry, delivery);
        }
    }

    /// Not now, says the server; when the pause is over, it goes by itself.
    fn post_postponed(&mut self, now: Moment, retry_after: Option<u64>) {
        self.post_not_taken();
        let wait = self.jitter.wait(self.outbox.failures, retry_after);
        self.outbox.failures += 1;
        self.outbox.pause_until = Some(now.monotonic + wait);
    }

    /// The server does not have it: it goes first when there is somebody to go to. A failed
    /// conversation can be tried again, an ended one not.
    fn post_not_taken(&mut self) {
        let Some(entry) = self.outbox.in_flight.as_ref().map(|post| post.entry) else {
            return;
        };
        match self.conversation.phase {
            Phase::Idle | Phase::Concluded(_) => {
                self.post_settled(Delivery::Failed(PostFailure::Over));
            }
            _ => {
                self.post_settled(Delivery::Queued);
                self.outbox.waiting.push_front(entry);
            }
        }
    }
}

/// 409 has two meanings. The code CONFLICT is documented for *the lead has left* (PAGE 003, agent
/// side; INFERRED here); the abuse filter's 409 comes with a text of its own.
fn conflict(body: &str) -> PostFailure {
    match Refusal::read(409, body).error.code() {
        Some(ExceptionCode::Conflict) => PostFailure::LeadLeft,
        _ => PostFailure::TakenForAbuse,
    }
}
