//! The network between tab and server: every request is a packet with a fate of its own.

use pipit_engine::{Outcome, Request};
use pipit_wire::consumer::{Operation, SystemMessage};

use crate::agenda::{Copy, Event};
use crate::fault::Fault;
use crate::page::PageNo;
use crate::server::{BEGAN, Held};
use crate::world::World;

/// Names a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PacketId(usize);

#[derive(Debug, Default)]
pub(crate) struct Network {
    packets: Vec<Packet>,
    /// The browser is offline before then, in ms.
    pub(crate) offline_until: u64,
    /// What the last batch brought, and what was held back from it.
    pub(crate) last_batch: Vec<SystemMessage>,
    pub(crate) held_back: Vec<SystemMessage>,
}

#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) request: Request,
    /// The page that it left, and how often that had been loaded.
    pub(crate) page: PageNo,
    pub(crate) loads: u32,
    /// When it left, in ms.
    pub(crate) sent_at: u64,
    /// The start that it belongs to.
    pub(crate) start: u32,
    pub(crate) fault: Option<Fault>,
    there_ms: u64,
    pub(crate) back_ms: u64,
    /// Of two copies, the answer to this one is heard.
    pub(crate) heard: Copy,
    /// Its answer is lost, whatever it is.
    pub(crate) is_cut_off: bool,
    /// The client has hung up.
    pub(crate) is_given_up: bool,
    /// The messages of its answer, as the server meant them.
    pub(crate) brings: Vec<SystemMessage>,
}

impl Network {
    pub(crate) fn packet(&self, id: PacketId) -> Option<&Packet> {
        self.packets.get(id.0)
    }

    pub(crate) fn packet_mut(&mut self, id: PacketId) -> Option<&mut Packet> {
        self.packets.get_mut(id.0)
    }

    pub(crate) fn brings(&self, id: PacketId) -> &[SystemMessage] {
        self.packet(id).map_or(&[], |packet| &packet.brings)
    }

    pub(crate) fn operation(&self, id: PacketId) -> Option<Operation> {
        self.packet(id).map(|packet| packet.request.operation)
    }

    /// The last poll that left.
    pub(crate) fn last_poll(&self) -> Option<(PageNo, Request)> {
        let mut packets = self.packets.iter().rev();
        let is_poll = |it: &&Packet| it.request.operation == Operation::GetMessages;
        let packet = packets.find(is_poll)?;
        Some((packet.page, packet.request.clone()))
    }

    /// Another session has other messages.
    pub(crate) fn forget_batches(&mut self) {
        self.last_batch.clear();
        self.held_back.clear();
    }
}

/// From the tab to the server.
impl World {
    /// A request leaves the tab.
    pub(crate) fn depart(&mut self, page: PageNo, request: Request) -> PacketId {
        let operation = request.operation;
        let fault = self.weather.strike(&mut self.chance, operation);
        let id = PacketId(self.network.packets.len());
        let mut packet = Packet {
            request,
            page,
            loads: self.page(page).loads,
            sent_at: self.now,
            start: self.witness.starts,
            fault,
            there_ms: self.chance.between(5, 150),
            back_ms: self.chance.between(5, 150),
            heard: Copy::First,
            is_cut_off: false,
            is_given_up: false,
            brings: Vec::new(),
        };
        if let Some(fault) = fault {
            self.struck(fault);
        }
        let arrives = self.now + packet.there_ms;
        match fault {
            _ if self.now < self.network.offline_until => self.come_back(id, 20, Outcome::NotSent),
            Some(Fault::NotSent) => self.come_back(id, packet.back_ms, Outcome::NotSent),
            Some(Fault::RequestLost) => self.lose(id),
            Some(Fault::Slow) => {
                let late = self.chance.between(5_000, 90_000);
                *self
                    .chance
                    .either(&mut packet.there_ms, &mut packet.back_ms) = late;
                self.agenda
                    .put(self.now + packet.there_ms, Event::Arrival(id, Copy::First));
            }
            Some(Fault::Duplicated) => {
                packet.heard = self.chance.either(Copy::First, Copy::Second);
                let later = arrives + self.chance.between(1, 3_000);
                self.agenda.put(arrives, Event::Arrival(id, Copy::First));
                self.agenda.put(later, Event::Arrival(id, Copy::Second));
            }
            _ => self.agenda.put(arrives, Event::Arrival(id, Copy::First)),
        }
        self.network.packets.push(packet);
        id
    }

    /// The client hangs up. What is on its way arrives all the same; a server that holds a poll
    /// notices, unless it is the way there that is broken.
    pub(crate) fn hang_up(&mut self, id: PacketId) {
        let now = self.now;
        let Some(packet) = self.network.packet_mut(id) else {
            return;
        };
        packet.is_given_up = true;
        if !packet.is_cut_off && packet.fault != Some(Fault::ResponseLost) {
            let at = now + packet.there_ms;
            self.agenda.put(at, Event::HangUp(id));
        }
    }

    /// The server notices that a client has hung up.
    pub(crate) fn hung_up(&mut self, id: PacketId) {
        let now = self.server_now();
        let (gone, held) = std::mem::take(&mut self.server.held)
            .into_iter()
            .partition(|held: &Held| held.packet == id);
        self.server.held = held;
        self.abandon(gone, now);
    }

    pub(crate) fn abandon(&mut self, gone: Vec<Held>, now: i64) {
        for held in gone {
            pipit_switchboard::LongPoll::abandon(&held.poll, &mut self.server.board, now);
        }
    }

    pub(crate) fn server_now(&self) -> i64 {
        BEGAN + self.now.cast_signed()
    }
}

/// From the server to the tab.
impl World {
    /// No answer comes; the browser notices after a while, or never.
    pub(crate) fn lose(&mut self, id: PacketId) {
        if self.chance.percent(60) {
            let after_ms = self.chance.between(20, 20_000);
            self.come_back(id, after_ms, Outcome::Lost);
        }
    }

    pub(crate) fn come_back(&mut self, id: PacketId, after_ms: u64, outcome: Outcome) {
        let event = Event::Return(id, Box::new(outcome));
        self.agenda.put(self.now + after_ms, event);
    }

    /// All that is under way is lost.
    pub(crate) fn cut_off(&mut self) {
        let pages = self.pages.iter();
        let open: Vec<PacketId> = pages
            .flat_map(|page| page.under_way.values().copied())
            .collect();
        for id in open {
            if let Some(packet) = self.network.packet_mut(id) {
                packet.is_cut_off = true;
            }
            self.lose(id);
        }
    }

    /// Whether an answer that comes back still has a way: one that was cut off has none.
    pub(crate) fn has_way(&self, id: PacketId, outcome: &Outcome) -> bool {
        let is_cut_off = self.network.packet(id).is_none_or(|it| it.is_cut_off);
        !is_cut_off || *outcome == Outcome::Lost
    }

    /// The batch was handed over: it can come again.
    pub(crate) fn handed(&mut self, id: PacketId) {
        self.network.last_batch = self.network.brings(id).to_vec();
    }
}
