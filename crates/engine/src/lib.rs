//! One conversation of one visitor, as a state machine without I/O, clock or browser.
//!
//! ```text
//!   Input ──► Engine::handle ──► Engine::conversation   what to draw
//!     ▲                     └──► Engine::next_effect    what to perform (drain until None)
//!     │                     └──► Engine::wake_at        when to come back with Input::Tick
//!     └── answers, clicks, ticks, each stamped with the Moment it came
//! ```
//!
//! The contract with whoever drives it:
//! - after each [`Engine::handle`], drain [`Engine::next_effect`] until `None`, perform each effect,
//!   and set one timer for [`Engine::wake_at`];
//! - each [`Effect::Send`] is answered by exactly one [`Input::Answer`] with its id, unless an
//!   [`Effect::Abort`] with that id came; answers to aborted requests are ignored;
//! - each [`Effect::GetSession`] is answered by exactly one [`Input::Session`], unless aborted;
//! - a tick that comes too early or twice does no harm.
//!
//! How the parts lie: [`Engine`] takes inputs and turns them into changes of [`Conversation`]
//! (`start`, `stream`, `end`); after each input one *turn* looks at the state and sends what is due:
//! the poll, the next post of the outbox, the sneak preview.

mod address;
mod answers;
mod backoff;
mod conclude;
mod conversation;
mod deadline;
mod effect;
mod endpoint;
mod failure;
mod file;
mod input;
mod options;
mod outbox;
mod participants;
mod poll;
mod preview;
mod snapshot;
mod start;
mod stream;
mod survey;
mod tab;
mod transcript;
mod typing;

use std::collections::VecDeque;

use pipit_wire::EngagementId;

pub use address::is_local;
pub use answers::Answers;
pub use conversation::{Agent, Conclusion, Connection, Conversation, Phase, Wait};
pub use effect::{
    Authorization, Effect, Request, RequestId, SessionReason, SessionWanted, Warning,
};
pub use failure::Failure;
pub use file::SharedFile;
pub use input::{Command, Input, Moment, Outcome, SessionRefused};
pub use options::Options;
pub use preview::SneakPreview;
pub use survey::{SurveyLink, SurveyTemplate};
pub use tab::{Tab, TabEffect, TabInput, TabMode};
pub use transcript::{Content, Delivery, Entry, EntryId, Notice, PostFailure};

use backoff::Jitter;
use conclude::ConcludeRequest;
use effect::RequestIds;
use snapshot::SnapshotCache;
use start::Stage;

/// The state machine of one conversation after another. See the [crate's text](crate).
#[derive(Debug)]
pub struct Engine {
    options: Options,
    conversation: Conversation,
    stage: Stage,
    outbox: outbox::Outbox,
    /// The end that the server is being told of; a new conversation may run already.
    ending: Option<ConcludeRequest>,
    effects: VecDeque<Effect>,
    requests: RequestIds,
    jitter: Jitter,
    /// When the last input came.
    last: Option<Moment>,
    saved: SnapshotCache,
}

impl Engine {
    /// An engine at rest. `seed` feeds the jitter of its waits: the same seed and the same inputs
    /// give the same effects.
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            options,
            conversation: Conversation::default(),
            stage: Stage::Idle,
            outbox: outbox::Outbox::default(),
            ending: None,
            effects: VecDeque::new(),
            requests: RequestIds::default(),
            jitter: Jitter::new(seed),
            last: None,
            saved: SnapshotCache::default(),
        }
    }

    /// Takes one input. See the [crate's text](crate) for what must follow.
    pub fn handle(&mut self, now: Moment, input: Input) {
        self.apply(now, input);
        self.advance(now);
    }

    /// Takes an input, and does nothing about it before [`Self::advance`].
    fn apply(&mut self, now: Moment, input: Input) {
        match input {
            Input::Command(command) => self.command(now, command),
            Input::Session(request, result) => self.session_came(now, request, result),
            Input::Answer { request, outcome } => self.answered(now, request, &outcome),
            Input::Tick => {}
            Input::Wake => self.wake(now),
        }
    }

    /// Does what is due.
    fn advance(&mut self, now: Moment) {
        let last = self.last.replace(now);
        // Behind the input, for it may be the answer of the very poll that waking gives up.
        if last.is_some_and(|last| now.has_slept_since(last)) {
            self.wake(now);
        }
        self.send_due(now);
        self.save();
    }

    /// The next effect to perform; `None` when there is none left.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When the engine wants an [`Input::Tick`], on the monotonic clock, in ms; `None` when only
    /// an answer or a command can change anything.
    pub fn wake_at(&self) -> Option<u64> {
        let of_stage = match &self.stage {
            Stage::Idle => [None, None],
            Stage::AwaitingSession(awaited) => [Some(awaited.deadline.wake_at()), None],
            Stage::Requesting(requesting) | Stage::Abandoning(requesting) => {
                [Some(requesting.wake_at()), None]
            }
            Stage::Live(live) => [Some(live.poll.wake_at()), live.typing.wake_at()],
        };
        let beside = [
            self.outbox.wake_at(self.sendable_from()),
            self.ending.as_ref().map(ConcludeRequest::wake_at),
            self.connected_until(),
        ];
        of_stage.into_iter().chain(beside).flatten().min()
    }

    /// What to draw.
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The engagement that runs.
    pub(crate) fn engagement(&self) -> Option<EngagementId> {
        match &self.stage {
            Stage::Live(live) => Some(live.engagement_id),
            _ => None,
        }
    }

    fn command(&mut self, now: Moment, command: Command) {
        match command {
            Command::Start(answers) => self.start(now, answers),
            Command::Send(text) => self.write(now, &text),
            Command::SendAgain(entry) => self.send_again(entry),
            Command::Discard(entry) => self.discard(entry),
            Command::Typed(text) => self.typed(now, text),
            Command::AllowSneakPreview(allowed) => self.conversation.sneak_preview.allow(allowed),
            Command::End => self.end(now),
        }
    }

    fn answered(&mut self, now: Moment, request: RequestId, outcome: &Outcome) {
        match &mut self.stage {
            Stage::Requesting(requesting) | Stage::Abandoning(requesting)
                if requesting.request == request =>
            {
                self.engagement_answered(now, outcome);
            }
            Stage::Live(live) if live.poll.is(request) => self.poll_answered(now, outcome),
            Stage::Live(live) if live.typing.is(request) => self.activity_answered(now, outcome),
            _ if self.outbox.is(request) => self.post_answered(now, outcome),
            _ => self.end_answered(now, request, outcome),
        }
    }

    /// Sends what is due. The only place from which a running conversation asks for anything.
    fn send_due(&mut self, now: Moment) {
        self.advance_start(now);
        self.advance_poll(now);
        self.advance_outbox(now);
        self.advance_typing(now);
        self.advance_conclude_request(now);
    }
}

#[cfg(test)]
mod tests;
