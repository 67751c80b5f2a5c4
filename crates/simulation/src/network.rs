//! The requests that are on their way between the tabs and the server. Each is a packet with a fault of its own, or
//! without one. `world::transport` moves the packets.

use pipit_engine::Request;
use pipit_wire::consumer::{Operation, SystemMessage};

use crate::fault::Fault;
use crate::ids::{PacketId, PageIndex, Transmission};

#[derive(Debug, Default)]
pub(crate) struct Network {
    packets: Vec<Packet>,
    /// Until this time, in ms, the browser is offline.
    pub(crate) offline_until: u64,
    /// The messages of the batch that was delivered last.
    pub(crate) last_batch: Vec<SystemMessage>,
    /// The messages that a fault held back from their batch.
    pub(crate) held_back: Vec<SystemMessage>,
}

#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) request: Request,
    /// The page that sent the request.
    pub(crate) page: PageIndex,
    /// The load count of the page when it sent the request.
    pub(crate) load_count: u32,
    /// When the request was sent, in ms.
    pub(crate) sent_at: u64,
    /// The visitor's start that the request belongs to.
    pub(crate) start: u32,
    pub(crate) fault: Option<Fault>,
    /// The travelling time to the server, in ms.
    pub(crate) to_server_ms: u64,
    /// The travelling time of the answer, in ms.
    pub(crate) to_browser_ms: u64,
    /// The transmission whose answer the browser receives.
    pub(crate) answered_transmission: Transmission,
    /// The connection is broken: the answer is lost, whatever it is.
    pub(crate) is_cut_off: bool,
    /// The client has closed the connection.
    pub(crate) is_given_up: bool,
    /// The messages that the answer contains, without repetitions, in the order in which the server sent them.
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

    /// The messages that the answer to this request contains.
    pub(crate) fn messages(&self, id: PacketId) -> &[SystemMessage] {
        self.packet(id).map_or(&[], |packet| &packet.messages)
    }

    pub(crate) fn operation(&self, id: PacketId) -> Option<Operation> {
        self.packet(id).map(|packet| packet.request.operation)
    }

    /// The poll that was sent last, with its page.
    pub(crate) fn last_poll(&self) -> Option<(PageIndex, Request)> {
        let mut packets = self.packets.iter().rev();
        let is_poll = |it: &&Packet| it.request.operation == Operation::GetMessages;
        let packet = packets.find(is_poll)?;
        Some((packet.page, packet.request.clone()))
    }

    /// Forgets the batches of the previous session, so that its messages are not repeated in a new one.
    pub(crate) fn forget_batches(&mut self) {
        self.last_batch.clear();
        self.held_back.clear();
    }
}
