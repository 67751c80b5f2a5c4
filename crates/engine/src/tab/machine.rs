//! The state machine of one browser tab that shows the chat. The modules `lead` and `follow` contain what a tab does in
//! each of its two roles. The module `record` stores the tab's state. Without the browser's locks, the *claim* (module
//! `claim`) decides which page leads.

use std::collections::VecDeque;
use std::rc::Rc;

use pipit_wire::Secret;

use super::acked::AckedCommands;
use super::claim::{Claim, ClaimReport};
use super::forwarded::ForwardedCommand;
use super::id::TabId;
use super::io::{TabEffect, TabInput, TabMode};
use super::marker::ForgetMarker;
use super::message::Message;
use super::page_id::PageId;
use super::panel_state::PanelState;
use super::revision::Revision;
use super::role::{Following, Role};
use super::view::TabView;
use crate::conversation::{Connection, Conversation, Phase};
use crate::entries::Entries;
use crate::entry::{Content, Delivery, Entry, EntryId};
use crate::snapshot::Freshness;
use crate::{Command, Effect, Engine, Input, Moment, Options, SavedRecord};

/// The record of which the driver has this text; `None` if it has none.
fn saved_record(record: Option<&str>) -> Option<Rc<SavedRecord>> {
    record.map(|record| Rc::new(SavedRecord::from_text(record)))
}

/// One browser tab that shows the chat. Of all tabs that share a conversation, one leads: it holds a lock of the
/// browser (or what replaces the lock, the claim), and its engine talks to the chat server. The others follow: they
/// show the leader's conversation and forward commands to the leader.
#[derive(Debug)]
pub struct Tab {
    pub(super) id: TabId,
    pub(super) mode: TabMode,
    /// The loaded page in which this tab runs.
    pub(super) page: PageId,
    /// The tab from which this tab's storage descends; this tab itself if its storage was empty. Tabs with the same
    /// value are a group. Without the browser's locks, only tabs of one group share a conversation.
    pub(super) group: TabId,
    /// Whether the stored record leaves open that another page of the group holds the claim.
    pub(super) may_be_held: bool,
    /// Replaces the lock of the browser. Not used in [`TabMode::Shared`].
    pub(super) claim: Claim,
    /// Whether there may be another tab. This is so if another tab waited for the lock when the browser last
    /// confirmed it, or if another tab has sent a message since.
    pub(super) has_others: bool,
    /// Whether this tab led and knew of no other tab when it left. The stored conversation is then the latest for the next
    /// page of this browser tab, or for the next chat of this page. False if the page was only frozen, because a copy of
    /// its tab may act meanwhile.
    pub(super) has_left_alone: bool,
    /// Whether this tab leads or follows, and the state that belongs to that role.
    pub(super) role: Role,
    /// The leader that most recently answered this tab; `None` before the first answer, and after this tab has stopped
    /// leading.
    pub(super) leader: Option<TabId>,
    /// Talks to the chat server while this tab leads. Otherwise it only contains the stored conversation, or that of
    /// the leader.
    pub(super) engine: Engine,
    /// The text in the composer (the field in which the visitor types).
    pub(super) draft: Rc<str>,
    pub(super) panel: PanelState,
    /// The marker of the latest forgetting that this tab knows.
    pub(super) marker: ForgetMarker,
    /// From when on this tab may tell the others its marker again, on the monotonic clock, in ms.
    pub(super) repeats_marker_at: u64,
    /// The conversation that this tab shows. Each input updates it.
    shown: Rc<Conversation>,
    /// The commands of this tab that no leader has acknowledged.
    pub(super) forwarded: VecDeque<ForwardedCommand>,
    /// The number of the most recent command of this tab; 0 before the first command.
    pub(super) last_number: i64,
    /// For each tab, the highest number of its commands that a leader has applied.
    pub(super) acked: AckedCommands,
    /// The revision of the newest statement that this tab knows. A statement is a message with which the leader sends its
    /// conversation to the other tabs.
    pub(super) revision: Revision,
    /// When this tab took its most recent input.
    pub(super) last_run: Moment,
    /// Whether the shown conversation is the latest. A conversation from this tab's storage may be older than
    /// the conversation of another tab.
    pub(super) freshness: Freshness,
    /// The messages to the other tabs that the current input has caused.
    pub(super) outgoing: Vec<Message>,
    /// The effects of the current input that the driver must perform after it has stored and broadcast everything.
    pub(super) deferred: Vec<TabEffect>,
    /// The effects that the driver has not taken yet, in the order in which it must perform them.
    pub(super) effects: VecDeque<TabEffect>,
    /// The record that the driver was most recently asked to store; `None` if there is nothing to store.
    pub(super) saved: Option<Rc<SavedRecord>>,
    /// The draft that the driver was most recently asked to store.
    pub(super) saved_draft: Rc<str>,
}

impl Tab {
    /// Creates a tab that shows the conversation in `record` and the text in `draft`, and does nothing else before
    /// [`TabInput::Join`]. The driver (the code that runs the tab) has read both from its storage: `record` was stored
    /// for a [`TabEffect::Save`], and `draft` for a [`TabEffect::SaveDraft`]. `seed` determines the id of the tab and
    /// the random part of the pauses between its engine's requests. `page` is the loaded page in which the tab runs.
    pub fn new(
        options: Options,
        seed: u64,
        mode: TabMode,
        page: PageId,
        now: Moment,
        record: Option<&str>,
        draft: Option<&str>,
    ) -> Self {
        // The shift keeps the id from being negative.
        let id = TabId((seed >> 1).cast_signed());
        let mut tab = Self {
            engine: Engine::new(options, seed),
            id,
            mode,
            page,
            group: id,
            may_be_held: false,
            claim: Claim::new(id, mode != TabMode::Alone),
            has_others: false,
            has_left_alone: false,
            leader: None,
            role: Role::Following(Following::new(now)),
            draft: draft.unwrap_or_default().into(),
            panel: PanelState::Closed,
            marker: ForgetMarker::default(),
            repeats_marker_at: 0,
            shown: Rc::default(),
            forwarded: VecDeque::new(),
            last_number: 0,
            acked: AckedCommands::default(),
            revision: Revision::default(),
            last_run: now,
            freshness: Freshness::Latest,
            outgoing: Vec::new(),
            deferred: Vec::new(),
            effects: VecDeque::new(),
            saved: saved_record(record),
            saved_draft: draft.unwrap_or_default().into(),
        };
        if let Some(record) = record {
            tab.restore(now, record);
            tab.engine.correct_end_time(now);
            tab.engine.drop_expired(now);
        }
        tab.shown = tab.conversation();
        tab
    }

    /// Takes one input. Afterwards the driver performs every [`Self::next_effect`], and sets one timer that hands over
    /// an [`Input::Tick`] at [`Self::wake_at`]. An [`Engine`] is driven in the same way.
    pub fn handle(&mut self, now: Moment, input: TabInput) {
        self.revision.correct_for_clock(self.last_run, now);
        self.last_run = now;
        // Before the input, so that the end of the conversation was shown at least once.
        self.engine.drop_expired(now);
        match input {
            TabInput::Join => self.join(now),
            TabInput::LockGranted => self.take_lock(now),
            TabInput::LockRefused => {
                self.stop_leading(now);
                self.mode = TabMode::Claimed;
                self.join(now);
            }
            TabInput::ChannelRefused => {
                self.mode = TabMode::Alone;
                self.claim = Claim::new(self.id, false);
                self.join(now);
            }
            TabInput::LockLost => self.stop_leading(now),
            TabInput::Leave { is_frozen } => {
                self.has_left_alone = self.leads() && !self.has_others && !is_frozen;
                self.claim.leave();
                self.stop_leading(now);
                // Another tab may lead before this page runs again.
                if self.has_others || self.mode == TabMode::Claimed {
                    self.freshness = Freshness::MayBeOutdated;
                }
            }
            TabInput::Reread(record) => self.reread(now, record.as_ref()),
            TabInput::TakeOver => {
                if self.claim.is_unanswered() {
                    self.claim.is_taken_over = true;
                    self.claim.steal(now);
                }
            }
            TabInput::LockVerified { has_others } => {
                self.has_others = has_others;
                self.lock_verified(now);
            }
            TabInput::ChannelVerified => {
                self.claim.end_verification();
                self.tick(now);
            }
            TabInput::ShowPanel(is_open) => self.panel = self.panel.shown(is_open),
            TabInput::Forget(marker) => self.forget(now, marker),
            TabInput::ConcludeRecord(record) => self.conclude_record(now, &record),
            TabInput::Draft(text) => {
                self.draft = text.as_str().into();
                self.dispatch(now, TabInput::Engine(Input::Command(Command::Typed(text))));
            }
            TabInput::ReplaceDraft(text) => {
                self.draft = text.into();
                // The empty text withdraws what agents may have seen of the earlier draft.
                let typed = Command::Typed(String::new());
                self.dispatch(now, TabInput::Engine(Input::Command(typed)));
            }
            TabInput::Message(text) => match self.read_current_message(now, &text) {
                Some(Message::Claim(message)) => {
                    self.claim.receive(now, message);
                    self.tick(now);
                }
                Some(_) => self.dispatch(now, TabInput::Message(text)),
                None => {}
            },
            TabInput::Engine(Input::Answer { request, outcome }) if !self.leads() => {
                // A tab that does not lead awaits only an answer to a start that was left.
                self.engine.abandoned_answered(now, request, &outcome);
            }
            input @ TabInput::Engine(_) => {
                if let TabInput::Engine(Input::Command(Command::Send(_))) = input {
                    self.draft = "".into();
                }
                self.dispatch(now, input);
            }
        }
        self.check_timeouts(now);
        self.check_claim(now);
        if !self.leads() {
            self.engine.advance_abandoned(now);
        }
        self.engine.advance_forgotten(now);
        self.flush(now);
        self.shown = self.conversation();
    }

    /// The next effect to perform; `None` if no effect is left.
    pub fn next_effect(&mut self) -> Option<TabEffect> {
        self.effects.pop_front()
    }

    /// The time at which the tab needs an [`Input::Tick`], on the monotonic clock, in ms. `None` if it needs none.
    pub fn wake_at(&self) -> Option<u64> {
        let role_wakes_at = match &self.role {
            // The engine's inputs wait until the lock is confirmed, so a tick would have no effect before that.
            Role::Leading(leading) => match leading.unverified {
                Some(_) => None,
                None => self.engine.wake_at(),
            },
            Role::Following(following) => {
                let times = [following.wake_at(), self.engine.abandoned_wake_at()];
                times.into_iter().flatten().min()
            }
        };
        let others = [
            self.claim.wake_at(),
            self.engine.forgotten_wake_at(),
            self.expires_at(),
        ];
        let others = others.into_iter().flatten();
        role_wakes_at.into_iter().chain(others).min()
    }

    /// What this tab shows.
    pub fn view(&self) -> TabView {
        TabView {
            conversation: self.shown.clone(),
            draft: self.draft.clone(),
            is_open: self.panel.is_open(),
            is_elsewhere: self.claim.is_overdue(),
            marker: self.marker,
        }
    }

    /// Whether the visitor allows the sneak preview (agents see the text in the composer before it is sent), as far as
    /// this tab knows.
    pub(super) fn is_preview_allowed(&self) -> bool {
        let mut is_preview_allowed = self.engine.conversation().sneak_preview.is_allowed();
        for forwarded in &self.forwarded {
            if let Command::AllowSneakPreview(is_allowed) = forwarded.command {
                is_preview_allowed = is_allowed;
            }
        }
        is_preview_allowed
    }

    /// The conversation that this tab shows: the engine's, and the expected effects of this tab's commands that no
    /// leader has acknowledged yet. Only a start, new messages, and the permission of the sneak preview are shown in
    /// advance. Other commands take effect when the leader has applied them.
    fn conversation(&self) -> Rc<Conversation> {
        let is_stale = match &self.role {
            Role::Leading(_) => false,
            Role::Following(following) => following.is_stale(),
        };
        if !is_stale && self.forwarded.is_empty() {
            return self.engine.conversation().clone();
        }
        let mut conversation = Conversation::clone(self.engine.conversation());
        if is_stale {
            // Without news of the leader, it is not known whether the server can be reached.
            conversation.connection = Connection::Asking;
        }
        for (index, forwarded) in (0..).zip(&self.forwarded) {
            if forwarded.starts_conversation() && !conversation.phase.is_live() {
                // A conversation after one that has ended begins with an empty transcript.
                if matches!(conversation.phase, Phase::Concluded(_)) {
                    conversation.transcript = Entries::default();
                }
                conversation.phase = Phase::Starting;
            }
            if let Command::AllowSneakPreview(is_allowed) = forwarded.command {
                conversation.sneak_preview.set_allowed(is_allowed);
            }
            if let Command::Send(text) = &forwarded.command {
                conversation.transcript.push(Rc::new(Entry {
                    id: EntryId::forwarded(index),
                    at: forwarded.at,
                    sequence: None,
                    content: Content::Visitor {
                        text: text.trim().into(),
                        delivery: Delivery::Queued,
                    },
                }));
            }
        }
        Rc::new(conversation)
    }

    /// Whether this tab leads.
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leading(_))
    }

    /// Whether this tab leads, and its inputs wait until it is certain that it still does.
    pub fn is_verifying(&self) -> bool {
        matches!(&self.role, Role::Leading(leading) if leading.unverified.is_some())
    }

    /// How this tab works together with other tabs.
    pub fn mode(&self) -> TabMode {
        self.mode
    }

    /// Whether there may be another tab, which could lead in place of this one.
    pub fn has_others(&self) -> bool {
        self.has_others
    }

    /// Whether this tab follows, shows the leader's conversation, and waits for no acknowledgement of a command.
    pub fn is_in_sync(&self) -> bool {
        let is_synced = matches!(self.role, Role::Following(Following::Synced { .. }));
        is_synced && self.forwarded.is_empty()
    }

    /// Joins the other tabs that share the conversation.
    fn join(&mut self, now: Moment) {
        self.has_left_alone = false;
        if !self.leads() {
            self.contact_with_conversation(now);
        }
        if self.mode != TabMode::Shared {
            self.claim.join(now, self.may_be_held);
        }
    }

    /// Does what is due at this time. [`Self::handle`] calls it after an input from the channel that it does not
    /// dispatch, so that the engine does not ask for a tick in the past.
    pub(super) fn tick(&mut self, now: Moment) {
        self.dispatch(now, TabInput::Engine(Input::Tick));
    }

    /// Takes over the record in the storage of a page that was suspended, if another page of the same browser tab has
    /// changed it meanwhile. If nobody has changed it, a copy of the tab may still hold the claim, unless this page has
    /// given the claim up.
    fn reread(&mut self, now: Moment, record: Option<&Secret>) {
        let record = record.map(Secret::reveal);
        let is_unchanged = match (record, &self.saved) {
            (Some(record), Some(saved)) => saved.is_of_text(record),
            (None, None) => true,
            _ => false,
        };
        if is_unchanged {
            self.may_be_held = !self.claim.has_released();
            return;
        }
        self.may_be_held = false;
        self.forwarded.clear();
        match record {
            Some(record) if !self.is_text_forgotten(record) => self.restore(now, record),
            _ => self.engine.load_snapshot(now, None),
        }
        self.saved = saved_record(record);
    }

    /// Reads a text of the channel. `None` if it is not readable, or comes from a tab that shares no conversation with
    /// this tab.
    pub(super) fn read_message(&self, text: &Secret) -> Option<Message> {
        let (message, _) = Message::from_text(text.reveal(), self.shared_group())?;
        Some(message)
    }

    /// As [`Self::read_message`], but first compares what this tab and the sender have forgotten. `None` also if the
    /// sender has not forgotten yet what this tab has forgotten. A message about the claim counts always: it contains
    /// nothing of a conversation, and without it two tabs would lead.
    fn read_current_message(&mut self, now: Moment, text: &Secret) -> Option<Message> {
        let (message, marker) = Message::from_text(text.reveal(), self.shared_group())?;
        self.has_others = true;
        let is_current = self.compare_markers(now, &message, marker);
        (is_current || matches!(message, Message::Claim(_))).then_some(message)
    }

    /// The group of this tab; `None` if all tabs of the site share one conversation.
    fn shared_group(&self) -> Option<TabId> {
        (self.mode != TabMode::Shared).then_some(self.group)
    }

    /// Asks whether this tab still holds the lock or the claim. The answer is `LockVerified` or `LockLost`, or the
    /// report of the claim that corresponds to it.
    pub(super) fn request_verification(&mut self, now: Moment) {
        if self.mode == TabMode::Shared {
            self.deferred.push(TabEffect::VerifyLock);
        } else if self.claim.verify(now) {
            self.deferred.push(TabEffect::VerifyChannel);
        }
    }

    /// Takes the lock or the claim from a leader that does not answer. If another page may hold the claim and nobody
    /// has answered this tab's question about it, only contacts the leader again: the leader may be busy, and if both
    /// tabs polled, each would get only some of the server's messages.
    pub(super) fn request_steal(&mut self, now: Moment) {
        if self.mode == TabMode::Shared {
            self.deferred.push(TabEffect::StealLock);
        } else if self.claim.is_unanswered() {
            self.contact_with_conversation(now);
        } else {
            self.claim.steal(now);
        }
    }

    /// Acts on times of the claim that have passed and on its reports, and takes over its messages to the other tabs.
    fn check_claim(&mut self, now: Moment) {
        self.claim.check_time(now);
        while let Some(report) = self.claim.report.take() {
            match report {
                ClaimReport::Granted => self.take_lock(now),
                ClaimReport::Lost => self.stop_leading(now),
                ClaimReport::Verified => self.lock_verified(now),
            }
        }
        let messages = self.claim.outgoing.drain(..);
        self.outgoing.extend(messages.map(Message::Claim));
    }

    /// Hands an input to the code for this tab's role.
    fn dispatch(&mut self, now: Moment, input: TabInput) {
        self.has_others |= matches!(input, TabInput::Message(_));
        match self.role {
            Role::Leading(_) => self.handle_leading(now, input),
            Role::Following(_) => self.handle_following(now, input),
        }
    }

    /// Queues the effects of an input, so that a change is stored and broadcast before requests are sent. A leader
    /// broadcasts before it stores, so that its storage never contains more than the next leader knows. A follower
    /// stores before it broadcasts, so that a crash does not lose its commands, which no other tab has yet.
    fn flush(&mut self, now: Moment) {
        let mut has_changed = false;
        while let Some(effect) = self.engine.next_effect() {
            match effect {
                Effect::Save => has_changed = true,
                effect => self.deferred.push(TabEffect::Engine(effect)),
            }
        }
        if self.leads() {
            self.announce(now, has_changed);
            self.broadcast_all();
            self.save();
        } else {
            self.save();
            self.broadcast_all();
        }
        self.effects.extend(self.deferred.drain(..));
    }

    /// Broadcasts the messages that the current input has caused. A tab that works alone drops them.
    fn broadcast_all(&mut self) {
        for message in std::mem::take(&mut self.outgoing) {
            if self.mode != TabMode::Alone {
                let text = message.to_text(self.shared_group(), self.marker);
                self.effects.push_back(TabEffect::Broadcast(text));
            }
        }
    }
}
