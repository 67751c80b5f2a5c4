//! What becomes of a request at the server, and of its answer before it leaves.

use pipit_engine::{Outcome, Request};
use pipit_wire::consumer::{GetMessagesResponse, Operation, PostMessageRequest, SystemMessage};
use pipit_wire::{ExceptionCode, Refusal, WireObject};

use crate::agenda::{Copy, Event};
use crate::fault::Fault;
use crate::mutation::Mutation;
use crate::network::PacketId;
use crate::server::{Held, Reply, session};
use crate::world::{World, note};

impl World {
    /// A request reaches the server.
    pub(crate) fn arrive(&mut self, id: PacketId, copy: Copy) {
        let Some(packet) = self.network.packet(id) else {
            return;
        };
        let (request, fault) = (packet.request.clone(), packet.fault);
        if self.now < self.server.down_until {
            let outcome = self.chance.either(Outcome::NotSent, Outcome::Lost);
            self.come_back(id, 20, outcome);
            return;
        }
        if let Some(refusal) = self.refuses(fault) {
            let retry_after =
                matches!(refusal.status, 429 | 503).then(|| self.chance.between(1_000, 30_000));
            self.go_back(
                id,
                copy,
                answered(refusal.status, retry_after, refusal.body()),
            );
            return;
        }
        let now = self.server_now();
        let reply = match self.mutation {
            Some(Mutation::AcceptsUnseen) if request.operation == Operation::PostMessage => {
                Ok(Reply::Object("{}".to_owned()))
            }
            _ => self.server.answer(&request, now),
        };
        note!(
            self,
            "    server: {} {}",
            request.operation.name(),
            said(&reply)
        );
        self.note_deed(id, copy, &request, reply.is_ok());
        match reply {
            Ok(Reply::Held(poll)) => {
                let packet = id;
                self.server.held.push(Held { packet, copy, poll });
                if self.network.packet(id).is_some_and(|it| it.is_given_up) {
                    self.agenda.put(self.now + 1, Event::HangUp(id));
                }
            }
            Ok(Reply::Batch(batch)) => self.bring(id, copy, *batch),
            Ok(Reply::Object(body)) => self.go_back(id, copy, answered(200, None, body)),
            Err(refusal) => self.go_back(id, copy, answered(refusal.status, None, refusal.body())),
        }
    }

    /// The status that stands for the server before it has done anything.
    fn refuses(&mut self, fault: Option<Fault>) -> Option<Refusal> {
        let status = match fault? {
            Fault::ErrorBefore => self.chance.pick(&[500, 502, 504])?,
            Fault::TooMany => 429,
            Fault::Unavailable => 503,
            Fault::TokenRefused => 403,
            Fault::TimedOut if self.chance.percent(50) => 408,
            _ => return None,
        };
        Some(refusal(status))
    }

    /// Remembers what the server has done.
    fn note_deed(&mut self, id: PacketId, copy: Copy, request: &Request, is_done: bool) {
        let start = self.network.packet(id).map_or(0, |packet| packet.start);
        match request.operation {
            Operation::RequestEngagement if is_done => {
                *self.witness.engagements.entry(start).or_default() += 1;
            }
            // The browser's own copy is refused, and the client may ask once more.
            Operation::RequestEngagement if copy == Copy::Second => {
                *self.witness.forgiven_engagements.entry(start).or_default() += 1;
            }
            Operation::PostMessage => {
                if let Ok(post) = PostMessageRequest::from_json(&request.body) {
                    let text = self.witness.text(&post.body);
                    if is_done && self.mutation != Some(Mutation::AcceptsUnseen) {
                        text.taken += 1;
                        text.session = session(&request.authorization).ok().map(str::to_owned);
                    }
                    if copy == Copy::Second {
                        text.allowed += 1;
                        text.is_uncertain = true;
                    }
                }
                self.check_abuse();
            }
            Operation::Activity if is_done => self.check_violations(),
            _ => {}
        }
    }
}

/// From the server to the tab.
impl World {
    /// A poll has its answer.
    pub(crate) fn bring(&mut self, id: PacketId, copy: Copy, mut batch: GetMessagesResponse) {
        if self.network.packet(id).is_some_and(|it| it.heard == copy) {
            self.rework(id, &mut batch.system_messages);
        }
        self.go_back(id, copy, answered(200, None, batch.to_json()));
    }

    /// What the network does to the messages of a batch; and what of it the engine should know.
    fn rework(&mut self, id: PacketId, messages: &mut Vec<SystemMessage>) {
        let fault = self.network.packet(id).and_then(|packet| packet.fault);
        let is_last = messages
            .iter()
            .any(|message| matches!(message, SystemMessage::Concluded(_)));
        let mut brings = std::mem::take(&mut self.network.held_back);
        brings.append(messages);
        if fault == Some(Fault::HeldBack)
            && !is_last
            && let Some(index) = brings
                .iter()
                .position(|message| matches!(message, SystemMessage::MessagePosted(_)))
        {
            let held_back = brings.remove(index);
            self.network.held_back.push(held_back);
        }
        messages.clone_from(&brings);
        if fault == Some(Fault::Repeated) {
            let mut again = self.network.last_batch.clone();
            if self.mutation == Some(Mutation::NoDeduplication) {
                again.iter_mut().for_each(renumber);
            }
            messages.append(&mut again);
        }
        if fault == Some(Fault::Shuffled) {
            self.chance.shuffle(messages);
        }
        if let Some(packet) = self.network.packet_mut(id) {
            packet.brings = brings;
        }
    }

    /// An answer leaves the server.
    fn go_back(&mut self, id: PacketId, copy: Copy, outcome: Outcome) {
        let Some(packet) = self.network.packet(id) else {
            return;
        };
        if packet.heard != copy || packet.is_cut_off {
            return;
        }
        let (fault, back_ms, operation) = (packet.fault, packet.back_ms, packet.request.operation);
        match (fault, outcome) {
            (Some(Fault::ResponseLost), _) => self.lose(id),
            (Some(Fault::ErrorAfter), _) => {
                let status = self.chance.pick(&[500, 502, 504]).unwrap_or(500);
                let outcome = answered(status, None, refusal(status).body());
                self.come_back(id, back_ms, outcome);
            }
            (Some(Fault::TimedOut), _) => {
                let outcome = answered(408, None, refusal(408).body());
                self.come_back(id, back_ms, outcome);
            }
            (Some(Fault::Cut), Outcome::Answered { status, body, .. }) => {
                let half = body.chars().take(body.chars().count() / 2).collect();
                self.come_back(id, back_ms, answered(status, None, half));
            }
            (_, Outcome::Answered { status: 200, .. })
                if self.mutation == Some(Mutation::DeniesTheTaken)
                    && operation == Operation::PostMessage =>
            {
                self.come_back(id, back_ms, answered(400, None, String::new()));
            }
            (_, outcome) => self.come_back(id, back_ms, outcome),
        }
    }
}

fn answered(status: u16, retry_after: Option<u64>, body: String) -> Outcome {
    Outcome::Answered {
        status,
        retry_after,
        body,
    }
}

fn refusal(status: u16) -> Refusal {
    Refusal::new(status, &ExceptionCode::UnknownException, "A fault.")
}

fn said(reply: &Result<Reply, Refusal>) -> String {
    match reply {
        Ok(Reply::Object(_)) => "done".to_owned(),
        Ok(Reply::Held(_)) => "held".to_owned(),
        Ok(Reply::Batch(batch)) => format!("{} messages", batch.system_messages.len()),
        Err(refusal) => refusal.to_string(),
    }
}

/// The same message under a number that was never used.
fn renumber(message: &mut SystemMessage) {
    if let SystemMessage::MessagePosted(posted) = message
        && let Some(number) = &mut posted.stamp.sequence_number
    {
        number.0 += 1_000_000;
    }
}
