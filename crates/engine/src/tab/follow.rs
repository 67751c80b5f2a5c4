//! A tab that follows. Another tab leads: it holds a lock of the browser, and only its engine talks to the chat
//! server. In a *statement* the leader sends the conversation to the other tabs. A following tab shows that
//! conversation, and forwards the visitor's commands to the leader. If the leader is silent for too long, the
//! following tab sends it a *hello*. If the leader does not answer a hello or a command in time, the following tab
//! steals the lock. [`Following`] explains the states of a following tab.

use pipit_wire::Secret;

use super::forwarded::{ForwardedCommand, ObservedPhase};
use super::id::TabId;
use super::io::{TabInput, TabMode};
use super::machine::Tab;
use super::message::{Message, ReplyTo, SharedSnapshot, Statement};
use super::role::{ANSWER_MS, Following, Role, SnapshotSource};
use crate::deadline::Deadline;
use crate::snapshot::Freshness;
use crate::{Command, Input, Moment};

/// The deadlines of different tabs differ by up to this time, in ms, so that not all tabs steal the lock at once.
const SPREAD_MS: u64 = 2_000;

/// If the leader of a live conversation is silent for this long, in ms, a following tab sends it a hello.
const SILENCE_MS: u64 = 45_000;

/// A tab that has been granted the lock waits for this long, in ms, for the last messages of the old leader. It
/// waits again for this long for newer conversations of other tabs, if it asks them.
const LAST_MESSAGES_MS: u64 = 100;

impl Tab {
    /// The time until which this tab waits for an answer of its leader. It differs from tab to tab.
    fn answer_deadline(&self, now: Moment) -> Deadline {
        Deadline::new(now, ANSWER_MS + self.id.0.unsigned_abs() % SPREAD_MS)
    }

    /// Sends a hello to the leader and waits for its answer. The shown conversation counts as stale at once if it did
    /// before, or if the leader has already been silent for too long. Does nothing if this tab leads or has been
    /// granted the lock.
    pub(super) fn contact_leader(&mut self, now: Moment) {
        let is_stale = match &self.role {
            Role::Following(Following::Contacting { is_stale, .. }) => *is_stale,
            Role::Following(Following::Synced { contact_at, .. }) => {
                contact_at.is_some_and(|at| now.monotonic >= at)
            }
            Role::Leading(_) | Role::Following(_) => return,
        };
        let contacting = Following::contacting(now, self.answer_deadline(now), is_stale);
        self.role = Role::Following(contacting);
        self.outgoing.push(Message::Hello {
            from: self.id,
            shared: None,
        });
    }

    /// Sends a hello with this tab's own conversation to the leader, which may have an older one or none.
    pub(super) fn contact_with_conversation(&mut self, now: Moment) {
        let shared = Some(self.shared_snapshot()).filter(|shared| shared.snapshot.is_some());
        // The shown conversation counts as stale at once: the leader may have a different one.
        let is_stale = true;
        let mut contacting = Following::contacting(now, self.answer_deadline(now), is_stale);
        if let Following::Contacting {
            carries_conversation,
            ..
        } = &mut contacting
        {
            *carries_conversation = shared.is_some();
        }
        self.role = Role::Following(contacting);
        let from = self.id;
        self.outgoing.push(Message::Hello { from, shared });
    }

    /// Notes that the browser has granted the lock to this tab. Before the tab leads, it asks the browser to confirm
    /// the lock. If the tab shows the conversation of the old leader, it first waits for the messages that the old
    /// leader has already sent. A tab whose most recent hello is still unanswered skips this step, because it asks the
    /// other tabs later, in [`Self::take_over`].
    pub(super) fn take_lock(&mut self, now: Moment) {
        match &self.role {
            Role::Following(Following::Synced { deadline, .. }) => {
                self.role = Role::Following(Following::DrainingOldLeader {
                    deadline: Deadline::new(now, LAST_MESSAGES_MS),
                    is_stale: deadline.is_some(),
                });
            }
            Role::Following(Following::Contacting { .. }) => {
                self.verify_lock(now, SnapshotSource::Storage);
            }
            Role::Following(
                Following::DrainingOldLeader { .. }
                | Following::VerifyingLock { .. }
                | Following::PollingPeers { .. },
            )
            | Role::Leading(_) => {}
        }
    }

    /// Asks the browser whether this tab still holds the lock. `source` is the source of the conversation with
    /// which this tab will lead.
    pub(super) fn verify_lock(&mut self, now: Moment, source: SnapshotSource) {
        self.role = Role::Following(Following::VerifyingLock {
            source,
            asked_at: now,
        });
        self.request_verification(now);
    }

    /// Makes this tab the leader after the browser has confirmed the lock. If the conversation comes from this tab's
    /// storage, another tab may have a newer one. If other tabs wait for the lock, this tab then first asks them.
    pub(super) fn take_over(&mut self, now: Moment, source: SnapshotSource) {
        if source == SnapshotSource::OldLeader || !self.has_others {
            self.lead(now);
            return;
        }
        let deadline = Deadline::new(now, LAST_MESSAGES_MS);
        self.role = Role::Following(Following::PollingPeers { deadline });
        // A tab with a newer conversation answers with a hello that contains it.
        self.broadcast_statement(now, ReplyTo::Everyone);
    }

    /// Takes an input while this tab follows.
    pub(super) fn handle_following(&mut self, now: Moment, input: TabInput) {
        match input {
            TabInput::Message(text) => match self.read_message(&text) {
                Some(Message::Statement(statement)) => self.apply_statement(now, statement),
                Some(Message::Heartbeat { reached_for_ms }) => {
                    self.note_leader_is_alive(now, reached_for_ms);
                }
                Some(Message::Hello {
                    shared: Some(shared),
                    ..
                }) => self.consider_peer(now, shared),
                Some(
                    Message::Hello { .. }
                    | Message::Commands(_)
                    | Message::Forgotten
                    | Message::Claim(_),
                )
                | None => {}
            },
            TabInput::Engine(Input::Command(command)) => self.forward(now, command),
            TabInput::Engine(Input::Wake) => self.contact_leader(now),
            _ => {}
        }
    }

    /// Forwards a command to the leader, together with all earlier commands that no leader has acknowledged.
    fn forward(&mut self, now: Moment, command: Command) {
        // If the visitor has forbidden the preview, typed text stays in this tab, even if the leader does
        // not know of the visitor's decision yet.
        if matches!(command, Command::Typed(_)) && !self.is_preview_allowed() {
            return;
        }
        let Some(forwarded) = self.number_command(now, command) else {
            return;
        };
        let open = self.forwarded.iter().cloned().chain([forwarded.clone()]);
        self.outgoing.push(Message::Commands(open.collect()));
        if !forwarded.is_transient() {
            self.forwarded.push_back(forwarded);
            let answer_deadline = self.answer_deadline(now);
            if let Role::Following(Following::Synced { deadline, .. }) = &mut self.role {
                deadline.get_or_insert(answer_deadline);
            }
        }
    }

    /// Gives a command the next number of this tab. `None` if the command is a text without content, or a start while a
    /// conversation starts or runs: these commands change nothing.
    pub(super) fn number_command(
        &mut self,
        now: Moment,
        command: Command,
    ) -> Option<ForwardedCommand> {
        let observed = ObservedPhase::of(&self.engine);
        let is_no_op = match &command {
            Command::Send(text) => text.trim().is_empty(),
            Command::Start(_) => observed != ObservedPhase::Idle,
            _ => false,
        };
        if is_no_op {
            return None;
        }
        self.last_number += 1;
        Some(ForwardedCommand {
            tab: self.id,
            number: self.last_number,
            at: now.wall,
            observed,
            command,
        })
    }

    /// Handles a statement of the leader, or of a tab that is about to lead. Shows its conversation if this tab cannot
    /// have a newer one.
    fn apply_statement(&mut self, now: Moment, statement: Statement) {
        let is_answer = statement.to == ReplyTo::Tab(self.id);
        let carries_conversation = matches!(
            self.role,
            Role::Following(Following::Contacting {
                carries_conversation: true,
                ..
            })
        );
        let is_about_to_lead =
            matches!(&self.role, Role::Following(following) if following.is_about_to_lead());
        match statement.to {
            ReplyTo::Everyone if is_about_to_lead => {
                self.consider_rival(now, statement.shared);
            }
            // A new leader may have an older conversation than this tab.
            ReplyTo::Everyone if self.revision.is_newer_than(&statement.shared.revision) => {
                self.contact_with_conversation(now);
            }
            ReplyTo::Everyone => {
                self.adopt(now, statement.shared);
                self.expect_further_statements();
                // The sender may not lead yet. The answer to a hello shows that it does.
                self.role = Role::Following(Following::new(now));
                self.contact_leader(now);
            }
            // The leader may have made this statement before it received this tab's conversation.
            ReplyTo::Tab(_) | ReplyTo::Nobody if carries_conversation && !is_answer => {}
            ReplyTo::Tab(_) | ReplyTo::Nobody => {
                self.adopt(now, statement.shared);
                if is_answer {
                    self.note_leader_answered(now, statement.from);
                }
                self.note_leader_is_alive(now, statement.reached_for_ms);
            }
        }
    }

    /// Takes a statement of another tab that is about to lead, while this tab is about to lead too. Two tabs may have
    /// taken the lock from a silent leader at almost the same time. Only the loss of the lock makes one of them follow.
    /// If each followed the other because of its statement, nobody would lead until both took the lock again, and that
    /// could repeat for ever.
    fn consider_rival(&mut self, now: Moment, shared: SharedSnapshot) {
        if !self.revision.is_newer_than(&shared.revision) {
            self.adopt(now, shared);
            self.expect_further_statements();
        }
    }

    /// Notes that the sender of a statement may go on before it knows of this tab. Without locks, the sender may then
    /// send no further statement, and this tab must not send what the sender may have sent.
    fn expect_further_statements(&mut self) {
        if self.mode == TabMode::Claimed {
            self.freshness = Freshness::MayBeOutdated;
        }
    }

    /// Takes over the conversation of another tab, and drops the commands of this tab that the conversation already
    /// includes. An ended conversation is not handed on: a tab that has shown nothing of it does not take it over, and a
    /// tab that shows it keeps it until another conversation begins.
    fn adopt(&mut self, now: Moment, shared: SharedSnapshot) {
        let snapshot = shared.snapshot.as_ref().map(Secret::reveal);
        let is_kept = match snapshot {
            Some(_) => self.is_blank() && shared.has_ended(now),
            None => self.engine.has_ended(),
        };
        if self.engine.snapshot().as_deref() != snapshot && !is_kept {
            self.engine.load_snapshot(now, snapshot);
        }
        self.freshness = shared.freshness;
        self.revision = shared.revision;
        self.acked = shared.acked;
        self.forwarded
            .retain(|forwarded| !self.acked.contains(forwarded));
    }

    /// Whether this tab has neither a conversation nor a command for one.
    fn is_blank(&self) -> bool {
        self.engine.snapshot_head().is_none() && self.forwarded.is_empty()
    }

    /// Adopts the conversation of another following tab, if this tab is about to lead and the other
    /// conversation is newer.
    fn consider_peer(&mut self, now: Moment, shared: SharedSnapshot) {
        let is_polling = matches!(self.role, Role::Following(Following::PollingPeers { .. }));
        if is_polling && shared.revision.is_newer_than(&self.revision) {
            self.adopt(now, shared);
        }
    }

    /// This tab's conversation in the form in which tabs send it to each other.
    pub(super) fn shared_snapshot(&self) -> SharedSnapshot {
        SharedSnapshot {
            revision: self.revision,
            acked: self.acked.clone(),
            freshness: self.freshness,
            snapshot: self.engine.snapshot().map(Secret::new),
        }
    }

    /// Notes that the leader has answered this tab's hello. If the leader is another tab than before, this tab sends
    /// the new leader all commands that no leader has acknowledged.
    fn note_leader_answered(&mut self, now: Moment, leader: TabId) {
        let answer_deadline = self.answer_deadline(now);
        if let Role::Following(following @ Following::Contacting { .. }) = &mut self.role {
            *following = Following::Synced {
                contact_at: None,
                deadline: Some(answer_deadline),
            };
        }
        if self.leader.replace(leader) != Some(leader) && !self.forwarded.is_empty() {
            let open = self.forwarded.iter().cloned().collect();
            self.outgoing.push(Message::Commands(open));
        }
    }

    /// Notes that the leader runs. `reached_for_ms` is the time for which the server still counts as
    /// reachable, in ms. If an engagement runs, this tab contacts the leader after this time, and at the latest after
    /// [`SILENCE_MS`]. If no command waits for an acknowledgement, this tab no longer awaits an answer.
    fn note_leader_is_alive(&mut self, now: Moment, reached_for_ms: Option<u64>) {
        let is_live = self.engine.engagement().is_some();
        let has_open_commands = !self.forwarded.is_empty();
        if let Role::Following(Following::Synced {
            contact_at,
            deadline,
        }) = &mut self.role
        {
            let silence_ms = reached_for_ms.unwrap_or(SILENCE_MS).min(SILENCE_MS);
            *contact_at = is_live.then(|| now.monotonic.saturating_add(silence_ms));
            if !has_open_commands {
                *deadline = None;
            }
        }
    }

    /// Acts on deadlines that have passed. Must be called after every input and not only after ticks: an input that
    /// arrives before an overdue timer would otherwise leave `wake_at` in the past.
    pub(super) fn check_timeouts(&mut self, now: Moment) {
        let next_deadline = self.answer_deadline(now);
        let Role::Following(following) = &mut self.role else {
            return;
        };
        following.update_staleness(now);
        let has_expired = following.has_expired(now);
        match following {
            Following::DrainingOldLeader { .. } if has_expired => {
                self.verify_lock(now, SnapshotSource::OldLeader);
            }
            Following::PollingPeers { .. } if has_expired => self.lead(now),
            Following::Contacting { deadline, .. } if has_expired => {
                *deadline = next_deadline;
                self.request_steal(now);
            }
            Following::Synced {
                deadline,
                contact_at,
            } if has_expired => {
                *deadline = Some(next_deadline);
                // The hello is postponed, because this tab takes the lock from the leader.
                *contact_at = contact_at.map(|_| now.monotonic.saturating_add(SILENCE_MS));
                self.request_steal(now);
            }
            Following::Synced {
                contact_at: Some(at),
                ..
            } if now.monotonic >= *at => self.contact_leader(now),
            Following::Contacting { .. }
            | Following::Synced { .. }
            | Following::DrainingOldLeader { .. }
            | Following::VerifyingLock { .. }
            | Following::PollingPeers { .. } => {}
        }
    }
}
