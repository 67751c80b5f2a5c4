//! Moves requests from a tab to the server and outcomes back to the tab, and applies the faults of the way.

use pipit_engine::{Outcome, Request};
use pipit_switchboard::LongPoll as _;

use super::World;
use crate::event_queue::Event;
use crate::fault::Fault;
use crate::ids::{PacketId, PageIndex, Transmission};
use crate::network::Packet;
use crate::server::HeldPoll;

/// From the tab to the server.
impl World {
    /// Sends a request of a tab.
    pub(super) fn send_packet(&mut self, page: PageIndex, request: Request) -> PacketId {
        let operation = request.operation;
        let fault = self
            .fault_plan
            .draw_for_request(&mut self.chance, operation);
        let id = self.network.next_id();
        let mut packet = Packet {
            request,
            page,
            load_count: self.page(page).load_count,
            sent_at: self.now,
            start: self.witness.starts,
            fault,
            to_server_ms: self.chance.between(5, 150),
            to_browser_ms: self.chance.between(5, 150),
            answered_transmission: Transmission::First,
            is_cut_off: false,
            is_given_up: false,
            messages: Vec::new(),
        };
        if let Some(fault) = fault {
            self.record_fault(fault);
        }
        let arrives_at = self.now + packet.to_server_ms;
        match fault {
            _ if self.now < self.network.offline_until => {
                self.schedule_outcome(id, 20, Outcome::NotSent);
            }
            Some(Fault::NotSent) => {
                self.schedule_outcome(id, packet.to_browser_ms, Outcome::NotSent);
            }
            Some(Fault::RequestLost) => self.lose_answer(id),
            Some(Fault::Slow) => {
                let slow_ms = self.chance.between(5_000, 90_000);
                *self
                    .chance
                    .either(&mut packet.to_server_ms, &mut packet.to_browser_ms) = slow_ms;
                self.events.schedule(
                    self.now + packet.to_server_ms,
                    Event::RequestArrives(id, Transmission::First),
                );
            }
            Some(Fault::Duplicated) => {
                packet.answered_transmission = self
                    .chance
                    .either(Transmission::First, Transmission::Second);
                let second_arrives_at = arrives_at + self.chance.between(1, 3_000);
                self.events
                    .schedule(arrives_at, Event::RequestArrives(id, Transmission::First));
                self.events.schedule(
                    second_arrives_at,
                    Event::RequestArrives(id, Transmission::Second),
                );
            }
            _ => self
                .events
                .schedule(arrives_at, Event::RequestArrives(id, Transmission::First)),
        }
        self.network.add(packet);
        id
    }

    /// The client closes the connection of a request. The request arrives nevertheless if it is on its way. A server
    /// that holds a poll notices the closed connection, unless the connection itself is broken.
    pub(super) fn hang_up(&mut self, id: PacketId) {
        let now = self.now;
        let Some(packet) = self.network.packet_mut(id) else {
            return;
        };
        packet.is_given_up = true;
        if !packet.is_cut_off && packet.fault != Some(Fault::ResponseLost) {
            let noticed_at = now + packet.to_server_ms;
            self.events.schedule(noticed_at, Event::HangUpArrives(id));
        }
    }

    /// The server notices that the client has closed the connection of a poll.
    pub(super) fn notice_hang_up(&mut self, id: PacketId) {
        let (closed, open) = std::mem::take(&mut self.server.held_polls)
            .into_iter()
            .partition(|held: &HeldPoll| held.packet == id);
        self.server.held_polls = open;
        self.abandon_polls(closed);
    }

    /// The server gives up polls without answering them.
    pub(super) fn abandon_polls(&mut self, polls: Vec<HeldPoll>) {
        let now = self.server_now();
        for held in polls {
            held.poll.abandon(&mut self.server.switchboard, now);
        }
    }
}

/// From the server to the tab.
impl World {
    /// The answer to a request is lost. The browser notices after a while, or never.
    pub(super) fn lose_answer(&mut self, id: PacketId) {
        if self.chance.percent(60) {
            let after_ms = self.chance.between(20, 20_000);
            self.schedule_outcome(id, after_ms, Outcome::Lost);
        }
    }

    /// Lets the browser learn the outcome of a request after this time.
    pub(super) fn schedule_outcome(&mut self, id: PacketId, after_ms: u64, outcome: Outcome) {
        let event = Event::OutcomeArrives(id, Box::new(outcome));
        self.events.schedule(self.now + after_ms, event);
    }

    /// Breaks the connections of all open requests.
    pub(super) fn cut_off_all(&mut self) {
        let pages = self.pages.iter();
        let open: Vec<PacketId> = pages
            .flat_map(|page| page.open_requests.values().copied())
            .collect();
        for id in open {
            if let Some(packet) = self.network.packet_mut(id) {
                packet.is_cut_off = true;
            }
            self.lose_answer(id);
        }
    }

    /// Whether an outcome can reach the browser: over a broken connection, only the loss itself can.
    pub(super) fn can_reach_browser(&self, id: PacketId, outcome: &Outcome) -> bool {
        let is_cut_off = self.network.packet(id).is_none_or(|it| it.is_cut_off);
        !is_cut_off || *outcome == Outcome::Lost
    }
}
