//! A tab that leads: its engine runs, and it broadcasts each change to the other tabs.

use std::collections::VecDeque;

use pipit_wire::Secret;

use super::forwarded::{ForwardedCommand, ObservedPhase};
use super::id::TabId;
use super::io::{TabEffect, TabInput, TabMode};
use super::machine::Tab;
use super::message::{Message, ReplyTo, SharedSnapshot, Statement};
use super::role::{Following, Leading, PendingAnnouncement, Role, Unverified};
use crate::snapshot::Freshness;
use crate::{Command, Delivery, Input, Moment, PostFailure};

/// If a leader has not run for this long, in ms, another tab may have stolen its lock meanwhile. This
/// is shorter than any other tab waits for the leader.
const UNVERIFIED_AFTER_MS: u64 = 2_000;

/// A visitor who gave a command this long ago, in ms, may not want to start a conversation any more.
const START_EXPIRES_MS: u64 = 30_000;

/// The leader sends a heartbeat at most this often, in ms.
const HEARTBEAT_MS: u64 = 10_000;

/// Whether a confirmation that was requested at `asked_at` still holds. The page may have been
/// suspended since the browser gave it.
fn is_confirmation_current(asked_at: Moment, now: Moment) -> bool {
    now.since(asked_at) <= UNVERIFIED_AFTER_MS
}

/// Whether a delayed input is applied before the commands that the visitor gave in this tab
/// meanwhile.
fn is_applied_first(input: &TabInput) -> bool {
    matches!(
        input,
        TabInput::Engine(Input::Answer { .. } | Input::Command(Command::Typed(_)))
    )
}

/// Whether a delayed input is applied after the commands of all visitors. A session is: a visitor who
/// has left meanwhile needs no engagement.
fn is_applied_last(input: &TabInput) -> bool {
    matches!(input, TabInput::Engine(Input::Session(..)))
}

impl Tab {
    /// Starts to lead with the conversation that this tab shows.
    pub(super) fn lead(&mut self, now: Moment) {
        if self.leads() {
            return;
        }
        self.role = Role::Leading(Leading {
            active_at: now,
            unverified: None,
            broadcast_at: now.monotonic,
            pending: PendingAnnouncement::Leadership,
        });
        let freshness = std::mem::replace(&mut self.freshness, Freshness::Latest);
        self.engine.resume(now, freshness);
        match freshness {
            Freshness::MayBeOutdated => self.show_own_as_unknown(now),
            Freshness::Latest => {
                self.apply_own_commands(now);
                self.engine.advance(now);
            }
        }
    }

    /// Another tab leads, or is about to. This tab follows, and forwards its open commands.
    pub(super) fn stop_leading(&mut self, now: Moment) {
        if let Role::Following(Following::Contacting { .. } | Following::Synced { .. }) = self.role
        {
            return;
        }
        self.role = Role::Following(Following::new(now));
        self.deferred.push(TabEffect::AbortAll);
        let snapshot = self.engine.snapshot().map(ToOwned::to_owned);
        self.engine.load_snapshot(now, snapshot.as_deref());
        self.leader = None;
        self.contact_leader(now);
    }

    pub(super) fn handle_leading(&mut self, now: Moment, input: TabInput) {
        let Role::Leading(leading) = &mut self.role else {
            return;
        };
        let has_lock =
            self.mode == TabMode::Alone || now.since(leading.active_at) <= UNVERIFIED_AFTER_MS;
        if has_lock && leading.unverified.is_none() {
            leading.active_at = now;
            self.apply(now, input);
            self.engine.advance(now);
            return;
        }
        if leading.unverified.is_none() {
            self.deferred.push(TabEffect::VerifyLock);
        }
        let unverified = leading.unverified.get_or_insert_with(|| Unverified {
            asked_at: now,
            inputs: VecDeque::new(),
        });
        match input {
            // Typed text is soon outdated, so it waits with the inputs: a follower would expect an
            // acknowledgement of each forwarded command.
            TabInput::Engine(Input::Command(Command::Typed(_))) => {
                unverified.inputs.push_back(input);
            }
            // The visitor sees the effect of other commands meanwhile, and they are stored.
            TabInput::Engine(Input::Command(command)) => {
                let forwarded = self.number_command(now, command);
                self.forwarded.extend(forwarded);
            }
            other => unverified.inputs.push_back(other),
        }
    }

    /// The browser has confirmed the lock: this tab applies the inputs that waited for it.
    pub(super) fn lock_verified(&mut self, now: Moment) {
        if let Role::Following(Following::VerifyingLock { source, asked_at }) = self.role {
            if is_confirmation_current(asked_at, now) {
                self.take_over(now, source);
            } else {
                self.verify_lock(now, source);
            }
            return;
        }
        let Role::Leading(leading) = &mut self.role else {
            return;
        };
        let Some(unverified) = &mut leading.unverified else {
            return;
        };
        if !is_confirmation_current(unverified.asked_at, now) {
            unverified.asked_at = now;
            self.deferred.push(TabEffect::VerifyLock);
            return;
        }
        leading.active_at = now;
        let inputs = std::mem::take(&mut unverified.inputs);
        leading.unverified = None;
        // A newer command must not discard an answer that has arrived, and a session must not
        // overtake a command of this tab or of another one.
        let (first, rest): (Vec<_>, Vec<_>) = inputs.into_iter().partition(is_applied_first);
        let (last, middle): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_applied_last);
        for input in first {
            self.apply(now, input);
        }
        self.apply_own_commands(now);
        for input in middle.into_iter().chain(last) {
            self.apply(now, input);
        }
        self.engine.advance(now);
    }

    /// Shows the open texts of this tab as *unknown*: a previous leader may have sent them.
    fn show_own_as_unknown(&mut self, now: Moment) {
        for forwarded in std::mem::take(&mut self.forwarded) {
            if let Command::Send(text) = forwarded.command {
                self.engine.show_unsent(now, &text, Delivery::Unknown);
            }
        }
    }

    fn apply_own_commands(&mut self, now: Moment) {
        for forwarded in std::mem::take(&mut self.forwarded) {
            self.apply_forwarded(now, forwarded);
        }
    }

    /// Applies an input. [`Engine::advance`](crate::Engine) must follow.
    fn apply(&mut self, now: Moment, input: TabInput) {
        match input {
            TabInput::Engine(input) => self.engine.apply(now, input),
            TabInput::Message(text) => match Message::from_text(text.reveal()) {
                Some(Message::Hello { from, shared }) => self.answer_hello(now, from, shared),
                Some(Message::Commands(commands)) => {
                    for forwarded in commands {
                        self.apply_forwarded(now, forwarded);
                    }
                }
                Some(Message::Statement(_) | Message::Heartbeat { .. }) | None => {}
            },
            _ => {}
        }
    }

    /// Answers a tab that has joined. If this tab has no conversation, it goes on with that of the
    /// other tab.
    fn answer_hello(&mut self, now: Moment, from: TabId, shared: Option<SharedSnapshot>) {
        if self.engine.snapshot().is_none()
            && let Some(shared) = shared
        {
            self.engine
                .load_snapshot(now, shared.snapshot.as_ref().map(Secret::reveal));
            self.engine.resume(now, shared.freshness);
            self.revision = shared.revision.raised_to(self.revision);
            self.acked = shared.acked;
        }
        // The answer must include what the other inputs of this run have changed. Without this line
        // the engine takes its snapshot only after all of them.
        self.engine.save();
        self.broadcast_statement(now, ReplyTo::Tab(from));
    }

    /// Applies a command of a visitor, at most once.
    fn apply_forwarded(&mut self, now: Moment, forwarded: ForwardedCommand) {
        if self.acked.contains(&forwarded) {
            return;
        }
        if !forwarded.is_transient() {
            self.acked.insert(forwarded.tab, forwarded.number);
            if let Role::Leading(leading) = &mut self.role
                && leading.pending == PendingAnnouncement::Nothing
            {
                leading.pending = PendingAnnouncement::Acknowledgement;
            }
        }
        let has_expired =
            forwarded.starts_conversation() && now.wall.abs_diff(forwarded.at) > START_EXPIRES_MS;
        let is_outdated =
            has_expired || forwarded.observed.is_over(ObservedPhase::of(&self.engine));
        match forwarded.command {
            Command::Send(text) if is_outdated => {
                let over = Delivery::Failed(PostFailure::ConversationEnded);
                self.engine.show_unsent(now, &text, over);
            }
            Command::Start(_) | Command::End | Command::SendAgain(_) | Command::Typed(_)
                if is_outdated => {}
            command => self.engine.apply(now, Input::Command(command)),
        }
    }

    /// Broadcasts a change before its effects are performed, and now and then a heartbeat.
    pub(super) fn announce(&mut self, now: Moment, has_changed: bool) {
        let Role::Leading(leading) = &self.role else {
            return;
        };
        if leading.unverified.is_some() {
            return;
        }
        let pending = leading.pending;
        let is_heartbeat_due = now.monotonic >= leading.broadcast_at.saturating_add(HEARTBEAT_MS);
        if has_changed || pending != PendingAnnouncement::Nothing {
            let has_conversation = self.engine.snapshot().is_some();
            self.revision = self.revision.next(self.id, has_conversation, now);
        }
        if pending == PendingAnnouncement::Leadership {
            self.broadcast_statement(now, ReplyTo::Everyone);
        } else if !self.has_others {
            self.note_broadcast(now);
        } else if has_changed || pending == PendingAnnouncement::Acknowledgement {
            self.broadcast_statement(now, ReplyTo::Nobody);
        } else if is_heartbeat_due && self.engine.engagement().is_some() {
            self.note_broadcast(now);
            let reached_for_ms = self.reached_for_ms(now);
            self.outgoing.push(Message::Heartbeat { reached_for_ms });
        }
    }

    /// Broadcasts the conversation as the engine has last saved it.
    pub(super) fn broadcast_statement(&mut self, now: Moment, to: ReplyTo) {
        self.note_broadcast(now);
        self.outgoing.push(Message::Statement(Statement {
            from: self.id,
            to,
            reached_for_ms: self.reached_for_ms(now),
            shared: self.shared_snapshot(),
        }));
    }

    fn note_broadcast(&mut self, now: Moment) {
        if let Role::Leading(leading) = &mut self.role {
            leading.broadcast_at = now.monotonic;
            leading.pending = PendingAnnouncement::Nothing;
        }
    }

    /// For how long, in ms, the server still counts as reached.
    fn reached_for_ms(&self, now: Moment) -> Option<u64> {
        let until = self.engine.connected_until()?;
        Some(until.saturating_sub(now.monotonic))
    }
}
