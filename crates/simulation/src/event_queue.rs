//! The events that will happen, in the order of their times. Events of the same time keep the order in which they were
//! scheduled.

use std::collections::BTreeMap;

use pipit_engine::{Outcome, RequestId, SessionRefused, TabInput};
use pipit_wire::Secret;
use pipit_wire::session::Session;

use crate::ids::{PacketId, PageIndex, Transmission};

/// Something that will happen. A `u32` after a page is the page's load count when the event was scheduled: the event is
/// dropped if the page has been loaded again since then.
#[derive(Debug)]
pub(crate) enum Event {
    /// The visitor acts.
    VisitorActs,
    /// The agent with this index acts.
    AgentActs(usize),
    /// A fault strikes that does not belong to a single request.
    WorldFaultStrikes,
    /// Faults cease.
    CalmBegins,
    /// A frozen page runs again.
    PageResumes(PageIndex),
    /// The host's page answers the engine's request for a session.
    SessionArrives(
        PageIndex,
        u32,
        RequestId,
        Box<Result<Session, SessionRefused>>,
    ),
    /// A page receives a message of another tab.
    TabMessageArrives(PageIndex, u32, Secret),
    /// The browser reports a change of the lock to a page.
    LockInputArrives(PageIndex, u32, Box<TabInput>),
    /// The browser is asked whether a page holds the lock.
    LockIsQueried(PageIndex, u32),
    /// A transmission of a request reaches the server.
    RequestArrives(PacketId, Transmission),
    /// The server notices that the client has closed the connection of a request.
    HangUpArrives(PacketId),
    /// The browser learns the outcome of a request.
    OutcomeArrives(PacketId, Box<Outcome>),
}

#[derive(Debug, Default)]
pub(crate) struct EventQueue {
    /// By time in ms, then by the number of the event.
    events: BTreeMap<(u64, u64), Event>,
    count: u64,
}

impl EventQueue {
    /// Schedules an event for a time, in ms.
    pub(crate) fn schedule(&mut self, at: u64, event: Event) {
        self.count += 1;
        self.events.insert((at, self.count), event);
    }

    /// The time of the next event, in ms.
    pub(crate) fn next_at(&self) -> Option<u64> {
        self.events.keys().next().map(|(at, _)| *at)
    }

    /// Removes the next event.
    pub(crate) fn pop(&mut self) -> Option<Event> {
        self.events.pop_first().map(|(_, event)| event)
    }
}
