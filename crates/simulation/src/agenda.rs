//! What will happen and when: by time, and of one time in the order in which it was put down.

use std::collections::BTreeMap;

use pipit_engine::{Outcome, RequestId, SessionRefused, TabInput};
use pipit_wire::Secret;
use pipit_wire::session::Session;

use crate::network::PacketId;
use crate::page::PageNo;

/// Something that will happen.
#[derive(Debug)]
pub(crate) enum Event {
    /// The visitor does the next thing.
    Visitor,
    /// An agent does the next thing; which agent.
    Clerk(usize),
    /// The next fault of the world, beside those of single requests.
    Trouble,
    /// From now on nothing goes wrong any more.
    Calm,
    /// A frozen tab runs again.
    Thaw(PageNo),
    /// The page, loaded so many times, answers for a session.
    Session(PageNo, u32, RequestId, Box<Result<Session, SessionRefused>>),
    /// A page, loaded so many times, hears what another tab has said.
    Heard(PageNo, u32, Secret),
    /// A page, loaded so many times, has news of the lock.
    Lock(PageNo, u32, Box<TabInput>),
    /// The browser is asked whether a page, loaded so many times, holds the lock.
    Query(PageNo, u32),
    /// A request reaches the server; the how manieth copy of it.
    Arrival(PacketId, Copy),
    /// The server notices that the client of a request has hung up.
    HangUp(PacketId),
    /// A request comes back to the browser.
    Return(PacketId, Box<Outcome>),
}

/// A browser may send a request a second time by itself, on another connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copy {
    First,
    Second,
}

#[derive(Debug, Default)]
pub(crate) struct Agenda {
    events: BTreeMap<(u64, u64), Event>,
    count: u64,
}

impl Agenda {
    /// Puts an event down for a time, in ms.
    pub(crate) fn put(&mut self, at: u64, event: Event) {
        self.count += 1;
        self.events.insert((at, self.count), event);
    }

    /// When the next event is, in ms.
    pub(crate) fn next_at(&self) -> Option<u64> {
        self.events.keys().next().map(|(at, _)| *at)
    }

    pub(crate) fn take(&mut self) -> Option<Event> {
        self.events.pop_first().map(|(_, event)| event)
    }
}
