//! The visitor's messages on their way to the server: in order, one request at a time.
//!
//! A message whose answer was lost becomes [`Delivery::Unknown`] and is sent again only if the visitor
//! asks, because the server takes repeated text for abuse. The transcript has the texts and what is
//! known of each delivery; the outbox only has the order.

use std::collections::VecDeque;
use std::rc::Rc;

use pipit_wire::consumer::{ClientRequest, MessagePosted, Operation, PostMessageRequest};
use pipit_wire::{ExceptionCode, Fields, Refusal, WireObject};

use crate::deadline::Deadline;
use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::input::{Moment, Outcome};
use crate::outgoing::Outgoing;
use crate::transcript::{Content, Delivery, EntryId, PostFailure, Transcript};

/// How long a post may take, in ms.
const DEADLINE_MS: u64 = 30_000;

/// The messages that wait, and the one that is being posted.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: VecDeque<EntryId>,
    in_flight: Option<Post>,
    /// No message is posted before this time, because the server asked for a pause.
    pause_until: Option<u64>,
    failures: u32,
}

#[derive(Debug)]
struct Post {
    request: RequestId,
    entry: EntryId,
    deadline: Deadline,
}

/// What the answer to a post means for the engagement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum OutboxOutcome {
    /// The engagement goes on.
    Continue,
    /// The server no longer knows the session.
    SessionLost,
}

impl Outbox {
    /// An outbox in which these messages wait, in this order.
    pub(crate) fn with_waiting(waiting: impl Iterator<Item = EntryId>) -> Self {
        Self {
            waiting: waiting.collect(),
            ..Self::default()
        }
    }

    /// Whether this request is the open post.
    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.in_flight
            .as_ref()
            .is_some_and(|post| post.request == request)
    }

    /// When to call [`Self::advance`] again. `sendable_from` comes from
    /// [`Poll::sendable_from`](crate::poll::Poll::sendable_from).
    pub(crate) fn wake_at(&self, sendable_from: Option<u64>) -> Option<u64> {
        match &self.in_flight {
            Some(post) => Some(post.deadline.wake_at()),
            None if self.waiting.is_empty() => None,
            None => self.next_at(sendable_from).filter(|at| *at > 0),
        }
    }

    /// Adds a message after those that wait.
    pub(crate) fn push(&mut self, entry: EntryId) {
        self.waiting.push_back(entry);
    }

    /// Gives up a post that takes too long, and posts the next message when that is possible. Without a
    /// session nothing is posted.
    pub(crate) fn advance(
        &mut self,
        now: Moment,
        session: Option<&SessionEndpoint>,
        sendable_from: Option<u64>,
        transcript: &mut Transcript,
        outgoing: &mut Outgoing,
    ) {
        if let Some(post) = &mut self.in_flight
            && post.deadline.has_expired(now)
        {
            self.give_up_post(transcript, outgoing);
        }
        let next_at = self.next_at(sendable_from);
        if self.in_flight.is_none() && next_at.is_some_and(|at| now.monotonic >= at) {
            self.pause_until = None;
            if let Some(session) = session {
                self.post_next(now, session, transcript, outgoing);
            }
        }
    }

    /// Takes the answer to the open post. `can_wait` says whether a message that was not taken can be
    /// posted later; otherwise it has failed.
    pub(crate) fn answered(
        &mut self,
        now: Moment,
        outcome: &Outcome,
        can_wait: bool,
        transcript: &mut Transcript,
        outgoing: &mut Outgoing,
    ) -> OutboxOutcome {
        match outcome {
            Outcome::Answered {
                status: 200..=299, ..
            } => {
                self.failures = 0;
                self.finish_post(Delivery::Accepted, transcript);
            }
            Outcome::Answered {
                status: 401 | 403, ..
            } => {
                self.put_back(can_wait, transcript);
                return OutboxOutcome::SessionLost;
            }
            Outcome::Answered {
                status: 409, body, ..
            } => {
                let failure = read_conflict(body);
                self.finish_post(Delivery::Failed(failure), transcript);
                if failure == PostFailure::TakenForAbuse {
                    self.fail_waiting(transcript);
                }
            }
            Outcome::Answered {
                status: 429 | 503,
                retry_after,
                ..
            } => {
                self.put_back(can_wait, transcript);
                self.pause(now, *retry_after, outgoing);
            }
            Outcome::NotSent => {
                self.put_back(can_wait, transcript);
                self.pause(now, None, outgoing);
            }
            Outcome::Answered {
                status: 400..=407 | 410..=499,
                ..
            } => {
                self.finish_post(Delivery::Failed(PostFailure::Refused), transcript);
            }
            Outcome::Answered { .. } | Outcome::Lost => {
                self.finish_post(Delivery::Unknown, transcript);
            }
        }
        OutboxOutcome::Continue
    }

    /// Marks all messages that wait as failed, because the conversation is over.
    pub(crate) fn fail_waiting(&mut self, transcript: &mut Transcript) {
        while let Some((entry, _)) = self.take_next(transcript) {
            transcript.set_delivery(entry, Delivery::Failed(PostFailure::ConversationEnded));
        }
    }

    /// Prepares for a new engagement. Gives up a post that is still open: it belongs to the engagement
    /// before, and its answer would say nothing about the new one.
    pub(crate) fn begin_engagement(
        &mut self,
        transcript: &mut Transcript,
        outgoing: &mut Outgoing,
    ) {
        self.give_up_post(transcript, outgoing);
        self.pause_until = None;
        self.failures = 0;
    }

    /// From when on the next message may be posted; `None` until more is known.
    fn next_at(&self, sendable_from: Option<u64>) -> Option<u64> {
        Some(sendable_from?.max(self.pause_until.unwrap_or(0)))
    }

    /// Takes out the next message. Skips a message that has left the state *queued* meanwhile: its echo
    /// in the stream has proved that it arrived.
    fn take_next(&mut self, transcript: &Transcript) -> Option<(EntryId, Rc<str>)> {
        while let Some(entry) = self.waiting.pop_front() {
            if let Some((text, Delivery::Queued)) = transcript.visitor_message(entry) {
                return Some((entry, text));
            }
        }
        None
    }

    fn post_next(
        &mut self,
        now: Moment,
        session: &SessionEndpoint,
        transcript: &mut Transcript,
        outgoing: &mut Outgoing,
    ) {
        let Some((entry, text)) = self.take_next(transcript) else {
            return;
        };
        let body = PostMessageRequest {
            body: text.as_ref().to_owned(),
            message_id: Some(message_id(entry)),
            off_the_record: None,
            rich_text: None,
            message_data_map: None,
            client: ClientRequest::default(),
            unknown: Fields::default(),
        };
        self.in_flight = Some(Post {
            request: outgoing.send_in_session(session, Operation::PostMessage, body.to_json()),
            entry,
            deadline: Deadline::new(now, DEADLINE_MS),
        });
        transcript.set_delivery(entry, Delivery::Sending);
    }

    fn give_up_post(&mut self, transcript: &mut Transcript, outgoing: &mut Outgoing) {
        outgoing.abort(self.in_flight.as_ref().map(|post| post.request));
        self.finish_post(Delivery::Unknown, transcript);
    }

    /// Closes the open post. A message whose echo has arrived stays accepted.
    fn finish_post(&mut self, delivery: Delivery, transcript: &mut Transcript) {
        let Some(post) = self.in_flight.take() else {
            return;
        };
        let is_proved = matches!(
            transcript.visitor_message(post.entry),
            Some((_, Delivery::Accepted))
        );
        if !is_proved {
            transcript.set_delivery(post.entry, delivery);
        }
    }

    /// Puts a message that the server has not taken back to the front, if it can be posted later.
    fn put_back(&mut self, can_wait: bool, transcript: &mut Transcript) {
        let entry = self.in_flight.as_ref().map(|post| post.entry);
        if can_wait {
            self.finish_post(Delivery::Queued, transcript);
            if let Some(entry) = entry {
                self.waiting.push_front(entry);
            }
        } else {
            self.finish_post(Delivery::Failed(PostFailure::ConversationEnded), transcript);
        }
    }

    fn pause(&mut self, now: Moment, retry_after: Option<u64>, outgoing: &mut Outgoing) {
        let wait_ms = outgoing.backoff_ms(self.failures, retry_after);
        self.failures += 1;
        self.pause_until = Some(now.monotonic + wait_ms);
    }
}

/// Takes the visitor's own message in the stream as the proof that it arrived. Whether the server sends
/// such messages is not known; if it does, nothing is shown twice.
pub(crate) fn confirm_echo(posted: &MessagePosted, transcript: &mut Transcript) {
    let by_id = posted.message_id.as_deref().and_then(entry_of_message_id);
    let by_text = || {
        let mut entries = transcript.entries().iter();
        let is_echoed = |content: &Content| {
            matches!(
                content,
                Content::Visitor { text, delivery: Delivery::Sending | Delivery::Unknown }
                    if **text == *posted.body
            )
        };
        let echoed = entries.find(|entry| is_echoed(&entry.content));
        echoed.map(|entry| entry.id)
    };
    if let Some(entry) = by_id.or_else(by_text) {
        transcript.set_delivery(entry, Delivery::Accepted);
    }
}

/// The `messageId` of an entry. [`entry_of_message_id`] reads it back.
fn message_id(entry: EntryId) -> String {
    entry.0.to_string()
}

fn entry_of_message_id(message_id: &str) -> Option<EntryId> {
    message_id.parse().ok().map(EntryId)
}

/// Why a post was refused with 409, which has two meanings. The code CONFLICT is documented for *the
/// lead has left* (PAGE 003, agent side; INFERRED here); the abuse filter's 409 has a text of its own.
fn read_conflict(body: &str) -> PostFailure {
    match Refusal::read(409, body).error.code() {
        Some(ExceptionCode::Conflict) => PostFailure::LeadLeft,
        _ => PostFailure::TakenForAbuse,
    }
}
