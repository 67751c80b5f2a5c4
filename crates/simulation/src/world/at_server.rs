//! Lets the server process a request that has arrived, and sends the answer back. This file also carries out the faults
//! that replace an answer (by an error status, or by an answer of somebody else), lose it, cut it, or change its batch (the messages in the answer to a
//! poll). A *mutation* is a defect of the client that the simulation imitates, to show that its checks detect the
//! defect; some mutations are imitated here. The macro `note!` writes a line into the log of the simulated run.

use pipit_engine::{Outcome, Request};
use pipit_wire::consumer::{GetMessagesResponse, Operation, PostMessageRequest, SystemMessage};
use pipit_wire::{ExceptionCode, Refusal, WireObject};

use super::World;
use crate::event_queue::Event;
use crate::fault::Fault;
use crate::ids::{PacketId, Transmission};
use crate::mutation::Mutation;
use crate::network::ANSWERS_OF_SOMEBODY_ELSE;
use crate::server::{HeldPoll, Reply, session_id};

impl World {
    /// Processes a transmission of a request that reaches the server. A browser can transmit one request twice.
    pub(super) fn process_at_server(&mut self, id: PacketId, transmission: Transmission) {
        let Some(packet) = self.network.packet(id) else {
            return;
        };
        let (request, fault) = (packet.request.clone(), packet.fault);
        if self.now < self.server.down_until {
            // The browser learns after 20 ms that the server is down.
            let outcome = self.chance.either(Outcome::NotSent, Outcome::Lost);
            self.schedule_outcome(id, 20, outcome);
            return;
        }
        if let Some(outcome) = self.scripted_failure(request.operation) {
            self.send_answer(id, transmission, outcome);
            return;
        }
        if let Some(refusal) = self.draw_refusal(fault) {
            let retry_after =
                matches!(refusal.status, 429 | 503).then(|| self.chance.between(1_000, 30_000));
            let outcome = answer(refusal.status, retry_after, refusal.body());
            self.send_answer(id, transmission, outcome);
            return;
        }
        let now = self.server_now();
        let reply = match self.mutation {
            Some(Mutation::AcceptsUndelivered) if request.operation == Operation::PostMessage => {
                Ok(Reply::Object(r#"{"clientId":1}"#.to_owned()))
            }
            _ => self.server.answer(&request, now),
        };
        note!(
            self,
            "    server: {} {}",
            request.operation.name(),
            describe(&reply)
        );
        self.record_server_action(id, transmission, &request, reply.is_ok());
        match reply {
            Ok(Reply::Held(poll)) => {
                self.server.held_polls.push(HeldPoll {
                    packet: id,
                    transmission,
                    poll,
                });
                // If the page has closed the connection before the request arrived, the server notices that at once.
                if self
                    .network
                    .packet(id)
                    .is_some_and(|it| it.is_closed_by_page)
                {
                    self.events.schedule(self.now + 1, Event::HangUpArrives(id));
                }
            }
            Ok(Reply::Batch(batch)) => self.send_batch(id, transmission, *batch),
            Ok(Reply::Object(body)) => self.send_answer(id, transmission, answer(200, None, body)),
            Err(refusal) => {
                let outcome = answer(refusal.status, None, refusal.body());
                self.send_answer(id, transmission, outcome);
            }
        }
    }

    /// Draws the error with which the server answers because of a fault, without processing the request. `None` if the
    /// server processes the request.
    fn draw_refusal(&mut self, fault: Option<Fault>) -> Option<Refusal> {
        let status = match fault? {
            Fault::ErrorBefore => self.chance.pick(&[500, 502, 504])?,
            Fault::TooMany => 429,
            Fault::Unavailable => 503,
            Fault::TokenRefused => 403,
            // Otherwise the server processes the request, and `send_answer` replaces the answer by 408.
            Fault::TimedOut if self.chance.percent(50) => 408,
            _ => return None,
        };
        Some(refusal(status))
    }

    /// Records what the server has done with a request in the witness (the record of what has truly happened), and
    /// checks the invariants that depend on it. `is_accepted` says that the server has not refused the request.
    fn record_server_action(
        &mut self,
        id: PacketId,
        transmission: Transmission,
        request: &Request,
        is_accepted: bool,
    ) {
        let packet = self.network.packet(id);
        let start_number = packet.map_or(0, |packet| packet.start_number);
        match request.operation {
            Operation::RequestEngagement if is_accepted => {
                *self
                    .witness
                    .engagements_by_start
                    .entry(start_number)
                    .or_default() += 1;
            }
            // The server refuses the second transmission, because its token is used already. If the browser receives
            // this refusal, the engine may request an engagement once more.
            Operation::RequestEngagement if transmission == Transmission::Second => {
                *self
                    .witness
                    .extra_engagements_by_start
                    .entry(start_number)
                    .or_default() += 1;
            }
            Operation::PostMessage => {
                if let Ok(post) = PostMessageRequest::from_json(&request.body) {
                    let text = self.witness.text_mut(&post.body);
                    if is_accepted && self.mutation != Some(Mutation::AcceptsUndelivered) {
                        text.accepted_count += 1;
                        text.session = session_id(&request.authorization).ok().map(str::to_owned);
                    }
                    // Agents may see the text once more. One transmission may be accepted and the other refused, so
                    // the answer does not show whether the text has arrived.
                    if transmission == Transmission::Second {
                        text.max_seen_count += 1;
                        text.is_uncertain = true;
                    }
                }
                self.check_spam_rule();
            }
            Operation::Activity if is_accepted => self.check_preview_violations(),
            _ => {}
        }
    }
}

/// From the server to the tab.
impl World {
    /// Lets the fault of a poll change the messages in the server's answer, and sends the answer.
    pub(super) fn send_batch(
        &mut self,
        id: PacketId,
        transmission: Transmission,
        mut batch: GetMessagesResponse,
    ) {
        let Some(packet) = self.network.packet(id) else {
            return;
        };
        let session = session_id(&packet.request.authorization).map(str::to_owned);
        let is_answered = packet.answered_transmission == transmission;
        if is_answered {
            self.apply_batch_faults(id, &mut batch.system_messages);
        }
        let messages = if is_answered {
            self.network.messages(id)
        } else {
            &batch.system_messages
        };
        if let Ok(session) = session {
            self.witness
                .record_handing_over(&session, id, messages, self.now);
        }
        self.send_answer(id, transmission, answer(200, None, batch.to_json()));
    }

    /// Holds back a message, repeats the latest batch or shuffles the messages, if that is the fault of the request.
    /// Adds the messages that an earlier fault has held back. Records in the packet which messages the engine must show
    /// because of the batch.
    fn apply_batch_faults(&mut self, id: PacketId, messages: &mut Vec<SystemMessage>) {
        let fault = self.network.packet(id).and_then(|packet| packet.fault);
        // `Concluded` ends the engagement, or sends it to another queue.
        let may_end_engagement = messages
            .iter()
            .any(|message| matches!(message, SystemMessage::Concluded(_)));
        // From a batch that ends the engagement, no message is held back, because there is no later answer to contain
        // the message.
        let mut delivered = std::mem::take(&mut self.network.held_back);
        delivered.append(messages);
        if fault == Some(Fault::HeldBack)
            && !may_end_engagement
            && let Some(index) = delivered
                .iter()
                .position(|message| matches!(message, SystemMessage::MessagePosted(_)))
        {
            let held_back = delivered.remove(index);
            self.network.held_back.push(held_back);
        }
        messages.clone_from(&delivered);
        if fault == Some(Fault::Repeated) {
            let mut repeated = self.network.latest_batch.clone();
            if self.mutation == Some(Mutation::NoDeduplication) {
                repeated.iter_mut().for_each(renumber);
            }
            messages.append(&mut repeated);
        }
        if fault == Some(Fault::Shuffled) {
            self.chance.shuffle(messages);
        }
        if let Some(packet) = self.network.packet_mut(id) {
            packet.messages = delivered;
        }
    }

    /// Sends an answer of the server to the browser. The fault of the request may lose, cut or replace the answer.
    fn send_answer(&mut self, id: PacketId, transmission: Transmission, outcome: Outcome) {
        let Some(packet) = self.network.packet(id) else {
            return;
        };
        if packet.answered_transmission != transmission || packet.is_connection_broken {
            return;
        }
        let (fault, travel_ms) = (packet.fault, packet.to_browser_ms);
        let operation = packet.request.operation;
        let (travel_ms, outcome) = match self.scripted_break_of_answer(operation, outcome) {
            Some((delay_ms, outcome)) => (travel_ms + delay_ms, outcome),
            None => return,
        };
        match (fault, outcome) {
            (Some(Fault::ResponseLost), _) => self.lose_answer(id),
            (Some(Fault::SomebodyElseAfter), _) => {
                let outcome = self.draw_answer_of_somebody_else();
                self.schedule_outcome(id, travel_ms, outcome);
            }
            (Some(Fault::ErrorAfter), _) => {
                let status = self.chance.pick(&[500, 502, 504]).unwrap_or(500);
                let error = answer(status, None, refusal(status).body());
                self.schedule_outcome(id, travel_ms, error);
            }
            (Some(Fault::TimedOut), _) => {
                let timeout = answer(408, None, refusal(408).body());
                self.schedule_outcome(id, travel_ms, timeout);
            }
            (Some(Fault::Cut), Outcome::Answered { status, body, .. }) => {
                let half = body.chars().take(body.chars().count() / 2).collect();
                self.schedule_outcome(id, travel_ms, answer(status, None, half));
            }
            (_, Outcome::Answered { status: 200, .. })
                if self.mutation == Some(Mutation::RejectsDelivered)
                    && operation == Operation::PostMessage =>
            {
                self.schedule_outcome(id, travel_ms, answer(400, None, String::new()));
            }
            (_, outcome) => self.schedule_outcome(id, travel_ms, outcome),
        }
    }
}

/// Somebody else in the server's place.
impl World {
    /// Draws a response of somebody else.
    pub(super) fn draw_answer_of_somebody_else(&mut self) -> Outcome {
        let drawn = self.chance.pick(&ANSWERS_OF_SOMEBODY_ELSE);
        let (status, body) = drawn.unwrap_or_default();
        answer(status, None, body.to_owned())
    }
}

/// An answer with this status. `retry_after` is the value of the header `Retry-After` in ms; `None` without the header.
pub(super) fn answer(status: u16, retry_after: Option<u64>, body: String) -> Outcome {
    Outcome::Answered {
        status,
        retry_after,
        body,
    }
}

/// The error answer that a fault causes.
pub(super) fn refusal(status: u16) -> Refusal {
    Refusal::new(status, &ExceptionCode::UnknownException, "A fault.")
}

/// Describes the reply in a few words, for the log.
fn describe(reply: &Result<Reply, Refusal>) -> String {
    match reply {
        Ok(Reply::Object(_)) => "done".to_owned(),
        Ok(Reply::Held(_)) => "held".to_owned(),
        Ok(Reply::Batch(batch)) => format!("{} messages", batch.system_messages.len()),
        Err(refusal) => refusal.to_string(),
    }
}

/// Gives a posted message a sequence number that the server has given to no message. No run reaches a million messages.
fn renumber(message: &mut SystemMessage) {
    if let SystemMessage::MessagePosted(posted) = message
        && let Some(number) = &mut posted.stamp.sequence_number
    {
        number.0 += 1_000_000;
    }
}
