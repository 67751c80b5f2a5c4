//! The role of a tab among the tabs of its site. The tab that leads holds a lock of the browser, and its engine
//! talks to the chat server. A tab that follows shows the leader's conversation. This file contains the state of
//! each role; `lead` and `follow` change this state.

use std::collections::VecDeque;

use super::io::TabInput;
use crate::deadline::Deadline;
use crate::{Input, Moment};

/// If the leader does not answer within this time, in ms, a follower steals the lock. This time must be longer than
/// `UNVERIFIED_AFTER_MS` in `lead`, so that the previous leader and the new one never act at the same time: a leader
/// that has not run for `UNVERIFIED_AFTER_MS` first lets the browser confirm that it still holds the lock.
pub(super) const ANSWER_MS: u64 = 6_000;

/// If the leader does not answer within this time, in ms, the visitor sees that the conversation may be
/// stale. A leader that runs answers sooner.
const STALE_AFTER_MS: u64 = 1_000;

/// The role of a tab, with the state of that role.
#[derive(Debug)]
pub(super) enum Role {
    /// The tab's engine talks to the chat server.
    Leading(Leading),
    /// The tab shows the leader's conversation, or is about to lead.
    Following(Following),
}

/// What a tab that does not lead is waiting for. In the first two states the tab follows a leader. In the other
/// three the tab has the lock and is about to lead.
#[derive(Debug)]
pub(super) enum Following {
    /// This tab waits for the leader's answer to its hello, the message by which a tab contacts the leader. A new
    /// tab is in this state before it sends the hello.
    Contacting {
        /// The deadline for the leader's answer. Afterwards this tab steals the lock.
        deadline: Deadline,
        /// The time from which on the shown conversation counts as stale, on the monotonic clock, in ms.
        stale_at: u64,
        /// Whether the shown conversation counts as stale.
        is_stale: bool,
        /// Whether this tab has sent a conversation of its own to the leader. If so, statements that the leader makes
        /// before it has received that conversation do not replace it.
        carries_conversation: bool,
    },
    /// The leader has answered, and this tab shows its conversation.
    Synced {
        /// When to contact the leader again if it sends nothing, on the monotonic clock, in ms. `None`
        /// while no engagement (a chat at the server) runs, because the leader may then send nothing for a
        /// long time.
        contact_at: Option<u64>,
        /// The deadline for the leader to acknowledge the open commands (this tab's commands that the leader has
        /// not acknowledged yet); `None` if there are none.
        deadline: Option<Deadline>,
    },
    /// The leader is gone and this tab has the lock. This tab waits for messages that the old leader sent
    /// before it released the lock.
    DrainingOldLeader {
        /// The time until which this tab waits for these messages.
        deadline: Deadline,
        /// Whether the old leader has left a command without an answer, so that nobody knows whether it still reached the
        /// server.
        is_stale: bool,
    },
    /// This tab has the lock, and has asked the browser whether it still holds the lock. If a leader had answered
    /// this tab, the tab has already waited for the last messages of that leader.
    VerifyingLock {
        source: SnapshotSource,
        /// When this tab asked the browser.
        asked_at: Moment,
    },
    /// The browser has confirmed the lock. This tab's conversation comes from its storage, and other tabs may have a
    /// newer one, so this tab has asked them for it.
    PollingPeers {
        /// The time until which this tab waits for newer conversations.
        deadline: Deadline,
    },
}

/// The source of the conversation with which a tab becomes the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SnapshotSource {
    /// The previous leader had answered this tab's hello, and has sent the conversation.
    OldLeader,
    /// The conversation comes from this tab's storage, or from a leader that this tab was contacting again when it
    /// got the lock. It may be outdated.
    Storage,
}

/// What a leading tab keeps track of.
#[derive(Debug)]
pub(super) struct Leading {
    /// The most recent time at which this tab ran and certainly held the lock.
    pub(super) active_at: Moment,
    /// The inputs that wait until the browser confirms the lock; `None` while this tab certainly holds it.
    pub(super) unverified: Option<Unverified>,
    /// When this tab sent its most recent message to the other tabs, on the monotonic clock, in ms.
    pub(super) broadcast_at: u64,
    /// What the next broadcast must announce.
    pub(super) pending: PendingAnnouncement,
}

/// The inputs that wait until the browser confirms the lock.
#[derive(Debug)]
pub(super) struct Unverified {
    /// When this tab asked the browser.
    pub(super) asked_at: Moment,
    pub(super) inputs: VecDeque<TabInput>,
}

/// What the leader still has to announce to the other tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PendingAnnouncement {
    Nothing,
    /// The fact that it leads.
    Leadership,
    /// The commands that it has applied.
    Acknowledgement,
}

impl Unverified {
    /// Drops the inputs that belong to a conversation that is forgotten. An answer may still name an engagement (a chat
    /// at the server) that must be ended.
    pub(super) fn keep_only_answers(&mut self) {
        self.inputs
            .retain(|input| matches!(input, TabInput::Engine(Input::Answer { .. })));
    }
}

impl PendingAnnouncement {
    /// Makes sure that the next broadcast contains the state of the conversation.
    pub(super) fn raise_to_acknowledgement(&mut self) {
        if *self == Self::Nothing {
            *self = Self::Acknowledgement;
        }
    }
}

impl Following {
    /// The state of a tab that has not contacted its leader yet: the tab is new, or its leader has changed. Its
    /// conversation may be stale.
    pub(super) fn new(now: Moment) -> Self {
        Self::contacting(now, Deadline::new(now, ANSWER_MS), true)
    }

    /// The state of a tab that contacts the leader now. The tab waits for the answer until `deadline`.
    pub(super) fn contacting(now: Moment, deadline: Deadline, is_stale: bool) -> Self {
        Self::Contacting {
            deadline,
            stale_at: now.monotonic.saturating_add(STALE_AFTER_MS),
            is_stale,
            carries_conversation: false,
        }
    }

    /// The time at which this state must be checked again, on the monotonic clock, in ms. `None` if only an input can
    /// change it.
    pub(super) fn wake_at(&self) -> Option<u64> {
        match self {
            Self::Contacting {
                deadline,
                stale_at,
                is_stale: false,
                ..
            } => Some(deadline.wake_at().min(*stale_at)),
            Self::Contacting { deadline, .. }
            | Self::DrainingOldLeader { deadline, .. }
            | Self::PollingPeers { deadline } => Some(deadline.wake_at()),
            Self::VerifyingLock { .. } => None,
            Self::Synced {
                contact_at,
                deadline,
            } => {
                let deadline = deadline.as_ref().map(Deadline::wake_at);
                deadline.into_iter().chain(*contact_at).min()
            }
        }
    }

    /// Whether the tab has the lock and does not lead yet.
    pub(super) fn is_about_to_lead(&self) -> bool {
        match self {
            Self::Contacting { .. } | Self::Synced { .. } => false,
            Self::DrainingOldLeader { .. }
            | Self::VerifyingLock { .. }
            | Self::PollingPeers { .. } => true,
        }
    }

    /// Whether the shown conversation may be stale.
    pub(super) fn is_stale(&self) -> bool {
        match self {
            Self::Contacting { is_stale, .. } | Self::DrainingOldLeader { is_stale, .. } => {
                *is_stale
            }
            Self::VerifyingLock { .. } | Self::PollingPeers { .. } => true,
            Self::Synced { .. } => false,
        }
    }

    /// Marks the conversation as stale if the leader has not answered within [`STALE_AFTER_MS`].
    pub(super) fn update_staleness(&mut self, now: Moment) {
        if let Self::Contacting {
            stale_at, is_stale, ..
        } = self
        {
            *is_stale |= now.monotonic >= *stale_at;
        }
    }

    /// Whether the deadline of this state has expired.
    pub(super) fn has_expired(&mut self, now: Moment) -> bool {
        let deadline = match self {
            Self::Contacting { deadline, .. }
            | Self::DrainingOldLeader { deadline, .. }
            | Self::PollingPeers { deadline } => Some(deadline),
            Self::Synced { deadline, .. } => deadline.as_mut(),
            Self::VerifyingLock { .. } => None,
        };
        deadline.is_some_and(|deadline| deadline.has_expired(now))
    }
}
