//! The network between the pages and the chat server. Each request travels as one packet, which also carries the answer
//! back; at most one fault strikes a packet. With the fault `Duplicated`, the browser transmits the request of a packet
//! twice. `world::transport` moves the packets.

use pipit_engine::{Outcome, Request};
use pipit_wire::Response;
use pipit_wire::consumer::{Operation, SystemMessage};

use crate::fault::Fault;
use crate::ids::{PacketId, PageIndex, Transmission};

/// The network, with everything that travels on it.
#[derive(Debug, Default)]
pub(crate) struct Network {
    /// All packets that were ever sent, the answered ones included.
    packets: Vec<Packet>,
    /// The browser is offline before this virtual time, in ms.
    pub(crate) offline_until: u64,
    /// The messages of the most recent answer to a poll that has reached a tab. A poll is a request for new messages.
    /// `Fault::Repeated` repeats these messages.
    pub(crate) latest_batch: Vec<SystemMessage>,
    /// The messages that `Fault::HeldBack` has removed from the answer to a poll. The next poll's answer contains them.
    pub(crate) held_back: Vec<SystemMessage>,
}

/// A request of a page, with its travelling times, the fault that strikes it, and the messages of its answer.
#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) request: Request,
    /// The page that sent the request.
    pub(crate) page: PageIndex,
    /// The reload count of the page when it sent the request. After a reload or its closing, the page no longer receives
    /// the answer.
    pub(crate) reload_count: u32,
    /// The virtual time at which the request was sent, in ms.
    pub(crate) sent_at: u64,
    /// The number of conversations that the visitor had started when the request was sent. This number tells which
    /// start has caused a `requestEngagement`, the request that creates a chat at the server.
    pub(crate) start_number: u32,
    /// The fault that strikes the request. `None` if no fault strikes it.
    pub(crate) fault: Option<Fault>,
    /// The travelling time to the server, in ms.
    pub(crate) to_server_ms: u64,
    /// The travelling time of the answer, in ms.
    pub(crate) to_browser_ms: u64,
    /// The transmission whose answer the browser receives. The server's answer to the other transmission is dropped.
    pub(crate) answered_transmission: Transmission,
    /// The connection is broken, so no answer reaches the browser.
    pub(crate) is_connection_broken: bool,
    /// The page has closed the connection, because it no longer wants an answer.
    pub(crate) is_closed_by_page: bool,
    /// The messages in the answer to a poll, in the order in which the server sent them, without the messages that
    /// `Fault::Repeated` has added. Empty before the answer.
    pub(crate) messages: Vec<SystemMessage>,
}

impl Network {
    /// The id of the next packet that is added.
    pub(crate) fn next_id(&self) -> PacketId {
        PacketId(self.packets.len())
    }

    pub(crate) fn add(&mut self, packet: Packet) {
        self.packets.push(packet);
    }

    pub(crate) fn packet(&self, id: PacketId) -> Option<&Packet> {
        self.packets.get(id.0)
    }

    pub(crate) fn packet_mut(&mut self, id: PacketId) -> Option<&mut Packet> {
        self.packets.get_mut(id.0)
    }

    /// The messages in the answer to this poll. Empty before the answer, for other requests, and for an unknown packet.
    pub(crate) fn messages(&self, id: PacketId) -> &[SystemMessage] {
        self.packet(id).map_or(&[], |packet| &packet.messages)
    }

    pub(crate) fn operation(&self, id: PacketId) -> Option<Operation> {
        self.packet(id).map(|packet| packet.request.operation)
    }

    /// The most recently sent poll, with the page that sent it. `None` before the first poll.
    pub(crate) fn latest_poll(&self) -> Option<(PageIndex, Request)> {
        let mut packets = self.packets.iter().rev();
        let is_poll = |it: &&Packet| it.request.operation == Operation::GetMessages;
        let packet = packets.find(is_poll)?;
        Some((packet.page, packet.request.clone()))
    }

    /// Forgets the messages of the previous session, so that no fault puts them into an answer of a new session.
    pub(crate) fn forget_batches(&mut self) {
        self.latest_batch.clear();
        self.held_back.clear();
    }
}

/// The statuses and bodies with which somebody else may answer.
pub(crate) const ANSWERS_OF_SOMEBODY_ELSE: [(u16, &str); 7] = [
    (200, "<!doctype html><h1>Welcome to this network</h1>"),
    (200, r#"{"ok":true}"#),
    (200, "{}"),
    (200, "[]"),
    (200, "offline"),
    (200, ""),
    (204, ""),
];

/// Whether an outcome is the server's answer to an operation that it has performed.
pub(crate) fn is_answer(operation: Operation, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Answered { status, body, .. } => {
            matches!(operation.read_response(*status, body), Response::Answer(_))
        }
        Outcome::Lost | Outcome::NotSent => false,
    }
}
