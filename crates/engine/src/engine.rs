//! The engine: it routes inputs and answers to the part that they concern, and maps their outcomes to
//! changes of the [`State`].
//!
//! The parts ([`Start`], [`Poll`], [`Typing`], [`Outbox`], [`ConcludeRequest`]) know nothing of each
//! other. Each takes the answers to its own requests and returns an outcome. Only this module and its
//! children decide what an outcome means for the conversation: `commands` for what the visitor wants,
//! `outcomes` for what the parts report, `storage` for what is stored and loaded.
//!
//! [`Start`]: crate::start::Start
//! [`Poll`]: crate::poll::Poll
//! [`Typing`]: crate::typing::Typing
//! [`ConcludeRequest`]: crate::conclude::ConcludeRequest

mod commands;
mod outcomes;
mod storage;

use std::cell::OnceCell;
use std::rc::Rc;

use pipit_wire::EngagementId;

use crate::conclude::ConcludeRequest;
use crate::conversation::Conversation;
use crate::effect::{Effect, RequestId};
use crate::input::{Input, Moment, Outcome};
use crate::options::Options;
use crate::outbox::Outbox;
use crate::outgoing::Outgoing;
use crate::snapshot::SnapshotCache;
use crate::state::{RequestOwner, Stage, State};

/// The state machine of one conversation after another. The [crate's documentation](crate) has its
/// contract.
#[derive(Debug)]
pub struct Engine {
    options: Options,
    state: State,
    outbox: Outbox,
    outgoing: Outgoing,
    /// When the last input came.
    last_input: Option<Moment>,
    snapshots: SnapshotCache,
    /// What the visitor may see of the state. Made when it is first asked for after a change.
    view: OnceCell<Rc<Conversation>>,
}

impl Engine {
    /// An engine without a conversation. `seed` feeds the jitter of its waits: the same seed and the
    /// same inputs give the same effects.
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            options,
            state: State::default(),
            outbox: Outbox::default(),
            outgoing: Outgoing::new(seed),
            last_input: None,
            snapshots: SnapshotCache::default(),
            view: OnceCell::new(),
        }
    }

    /// Takes one input. The [crate's documentation](crate) says what the driver does
    /// next.
    pub fn handle(&mut self, now: Moment, input: Input) {
        self.apply(now, input);
        self.advance(now);
    }

    /// Takes an input, but does not send what becomes due by it. [`Self::advance`] must follow after the
    /// last input.
    pub(crate) fn apply(&mut self, now: Moment, input: Input) {
        self.view.take();
        match input {
            Input::Command(command) => self.command(now, command),
            Input::Session(request, result) => self.session_answered(now, request, result),
            Input::Answer { request, outcome } => self.answered(now, request, &outcome),
            Input::Tick => {}
            Input::Wake => self.wake(now),
        }
    }

    /// Sends what is due after the inputs that were applied, and stores the new state.
    pub(crate) fn advance(&mut self, now: Moment) {
        let last_input = self.last_input.replace(now);
        // After the input and not before it: the input may be the answer to the very poll that waking
        // would give up.
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

    /// When the engine wants an [`Input::Tick`], on the monotonic clock, in ms. `None` when only an
    /// answer or a command can change anything.
    pub fn wake_at(&self) -> Option<u64> {
        let times = [
            self.state.stage.wake_at(),
            self.outbox.wake_at(self.state.stage.sendable_from()),
            self.state
                .conclude_request
                .as_ref()
                .map(ConcludeRequest::wake_at),
        ];
        times.into_iter().flatten().min()
    }

    /// What the visitor may see. It is made once per input and shared.
    pub fn conversation(&self) -> &Rc<Conversation> {
        self.view.get_or_init(|| Rc::new(self.state.view()))
    }

    /// The running engagement.
    pub(crate) fn engagement(&self) -> Option<EngagementId> {
        self.state.stage.live().map(|live| live.engagement_id)
    }

    /// Until when the server counts as reachable; `None` if it does not count as such now.
    pub(crate) fn connected_until(&self) -> Option<u64> {
        self.state.stage.live()?.poll.connected_until()
    }

    /// Hands the answer to the part that has sent the request. An answer that no part awaits is ignored,
    /// because its request was aborted.
    fn answered(&mut self, now: Moment, request: RequestId, outcome: &Outcome) {
        let owner = if self.outbox.is(request) {
            Some(RequestOwner::Outbox)
        } else {
            self.state.owner_of(request)
        };
        match owner {
            Some(RequestOwner::Start) => self.engagement_answered(now, outcome),
            Some(RequestOwner::AbandonedStart) => self.abandoned_start_answered(now, outcome),
            Some(RequestOwner::Poll) => self.poll_answered(now, outcome),
            Some(RequestOwner::Typing) => self.typing_answered(now, outcome),
            Some(RequestOwner::Outbox) => self.post_answered(now, outcome),
            Some(RequestOwner::ConcludeRequest) => self.conclude_answered(now, outcome),
            None => {}
        }
    }

    fn wake(&mut self, now: Moment) {
        self.view.take();
        if let Some(live) = self.state.stage.live_mut() {
            live.poll.wake(now);
        }
    }

    /// Advances each part. A running conversation sends requests only from here, after every input.
    fn send_due(&mut self, now: Moment) {
        self.view.take();
        self.advance_start(now);
        if let Stage::Live(live) = &mut self.state.stage {
            live.poll.advance(now, &live.session, &mut self.outgoing);
        }
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
    }
}
