//! The part that a tab plays among the tabs of its site, and what it keeps track of in that part.

use std::collections::VecDeque;

use super::io::TabInput;
use crate::Moment;
use crate::deadline::Deadline;

/// If the leader has not answered by then, in ms, its lock is stolen. This is longer than a leader
/// acts without a confirmation that it holds the lock.
pub(super) const ANSWER_MS: u64 = 6_000;

/// How long a missing answer stays invisible to the visitor, in ms. A running leader answers sooner.
const STALE_AFTER_MS: u64 = 1_000;

#[derive(Debug)]
pub(super) enum Role {
    Leading(Leading),
    Following(Following),
}

/// What a following tab knows of its leader.
#[derive(Debug)]
pub(super) enum Following {
    /// It was contacted. Until it answers, its other messages may be older than the contact.
    Contacting {
        deadline: Deadline,
        /// From then on the shown conversation may be stale, on the monotonic clock, in ms.
        stale_at: u64,
        /// The shown conversation may be stale.
        is_stale: bool,
        /// This tab has sent a conversation of its own. Statements that the leader makes before it
        /// has received that conversation do not replace it.
        carries_conversation: bool,
    },
    /// It has answered.
    Synced {
        /// When to contact it again if it stays silent; `None` where it has no reason to speak.
        contact_at: Option<u64>,
        /// By when it must acknowledge the open commands.
        deadline: Option<Deadline>,
    },
    /// It is gone and this tab has the lock. This tab waits for the last messages of the old leader.
    DrainingOldLeader { deadline: Deadline },
    /// All messages of the old leader have arrived, or there were none. The browser is asked whether
    /// this tab still holds the lock.
    VerifyingLock {
        source: SnapshotSource,
        asked_at: Moment,
    },
    /// This tab may lead, but other tabs may have a newer conversation: they are asked.
    PollingPeers { deadline: Deadline },
}

/// Where the conversation is from that a tab goes on with when it becomes the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SnapshotSource {
    /// From the previous leader.
    OldLeader,
    /// From the storage of this tab.
    Storage,
}

/// What a leading tab keeps track of.
#[derive(Debug)]
pub(super) struct Leading {
    /// When this tab last ran and certainly held the lock.
    pub(super) active_at: Moment,
    /// The inputs that wait until the browser confirms the lock; `None` while that is certain.
    pub(super) unverified: Option<Unverified>,
    /// When the last message went to the other tabs, in ms.
    pub(super) broadcast_at: u64,
    pub(super) pending: PendingAnnouncement,
}

/// What waits until the browser confirms the lock.
#[derive(Debug)]
pub(super) struct Unverified {
    pub(super) asked_at: Moment,
    pub(super) inputs: VecDeque<TabInput>,
}

/// What the leader still has to announce to the other tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PendingAnnouncement {
    Nothing,
    /// That it leads.
    Leadership,
    /// Which commands it has applied.
    Acknowledgement,
}

impl Following {
    /// The state of a new tab: it has contacted nobody yet and its conversation may be stale.
    pub(super) fn new(now: Moment) -> Self {
        Self::contacting(now, Deadline::new(now, ANSWER_MS), true)
    }

    pub(super) fn contacting(now: Moment, deadline: Deadline, is_stale: bool) -> Self {
        Self::Contacting {
            deadline,
            stale_at: now.monotonic.saturating_add(STALE_AFTER_MS),
            is_stale,
            carries_conversation: false,
        }
    }

    pub(super) fn wake_at(&self) -> Option<u64> {
        match self {
            Self::Contacting {
                deadline,
                stale_at,
                is_stale: false,
                ..
            } => Some(deadline.wake_at().min(*stale_at)),
            Self::Contacting { deadline, .. }
            | Self::DrainingOldLeader { deadline }
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

    /// Whether the shown conversation may be stale.
    pub(super) fn is_stale(&self) -> bool {
        match self {
            Self::Contacting { is_stale, .. } => *is_stale,
            Self::VerifyingLock { .. } | Self::PollingPeers { .. } => true,
            Self::Synced { .. } | Self::DrainingOldLeader { .. } => false,
        }
    }

    /// Marks the conversation as stale if the leader has not answered for a while.
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
            | Self::DrainingOldLeader { deadline }
            | Self::PollingPeers { deadline } => Some(deadline),
            Self::Synced { deadline, .. } => deadline.as_mut(),
            Self::VerifyingLock { .. } => None,
        };
        deadline.is_some_and(|deadline| deadline.has_expired(now))
    }
}
