//! Posts the visitor's messages in order, one request at a time.
//!
//! If the answer to a post is lost, the message becomes [`Delivery::Unknown`] and is sent again only if the
//! visitor asks, because the server takes repeated text for abuse. The transcript has the texts and the
//! deliveries; the outbox has only the order.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. INFERRED: our assumption.

use std::collections::VecDeque;
use std::rc::Rc;

use pipit_wire::consumer::{ClientRequest, MessagePosted, Operation, PostMessageRequest};
use pipit_wire::{ExceptionCode, Fields, Refusal, WireObject};

use crate::deadline::Deadline;
use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::entry::{Content, Delivery, Entry, EntryId, PostFailure};
use crate::input::Moment;
use crate::outgoing::Outgoing;
use crate::reply::{Reply, is_web_page};
use crate::transcript::Transcript;

/// The time that a post may take, in ms.
const DEADLINE_MS: u64 = 30_000;

/// The messages that wait, and the message that is being posted.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: VecDeque<EntryId>,
    in_flight: Option<Post>,
    /// No message is posted before this time (monotonic clock, ms), because the server refused a message for now
    /// (429, 503) or a post did not leave the browser. `None` if there is no pause.
    pause_until: Option<u64>,
    /// Counts the posts that did not leave the browser, or that the server refused for now (429, 503). The count
    /// determines the length of the pause. It is reset when the server accepts a post, and in a new engagement.
    failures: u32,
}

/// A message that is being posted.
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
    /// The engagement continues.
    Continue,
    /// The server refuses the engagement's session id (401, 403).
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

    /// Whether the open post awaits the answer to this request.
    pub(crate) fn awaits(&self, request: RequestId) -> bool {
        self.in_flight
            .as_ref()
            .is_some_and(|post| post.request == request)
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms. `None` if the outbox
    /// needs no timer: no post is open, and no message waits for a known time. `sendable_from` is the earliest time at
    /// which the state of the connection allows a post: the value of
    /// [`Poll::sendable_from`](crate::poll::Poll::sendable_from), or 0 without an engagement.
    pub(crate) fn wake_at(&self, sendable_from: Option<u64>) -> Option<u64> {
        match &self.in_flight {
            Some(post) => Some(post.deadline.wake_at()),
            None if self.waiting.is_empty() => None,
            // The time 0 means "at once": neither the connection nor a pause delays the message. The message is still
            // here only because there is no engagement yet, so no timer is needed.
            None => self.next_post_at(sendable_from).filter(|at| *at > 0),
        }
    }

    /// Adds a message at the end of the queue.
    pub(crate) fn push(&mut self, entry: EntryId) {
        self.waiting.push_back(entry);
    }

    /// Aborts a post whose deadline has passed, and posts the next message if that is possible now. Without
    /// a session nothing is posted.
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
            self.abort_post(transcript, outgoing);
        }
        let next_post_at = self.next_post_at(sendable_from);
        if self.in_flight.is_none() && next_post_at.is_some_and(|at| now.monotonic >= at) {
            self.pause_until = None;
            if let Some(session) = session {
                self.post_next(now, session, transcript, outgoing);
            }
        }
    }

    /// Takes the end of the open post. The message is accepted only with the chat server's own answer, and fails with
    /// most statuses 4xx. After 401 or 403 with a web page, which somebody else may have sent, it is unknown whether the
    /// message has arrived. The message waits again if the server refuses the session id (401, 403) or refuses the message
    /// only for now (429, 503), or if the request did not leave the browser; if `can_post_later` is false, it fails
    /// instead. After any other end, it is unknown whether the message has arrived.
    pub(crate) fn answered(
        &mut self,
        now: Moment,
        reply: &Reply<'_>,
        can_post_later: bool,
        transcript: &mut Transcript,
        outgoing: &mut Outgoing,
    ) -> OutboxOutcome {
        match reply {
            Reply::Answer(_) => {
                self.failures = 0;
                self.finish_post(Delivery::Accepted, transcript);
            }
            Reply::Refusal {
                status: 401 | 403,
                body,
                ..
            } if is_web_page(body) => self.finish_post(Delivery::Unknown, transcript),
            Reply::Refusal {
                status: 401 | 403, ..
            } => {
                self.return_to_queue(can_post_later, transcript);
                return OutboxOutcome::SessionLost;
            }
            Reply::Refusal {
                status: 409, body, ..
            } => {
                let failure = read_conflict(body);
                self.finish_post(Delivery::Failed(failure), transcript);
                // The server ends the conversation when it takes a message for abuse.
                if failure == PostFailure::TakenForAbuse {
                    self.fail_waiting(transcript);
                }
            }
            Reply::Refusal {
                status: 429 | 503,
                retry_after,
                ..
            } => {
                self.return_to_queue(can_post_later, transcript);
                self.pause(now, *retry_after, outgoing);
            }
            Reply::NotSent => {
                self.return_to_queue(can_post_later, transcript);
                self.pause(now, None, outgoing);
            }
            Reply::Refusal {
                status: 400..=407 | 410..=499,
                ..
            } => {
                self.finish_post(Delivery::Failed(PostFailure::Refused), transcript);
            }
            Reply::Refusal { .. } | Reply::Unexpected(..) | Reply::Lost => {
                self.finish_post(Delivery::Unknown, transcript);
            }
        }
        OutboxOutcome::Continue
    }

    /// Marks all waiting messages as failed, because the conversation has ended.
    pub(crate) fn fail_waiting(&mut self, transcript: &mut Transcript) {
        while let Some((entry, _)) = self.take_next(transcript) {
            transcript.set_delivery(entry, Delivery::Failed(PostFailure::ConversationEnded));
        }
    }

    /// Prepares for a new engagement. A post that is still open belongs to the previous engagement, so it is
    /// aborted, and the delivery of its message becomes unknown.
    pub(crate) fn begin_engagement(
        &mut self,
        transcript: &mut Transcript,
        outgoing: &mut Outgoing,
    ) {
        self.abort_post(transcript, outgoing);
        self.pause_until = None;
        self.failures = 0;
    }

    /// The earliest time at which the next message may be posted, on the monotonic clock, in ms; 0 means at once.
    /// `None` if no such time is known: the server counts as unreachable, and no poll is open that could show
    /// otherwise.
    fn next_post_at(&self, sendable_from: Option<u64>) -> Option<u64> {
        Some(sendable_from?.max(self.pause_until.unwrap_or(0)))
    }

    /// Removes the next message from the queue and returns it; `None` if no message waits. Skips
    /// messages that are not [`Delivery::Queued`] any more: the server has sent them back (see
    /// [`confirm_echo`]), so they have arrived.
    fn take_next(&mut self, transcript: &Transcript) -> Option<(EntryId, Rc<str>)> {
        while let Some(entry) = self.waiting.pop_front() {
            if let Some((text, Delivery::Queued)) = transcript.visitor_message(entry) {
                return Some((entry, text));
            }
        }
        None
    }

    /// Posts the next message that waits, if any.
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
            message_id: transcript.entry(entry).map(|entry| message_id(entry)),
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

    /// Aborts the open post, if one is open. Its message may have arrived.
    fn abort_post(&mut self, transcript: &mut Transcript, outgoing: &mut Outgoing) {
        outgoing.abort(self.in_flight.as_ref().map(|post| post.request));
        self.finish_post(Delivery::Unknown, transcript);
    }

    /// Ends the open post and sets the delivery of its message. A message that the server has sent back (see
    /// [`confirm_echo`]) stays accepted.
    fn finish_post(&mut self, delivery: Delivery, transcript: &mut Transcript) {
        let Some(post) = self.in_flight.take() else {
            return;
        };
        let is_confirmed = matches!(
            transcript.visitor_message(post.entry),
            Some((_, Delivery::Accepted))
        );
        if !is_confirmed {
            transcript.set_delivery(post.entry, delivery);
        }
    }

    /// Ends a post that the server has not taken. Its message returns to the front of the queue if it can be
    /// posted later, and fails otherwise.
    fn return_to_queue(&mut self, can_post_later: bool, transcript: &mut Transcript) {
        let entry = self.in_flight.as_ref().map(|post| post.entry);
        if can_post_later {
            self.finish_post(Delivery::Queued, transcript);
            if let Some(entry) = entry {
                self.waiting.push_front(entry);
            }
        } else {
            self.finish_post(Delivery::Failed(PostFailure::ConversationEnded), transcript);
        }
    }

    /// Begins a pause, during which nothing is posted. If the server has asked for a longer pause (`retry_after`, in
    /// ms), the pause is that long, up to a limit (see `backoff`).
    fn pause(&mut self, now: Moment, retry_after: Option<u64>, outgoing: &mut Outgoing) {
        let pause_ms = outgoing.backoff_ms(self.failures, retry_after);
        self.failures += 1;
        self.pause_until = Some(now.monotonic + pause_ms);
    }
}

/// Marks a message of the visitor as accepted, because the server has sent it back among its own messages (an *echo*).
/// It is not known whether the server sends echoes. If it does, an echo shows that the message has arrived, even if the
/// answer to the post was lost.
///
/// Another tab with the same conversation may have posted messages too, such as the original of a copied tab. Their
/// echoes must confirm nothing here. An echo with a `messageId` of the engine's form therefore confirms only the entry
/// for which [`message_id`] makes exactly this id. An echo without such an id is matched by its text.
pub(crate) fn confirm_echo(posted: &MessagePosted, transcript: &mut Transcript) {
    let echoed_id = posted.message_id.as_deref();
    let echoed = match echoed_id.and_then(|id| Some((id, entry_of_message_id(id)?))) {
        Some((echoed_id, entry)) => transcript
            .entry(entry)
            .filter(|entry| message_id(entry) == echoed_id),
        None => transcript.entries().iter().find(|entry| {
            matches!(
                &entry.content,
                Content::Visitor { text, delivery }
                    if **text == *posted.body && transcript.may_be_echoed(entry.id, *delivery)
            )
        }),
    };
    if let Some(entry) = echoed.map(|entry| entry.id) {
        transcript.set_delivery(entry, Delivery::Accepted);
    }
}

/// The `messageId` in the request that posts this entry: the id of the entry and the time at which it was written. The
/// copy of a tab gives its next entry the same id, but at another time.
fn message_id(entry: &Entry) -> String {
    format!("{}-{}", entry.id.0, entry.at)
}

/// The id of the entry for which [`message_id`] has made this id; `None` if it cannot have made it.
fn entry_of_message_id(id: &str) -> Option<EntryId> {
    let (entry, at) = id.split_once('-')?;
    at.parse::<i64>().ok()?;
    entry.parse().ok().map(EntryId)
}

/// Why a post was refused with 409. The status has two meanings. With the code CONFLICT, the lead (the agent who is
/// responsible for the chat) has left: PAGE 003 says so for requests of agents, and for requests of visitors it is
/// INFERRED. Without that code, the abuse filter has refused the text.
fn read_conflict(body: &str) -> PostFailure {
    match Refusal::read(409, body).error.code() {
        Some(ExceptionCode::Conflict) => PostFailure::LeadLeft,
        _ => PostFailure::TakenForAbuse,
    }
}
