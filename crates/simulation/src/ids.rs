//! The ids by which events, requests and pages of the simulation refer to each other. This module has nothing else, so
//! that the modules that use the ids need not depend on each other.

/// The index of a page in `World::pages`. A closed page stays in that list, so an index never changes its meaning.
pub(crate) type PageIndex = usize;

/// The index of a packet (a request with its answer) in the network's list of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PacketId(pub(crate) usize);

/// Tells apart the two transmissions of a request. A browser may send a request a second time over another connection,
/// without the page's knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transmission {
    First,
    Second,
}
