//! Moves requests from a page to the server, and their outcomes back to the page. Each request is a packet, which may
//! have a fault; this file carries out the faults of the network: lost, slow, duplicated and unsent requests, requests
//! without a network (offline), and broken connections.

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
    /// Sends a request of a page. Returns the id of the packet with which the request travels.
    pub(super) fn send_packet(&mut self, page: PageIndex, request: Request) -> PacketId {
        let operation = request.operation;
        let fault = self
            .fault_plan
            .draw_for_request(&mut self.chance, operation);
        let id = self.network.next_id();
        let mut packet = Packet {
            request,
            page,
            reload_count: self.page(page).reload_count,
            sent_at: self.now,
            start_number: self.witness.start_count,
            fault,
            to_server_ms: self.chance.between(5, 150),
            to_browser_ms: self.chance.between(5, 150),
            answered_transmission: Transmission::First,
            is_connection_broken: false,
            is_closed_by_page: false,
            messages: Vec::new(),
        };
        if let Some(fault) = fault {
            self.record_fault(fault);
        }
        let arrives_at = self.now + packet.to_server_ms;
        if let Some(break_now) = self.scripted_break_of_request(operation) {
            if let Some(outcome) = break_now {
                self.schedule_outcome(id, packet.to_browser_ms, outcome);
            }
            self.network.add(packet);
            return id;
        }
        match fault {
            // The page learns after 20 ms that the browser is offline.
            _ if self.now < self.network.offline_until => {
                self.schedule_outcome(id, 20, Outcome::NotSent);
            }
            Some(Fault::NotSent) => {
                self.schedule_outcome(id, packet.to_browser_ms, Outcome::NotSent);
            }
            // Somebody else answers, so the request does not arrive.
            Some(Fault::SomebodyElseBefore) => {
                let outcome = self.draw_answer_of_somebody_else();
                self.schedule_outcome(id, packet.to_browser_ms, outcome);
            }
            // The request never arrives, so there is no answer either.
            Some(Fault::RequestLost) => self.lose_answer(id),
            // Either the request or its answer takes long.
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
            // The request is transmitted twice. Only the answer to one of the two transmissions reaches the browser.
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

    /// Closes the connection of a request, because the page no longer wants the answer. A request that is already on
    /// its way still arrives. If the server holds the request (a poll, which waits for messages), the server learns
    /// that the connection is closed. It does not learn this if the connection is already broken, or if
    /// `Fault::ResponseLost` strikes the request: in both cases the connection counts as dead.
    pub(super) fn hang_up(&mut self, id: PacketId) {
        let now = self.now;
        let Some(packet) = self.network.packet_mut(id) else {
            return;
        };
        packet.is_closed_by_page = true;
        if !packet.is_connection_broken && packet.fault != Some(Fault::ResponseLost) {
            let noticed_at = now + packet.to_server_ms;
            self.events.schedule(noticed_at, Event::HangUpArrives(id));
        }
    }

    /// Lets the server notice that the page has closed the connection of a request. If the server holds the request as
    /// a poll, it ends that poll.
    pub(super) fn notice_hang_up(&mut self, id: PacketId) {
        let (closed, open) = std::mem::take(&mut self.server.held_polls)
            .into_iter()
            .partition(|held: &HeldPoll| held.packet == id);
        self.server.held_polls = open;
        self.abandon_polls(closed);
    }

    /// Ends held polls at the server without an answer.
    pub(super) fn abandon_polls(&mut self, polls: Vec<HeldPoll>) {
        let now = self.server_now();
        for held in polls {
            held.poll.abandon(&mut self.server.switchboard, now);
        }
    }
}

/// From the server to the tab.
impl World {
    /// Leaves a request without an answer. The browser notices the loss after 20 ms to 20 s in 60 % of all cases, and
    /// never in the others.
    pub(super) fn lose_answer(&mut self, id: PacketId) {
        if self.chance.percent(60) {
            let after_ms = self.chance.between(20, 20_000);
            self.schedule_outcome(id, after_ms, Outcome::Lost);
        }
    }

    /// Schedules the outcome of a request: the browser learns it after this many ms.
    pub(super) fn schedule_outcome(&mut self, id: PacketId, after_ms: u64, outcome: Outcome) {
        let event = Event::OutcomeArrives(id, Box::new(outcome));
        self.events.schedule(self.now + after_ms, event);
    }

    /// Breaks the connections of all open requests.
    pub(super) fn break_open_connections(&mut self) {
        let pages = self.pages.iter();
        let open: Vec<PacketId> = pages
            .flat_map(|page| page.open_requests.values().copied())
            .collect();
        for id in open {
            if let Some(packet) = self.network.packet_mut(id) {
                packet.is_connection_broken = true;
            }
            self.lose_answer(id);
        }
    }

    /// Whether an outcome can reach the browser. If the connection is broken or its packet is gone, only the outcome
    /// `Lost` can.
    pub(super) fn can_reach_browser(&self, id: PacketId, outcome: &Outcome) -> bool {
        let is_broken = self
            .network
            .packet(id)
            .is_none_or(|it| it.is_connection_broken);
        !is_broken || *outcome == Outcome::Lost
    }
}
