//! The names by which events, requests and pages refer to each other. They are in a module of their own so that no
//! two modules depend on each other for them.

/// The index of a page in the world's list of pages. A page is never removed from the list.
pub(crate) type PageIndex = usize;

/// The index of a packet in the network's list of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PacketId(pub(crate) usize);

/// Which transmission of a request this is. A browser may send a request a second time on its own, over another
/// connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transmission {
    First,
    Second,
}
