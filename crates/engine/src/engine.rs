//! The engine passes inputs, such as answers of the server, to its parts, and changes the [`State`] according to
//! the outcomes that the parts return.
//!
//! [`Start`] asks for an engagement (a chat at the server), [`Poll`] retrieves messages, [`Outbox`] posts
//! messages, [`Typing`] sends signals about the visitor's typing, and [`ConcludeRequest`] ends an engagement.
//! These parts do not use each other. Each part takes the answers to its own requests and returns an outcome.
//! Only this module and its children decide what an outcome means for the conversation. The children are
//! `commands` (the visitor's commands), `outcomes` (what the parts return), `storage` (snapshots that are
//! stored and loaded) and `forgetting` (conversations that are dropped). The *driver* is the code that runs the engine
//! and performs its effects.
//!
//! [`Start`]: crate::start::Start
//! [`Poll`]: crate::poll::Poll
//! [`Typing`]: crate::typing::Typing
//! [`ConcludeRequest`]: crate::conclude::ConcludeRequest

mod commands;
mod forgetting;
mod outcomes;
mod storage;

use std::cell::OnceCell;
use std::rc::Rc;

use pipit_wire::consumer::Operation;
use pipit_wire::{EngagementId, UnexpectedBody};

use crate::abandoned::AbandonedStart;
use crate::conclude::ConcludeRequest;
use crate::conversation::Conversation;
use crate::effect::{Effect, RequestId, Warning};
use crate::forgotten::ForgottenEngagements;
use crate::input::{Input, Moment, Outcome};
use crate::options::Options;
use crate::outbox::Outbox;
use crate::outgoing::Outgoing;
use crate::reply::Reply;
use crate::snapshot::SnapshotCache;
use crate::state::{RequestOwner, Stage, State};

/// A state machine that holds one conversation after another. The [crate's documentation](crate) has the
/// contract for its driver.
#[derive(Debug)]
pub struct Engine {
    options: Options,
    state: State,
    outbox: Outbox,
    /// A start that was left, and whose engagement must be concluded; `None` if there is none.
    abandoned: Option<AbandonedStart>,
    /// What still has to be ended at the server, although nothing of it is kept.
    forgotten: ForgottenEngagements,
    /// The effects that wait for the driver.
    outgoing: Outgoing,
    /// The time of the most recent input; `None` before the first input.
    last_input: Option<Moment>,
    /// The stored form of the conversation (the *snapshot*). The engine compares it with the state, and asks the driver
    /// to store a new snapshot only if something has changed.
    snapshots: SnapshotCache,
    /// What came instead of the most recent answer of the chat server. `None` if the most recent response came from the
    /// chat server.
    unexpected_body: Option<UnexpectedBody>,
    /// What the visitor may see of the state. Each change empties this cell, and
    /// [`Self::conversation`] fills it again.
    view: OnceCell<Rc<Conversation>>,
}

impl Engine {
    /// An engine without a conversation. `seed` determines the random part of the pauses before repeated
    /// requests: the same seed and the same inputs give the same effects.
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            options,
            state: State::default(),
            outbox: Outbox::default(),
            abandoned: None,
            forgotten: ForgottenEngagements::default(),
            outgoing: Outgoing::new(seed),
            last_input: None,
            snapshots: SnapshotCache::default(),
            unexpected_body: None,
            view: OnceCell::new(),
        }
    }

    /// Takes one input and sends what is due. The [crate's documentation](crate) describes what the driver
    /// must do next.
    pub fn handle(&mut self, now: Moment, input: Input) {
        self.apply(now, input);
        self.advance(now);
    }

    /// Takes one input. The input may cause a request at once: when the page has delivered a session, for example, the
    /// engine requests an engagement. A request that only becomes due, such as the next poll, waits for [`Self::advance`]. The caller
    /// may apply several inputs and then calls `advance` once.
    pub(crate) fn apply(&mut self, now: Moment, input: Input) {
        self.view.take();
        match input {
            Input::Command(command) => self.apply_command(now, command),
            Input::Session(request, result) => self.session_answered(now, request, result),
            Input::Answer { request, outcome } => self.answered(now, request, &outcome),
            Input::Tick => {}
            Input::Wake => self.wake(now),
        }
    }

    /// Sends what is due after the inputs that were applied, and asks the driver to store the new state. If the machine
    /// has slept since the previous call, the next poll is due now.
    pub(crate) fn advance(&mut self, now: Moment) {
        let last_input = self.last_input.replace(now);
        // The wake-up follows the inputs, because an input may be the answer to the open poll, and a wake-up
        // shortens the deadline of that poll.
        if last_input.is_some_and(|last| now.has_slept_since(last)) {
            self.wake(now);
        }
        self.send_due(now);
        self.save();
    }

    /// The next effect to perform; `None` when no effect is left.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.outgoing.next_effect()
    }

    /// The time at which the engine needs an [`Input::Tick`], on the monotonic clock, in ms. `None` if
    /// nothing is due at any time, and only another input can change the state.
    pub fn wake_at(&self) -> Option<u64> {
        let times = [
            self.state.stage.wake_at(),
            self.outbox.wake_at(self.state.stage.sendable_from()),
            self.state
                .conclude_request
                .as_ref()
                .map(ConcludeRequest::wake_at),
            self.abandoned_wake_at(),
            self.forgotten.wake_at(),
        ];
        times.into_iter().flatten().min()
    }

    /// The time at which a start that was left needs a tick, on the monotonic clock, in ms; `None` if there is none.
    pub(crate) fn abandoned_wake_at(&self) -> Option<u64> {
        self.abandoned.as_ref().map(AbandonedStart::wake_at)
    }

    /// The open requests by which engagements end that nobody uses: those of a start that was left, and those of forgotten
    /// conversations.
    pub(crate) fn requests_of_left_engagements(&self) -> Vec<RequestId> {
        let abandoned = self.abandoned.iter();
        let abandoned = abandoned.filter_map(AbandonedStart::open_request);
        abandoned.chain(self.forgotten.open_requests()).collect()
    }

    /// What the visitor may see. All calls between two inputs return the same value.
    pub fn conversation(&self) -> &Rc<Conversation> {
        self.view.get_or_init(|| Rc::new(self.state.view()))
    }

    /// The id of the running engagement; `None` while no engagement runs.
    pub(crate) fn engagement(&self) -> Option<EngagementId> {
        self.state.stage.live().map(|live| live.engagement_id)
    }

    /// The time until which the server counts as reachable, on the monotonic clock, in ms. `None` if the server does
    /// not count as reachable now, or if no engagement runs.
    pub(crate) fn connected_until(&self) -> Option<u64> {
        self.state.stage.live()?.poll.connected_until()
    }

    /// Hands the answer to the part that has sent the request. An answer that no part awaits is ignored: its request
    /// was aborted, or the engine never sent it.
    fn answered(&mut self, now: Moment, request: RequestId, outcome: &Outcome) {
        self.abandoned_answered(now, request, outcome);
        let owner = if self.outbox.awaits(request) {
            Some(RequestOwner::Outbox)
        } else {
            self.state.owner_of(request)
        };
        let Some(owner) = owner else {
            return;
        };
        let reply = self.read(owner.operation(), outcome);
        match owner {
            RequestOwner::Start => self.engagement_answered(now, reply),
            RequestOwner::Poll => self.poll_answered(now, reply),
            RequestOwner::Typing => self.typing_answered(now, reply),
            RequestOwner::Outbox => self.post_answered(now, &reply),
            RequestOwner::ConcludeRequest => self.conclude_answered(now, &reply),
        }
    }

    /// Reads the outcome of a request to an operation. If somebody else than the chat server has answered, reports that,
    /// unless the previous response was of the same kind.
    fn read<'a>(&mut self, operation: Operation, outcome: &'a Outcome) -> Reply<'a> {
        let reply = Reply::read(operation, outcome);
        let unexpected = match &reply {
            Reply::Unexpected(kind, _) => Some(*kind),
            Reply::Answer(_) | Reply::Refusal { .. } => None,
            Reply::Lost | Reply::NotSent => return reply,
        };
        let previous = std::mem::replace(&mut self.unexpected_body, unexpected);
        if let Some(body) = unexpected.filter(|_| unexpected != previous) {
            let warning = Warning::UnexpectedAnswer { operation, body };
            self.outgoing.warn(warning);
        }
        reply
    }

    /// Makes the next poll due now, because the page became visible, the network may have changed or the
    /// machine slept. A poll that is open stays open. If it is overdue, its answer is awaited for only a short
    /// time more. If no poll has succeeded for some time, it becomes unknown whether the server can be reached.
    fn wake(&mut self, now: Moment) {
        self.view.take();
        if let Some(live) = self.state.stage.live_mut() {
            live.poll.wake(now);
        }
    }

    /// Advances each part, so that it aborts requests whose deadline has passed and sends those that are
    /// due.
    fn send_due(&mut self, now: Moment) {
        self.view.take();
        self.advance_start(now);
        self.advance_poll(now);
        // The earliest time at which a message may be posted; `None` if that time is not known yet. While the server
        // counts as unreachable, messages wait until a poll has stayed open for a while, because that shows that the
        // server is reachable again. Without an open poll, the end of this wait is unknown.
        let sendable_from = self.state.stage.sendable_from();
        self.outbox.advance(
            now,
            self.state.stage.live().map(|live| &live.session),
            sendable_from,
            &mut self.state.transcript,
            &mut self.outgoing,
        );
        if let Stage::Live(live) = &mut self.state.stage {
            live.typing.advance(
                now,
                live.participants.has_agent(),
                &self.state.sneak_preview,
                &live.session,
                &mut self.outgoing,
            );
        }
        self.advance_conclude_request(now);
        self.advance_abandoned(now);
        self.advance_forgotten(now);
    }
}
