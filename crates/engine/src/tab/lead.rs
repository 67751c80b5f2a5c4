//! A tab that leads: it holds a lock of the browser, and its engine talks to the chat server. If there are other tabs,
//! which follow, it broadcasts each change of the conversation to them. This broadcast is called a *statement*. An
//! *open* command is a command that no leader has acknowledged.

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

/// If a leader has not run for this long, in ms, another tab may have stolen its lock meanwhile. Every other tab
/// waits for longer than this before it steals the lock.
const UNVERIFIED_AFTER_MS: u64 = 2_000;

/// A command that would start a conversation expires after this time, in ms. The visitor may have left meanwhile.
const START_EXPIRES_MS: u64 = 30_000;

/// The time, in ms, from the leader's most recent message to a heartbeat. A heartbeat is a message by which the other
/// tabs learn that the leader still runs although the conversation has not changed.
const HEARTBEAT_MS: u64 = 10_000;

/// Whether the browser's confirmation of the lock, which this tab requested at `asked_at`, is recent enough. If the
/// page was suspended since, another tab may have stolen the lock.
fn is_confirmation_current(asked_at: Moment, now: Moment) -> bool {
    now.since(asked_at) <= UNVERIFIED_AFTER_MS
}

/// Whether an input that waited for the confirmation of the lock is applied before the commands that the visitor
/// has given in this tab meanwhile. This holds for the server's answers and for typed text; [`Tab::lock_verified`] says
/// why.
fn is_applied_first(input: &TabInput) -> bool {
    matches!(
        input,
        TabInput::Engine(Input::Answer { .. } | Input::Command(Command::Typed(_)))
    )
}

/// Whether an input that waited for the confirmation of the lock is applied after all commands of all tabs. This
/// holds for a session that the page has supplied: if a command has ended the start meanwhile, no engagement is needed.
fn is_applied_last(input: &TabInput) -> bool {
    matches!(input, TabInput::Engine(Input::Session(..)))
}

impl Tab {
    /// Makes this tab the leader, with the conversation that it shows. Then applies the open commands of this tab. If
    /// that conversation may be outdated, shows the open messages as *unknown* instead (they may have arrived). Does
    /// nothing if this tab already leads.
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
        let is_taken_over = std::mem::take(&mut self.claim.is_taken_over);
        if is_taken_over && freshness == Freshness::MayBeOutdated {
            self.engine.note_possible_gap(now);
        }
        self.engine.resume(now, freshness);
        match freshness {
            Freshness::MayBeOutdated => self.show_own_as_unknown(now),
            Freshness::Latest => {
                self.apply_own_commands(now);
                self.engine.advance(now);
            }
        }
    }

    /// Makes this tab follow, because it has lost the lock. Its requests are aborted, and its open commands are sent to
    /// the new leader as soon as that leader has answered. Does nothing if this tab already follows a leader.
    pub(super) fn stop_leading(&mut self, now: Moment) {
        if let Role::Following(Following::Contacting { .. } | Following::Synced { .. }) = self.role
        {
            return;
        }
        let following = Role::Following(Following::new(now));
        let previous = std::mem::replace(&mut self.role, following);
        // The engine loads its own snapshot, so that it forgets the requests that are aborted.
        let snapshot = self.engine.snapshot();
        self.engine.load_snapshot(now, snapshot.as_deref());
        // An answer that waits for the confirmation of the lock may name an engagement that must be concluded.
        if let Role::Leading(Leading {
            unverified: Some(unverified),
            ..
        }) = previous
        {
            for input in unverified.inputs {
                if let TabInput::Engine(Input::Answer { request, outcome }) = input {
                    self.engine.abandoned_answered(now, request, &outcome);
                }
            }
        }
        // These requests go on: without the answer to a request for an engagement, the engagement could not be concluded.
        let awaited = self.engine.requests_of_left_engagements();
        self.deferred.push(TabEffect::AbortAllExcept(awaited));
        self.leader = None;
        self.contact_leader(now);
    }

    /// Takes an input while this tab leads. If this tab has not run for a while, the input waits until the browser
    /// has confirmed the lock.
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
        let is_first = leading.unverified.is_none();
        let unverified = leading.unverified.get_or_insert_with(|| Unverified {
            asked_at: now,
            inputs: VecDeque::new(),
        });
        match input {
            // Typed text waits like an input of the engine. It is not kept as an open command, because it is soon
            // outdated and no leader would acknowledge it.
            TabInput::Engine(Input::Command(Command::Typed(_))) => {
                unverified.inputs.push_back(input);
            }
            // Other commands are kept as open commands, so that the visitor sees their effect at once and they
            // are stored.
            TabInput::Engine(Input::Command(command)) => {
                let forwarded = self.number_command(now, command);
                self.forwarded.extend(forwarded);
            }
            other => unverified.inputs.push_back(other),
        }
        if is_first {
            self.request_verification(now);
        }
    }

    /// Notes that the browser has confirmed the lock. A leader then applies the inputs that waited for the
    /// confirmation; a tab that is about to lead takes over.
    pub(super) fn lock_verified(&mut self, now: Moment) {
        if let Role::Following(Following::VerifyingLock { source, asked_at }) = self.role {
            if self.mode == TabMode::Alone || is_confirmation_current(asked_at, now) {
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
            self.request_verification(now);
            return;
        }
        leading.active_at = now;
        let inputs = std::mem::take(&mut unverified.inputs);
        leading.unverified = None;
        // An answer that has arrived is applied before newer commands, which could otherwise discard it. Typed text is
        // applied before them too: a message that the visitor sent later empties the draft, and the text of that
        // message must not come back as a draft. A session is applied after all commands, because one of them may have
        // ended the start.
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

    /// Shows the open messages of this tab as *unknown*, because a previous leader may have sent them. Drops
    /// its other open commands.
    fn show_own_as_unknown(&mut self, now: Moment) {
        for forwarded in std::mem::take(&mut self.forwarded) {
            // A copy of this tab has the same commands in its storage, and must neither show nor send them again.
            if self.acked.contains(&forwarded) {
                continue;
            }
            self.acked.insert(forwarded.tab, forwarded.number);
            if let Command::Send(text) = forwarded.command {
                self.engine.show_unsent(now, &text, Delivery::Unknown);
            }
        }
    }

    /// Applies the open commands of this tab.
    fn apply_own_commands(&mut self, now: Moment) {
        for forwarded in std::mem::take(&mut self.forwarded) {
            self.apply_forwarded(now, forwarded);
        }
    }

    /// Applies an input without sending the requests that are due. The caller must call `Engine::advance` afterwards.
    fn apply(&mut self, now: Moment, input: TabInput) {
        match input {
            TabInput::Engine(input) => self.engine.apply(now, input),
            TabInput::Message(text) => match self.read_message(&text) {
                Some(Message::Hello { from, shared }) => self.answer_hello(now, from, shared),
                Some(Message::Commands(commands)) => {
                    for forwarded in commands {
                        self.apply_forwarded(now, forwarded);
                    }
                }
                Some(
                    Message::Statement(_)
                    | Message::Heartbeat { .. }
                    | Message::Forgotten
                    | Message::Claim(_),
                )
                | None => {}
            },
            _ => {}
        }
    }

    /// Answers a hello, the message with which another tab asks the leader for a statement. If this tab has no
    /// conversation and the other tab has sent one, this tab continues that conversation.
    fn answer_hello(&mut self, now: Moment, from: TabId, shared: Option<SharedSnapshot>) {
        // An ended conversation stays in the tabs that show it already.
        if self.engine.snapshot_head().is_none()
            && let Some(shared) = shared.filter(|shared| !shared.has_ended(now))
        {
            self.engine
                .load_snapshot(now, shared.snapshot.as_ref().map(Secret::reveal));
            self.engine.resume(now, shared.freshness);
            self.revision = shared.revision.raised_to(self.revision);
            self.acked = shared.acked;
        }
        // The answer must include the changes of inputs that were applied just before. Without this line the engine
        // would make its next snapshot only after all inputs.
        self.engine.save();
        self.broadcast_statement(now, ReplyTo::Tab(from));
    }

    /// Applies a command. Does nothing if the command was already applied. A command is outdated if it would start a
    /// conversation and is too old, or if it was given for a start or an engagement (the chat at the server) that has
    /// ended. The message of an outdated [`Command::Send`] fails. Other outdated commands have no effect, except
    /// [`Command::Discard`] and [`Command::AllowSneakPreview`], which always apply.
    fn apply_forwarded(&mut self, now: Moment, forwarded: ForwardedCommand) {
        if self.acked.contains(&forwarded) {
            return;
        }
        // Typed text is transient: newer text replaces it, so it is not acknowledged.
        if !forwarded.is_transient() {
            self.acked.insert(forwarded.tab, forwarded.number);
            if let Role::Leading(leading) = &mut self.role {
                leading.pending.raise_to_acknowledgement();
            }
        }
        let has_expired =
            forwarded.starts_conversation() && now.wall.abs_diff(forwarded.at) > START_EXPIRES_MS;
        let is_outdated = has_expired
            || forwarded
                .observed
                .has_ended(ObservedPhase::of(&self.engine));
        match forwarded.command {
            Command::Send(text) if is_outdated => {
                let ended = Delivery::Failed(PostFailure::ConversationEnded);
                self.engine.show_unsent(now, &text, ended);
            }
            Command::Start(_) | Command::End | Command::SendAgain(_) | Command::Typed(_)
                if is_outdated => {}
            command => self.engine.apply(now, Input::Command(command)),
        }
    }

    /// Broadcasts a statement if the conversation has changed (`has_changed`) or something must be announced. Otherwise
    /// broadcasts a heartbeat if a heartbeat is due and an engagement runs. Without other tabs, announces only that this
    /// tab leads. Does nothing while this tab waits for the confirmation of the lock. The caller performs the engine's
    /// effects afterwards.
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
            let has_conversation = self.engine.snapshot_head().is_some();
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

    /// Broadcasts a statement with the engine's most recent snapshot.
    pub(super) fn broadcast_statement(&mut self, now: Moment, to: ReplyTo) {
        self.note_broadcast(now);
        self.outgoing.push(Message::Statement(Statement {
            from: self.id,
            to,
            reached_for_ms: self.reached_for_ms(now),
            shared: self.shared_snapshot(),
        }));
    }

    /// Notes that a broadcast is made now, or that it is left out because there are no other tabs. Afterwards nothing
    /// remains to be announced.
    fn note_broadcast(&mut self, now: Moment) {
        if let Role::Leading(leading) = &mut self.role {
            leading.broadcast_at = now.monotonic;
            leading.pending = PendingAnnouncement::Nothing;
        }
    }

    /// The time, in ms, for which the server will still count as reachable; `None` if the server does not count as
    /// reachable now, or if no engagement runs.
    fn reached_for_ms(&self, now: Moment) -> Option<u64> {
        let until = self.engine.connected_until()?;
        Some(until.saturating_sub(now.monotonic))
    }
}
