//! The events that are scheduled in a simulated run, in the order of their virtual times. Events of the same time keep
//! the order in which they were scheduled. The *engine* is the library that runs the visitor's side of the chat in a
//! page. A *packet* is a request on the network, with its answer.

use std::collections::BTreeMap;

use pipit_engine::{Outcome, RequestId, SessionRefused, TabInput};
use pipit_wire::Secret;
use pipit_wire::session::Session;

use crate::ids::{PacketId, PageIndex, Transmission};

/// A scheduled event. In some variants a `u32` follows the page: the page's reload count at the time of scheduling. Such
/// an event is dropped if the page has been reloaded or closed since then.
#[derive(Debug)]
pub(crate) enum Event {
    /// The visitor writes, ends the conversation, or does something else.
    VisitorActs,
    /// The agent with this index does what its engagements (chats) need.
    AgentActs(usize),
    /// A fault strikes that does not belong to a single request. For example, a page crashes.
    WorldFaultStrikes,
    /// From now on, no further fault strikes.
    CalmBegins,
    /// A frozen page runs again.
    PageResumes(PageIndex),
    /// The web page that embeds Pipit answers the engine's request for a session, with a session or a refusal.
    SessionArrives(
        PageIndex,
        u32,
        RequestId,
        Box<Result<Session, SessionRefused>>,
    ),
    /// A page receives a message from another tab.
    TabMessageArrives(PageIndex, u32, Secret),
    /// The browser reports to a page that the page has got, still has or has lost the lock. The page that holds the
    /// lock leads: it talks to the server for all pages.
    LockInputArrives(PageIndex, u32, Box<TabInput>),
    /// The browser looks whether this page, which has asked, holds the lock. It then schedules the answer as a
    /// `LockInputArrives`.
    LockIsQueried(PageIndex, u32),
    /// A request reaches the server. A browser may transmit one request twice; the `Transmission` says which of the two
    /// this is.
    RequestArrives(PacketId, Transmission),
    /// The server notices that the client has closed the connection of a request.
    HangUpArrives(PacketId),
    /// The browser learns how a request has ended: with an answer, or without one.
    OutcomeArrives(PacketId, Box<Outcome>),
}

/// All scheduled events.
#[derive(Debug, Default)]
pub(crate) struct EventQueue {
    /// The key is the virtual time in ms, then the number of the event. The number keeps events of the same time in the
    /// order of their scheduling.
    events: BTreeMap<(u64, u64), Event>,
    /// The number of events that were ever scheduled.
    count: u64,
}

impl EventQueue {
    /// Schedules an event for this virtual time, in ms.
    pub(crate) fn schedule(&mut self, at: u64, event: Event) {
        self.count += 1;
        self.events.insert((at, self.count), event);
    }

    /// The virtual time of the next event, in ms. `None` if no event is scheduled.
    pub(crate) fn next_at(&self) -> Option<u64> {
        self.events.keys().next().map(|(at, _)| *at)
    }

    /// Removes the next event and returns it. `None` if no event is scheduled.
    pub(crate) fn pop(&mut self) -> Option<Event> {
        self.events.pop_first().map(|(_, event)| event)
    }
}
