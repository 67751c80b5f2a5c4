//! The agent's long poll: a `getMessages` request that the server holds until the agent has a message or a time limit
//! ends.

use std::task::Waker;

use pipit_wire::agent::{AgentMessage, GetMessagesResponse};
use pipit_wire::{ClientId, ClientSendTime, Secret, SequenceNumber, ServiceTime};

use crate::Switchboard;
use crate::long_poll::LongPoll;
use crate::message_stream::HeldPoll;

/// An agent's poll that has not been answered yet.
#[derive(Clone, Debug)]
pub struct AgentPoll {
    pub(super) agent: ClientId,
    /// The session id that the answer shows. It is not the id that identifies the session in requests.
    pub(super) echoed_session_id: Secret,
    /// The sequence number of the request, which the answer repeats.
    pub(super) sequence_number: Option<SequenceNumber>,
    /// The poll's number and the end of its hold. The agent's stream has the same value while it holds the poll.
    pub(super) held: HeldPoll,
    /// When the poll began, in ms since 1970.
    pub(super) began_ms: i64,
}

impl LongPoll for AgentPoll {
    type Answer = GetMessagesResponse;

    fn hold_ends_ms(&self) -> i64 {
        self.held.hold_ends_ms
    }

    fn answer(&self, switchboard: &mut Switchboard, now: i64) -> Option<GetMessagesResponse> {
        // Runs the time-outs that are due. They may add messages.
        switchboard.tick(now);
        let mut messages = match switchboard.agents.get_mut(&self.agent) {
            // `?` returns `None` while the poll has to be held.
            Some(agent) => agent.stream.take_for_poll(self.held, now)?,
            // The agent's session is over.
            None => Vec::new(),
        };
        // An answer is never empty: this message says that no other message arrived.
        if messages.is_empty() {
            messages.push(AgentMessage::ChatGetTimeout(Box::default()));
        }
        let is_disconnect =
            |message: &AgentMessage| matches!(message, AgentMessage::ChatDisconnectNotification(_));
        Some(GetMessagesResponse {
            client_id: Some(self.agent),
            sequence_number: self.sequence_number,
            session_id: Some(self.echoed_session_id.clone()),
            client_send_time: ClientSendTime(None),
            response_sent_milliseconds: Some(now),
            service_start_time: Some(ServiceTime::Iso(self.began_ms)),
            service_finish_time: Some(ServiceTime::Iso(now)),
            contains_disconnect: messages.iter().any(is_disconnect),
            get_response_types: messages,
            ..GetMessagesResponse::default()
        })
    }

    fn wake_on_change(&self, switchboard: &mut Switchboard, waker: &Waker) {
        match switchboard.agents.get_mut(&self.agent) {
            Some(session) => session.stream.wake_on_change(waker),
            None => waker.wake_by_ref(),
        }
    }

    fn abandon(&self, switchboard: &mut Switchboard, now: i64) {
        switchboard.tick(now);
        if let Some(agent) = switchboard.agents.get_mut(&self.agent) {
            agent.stream.end_poll(self.held, now);
        }
    }
}
