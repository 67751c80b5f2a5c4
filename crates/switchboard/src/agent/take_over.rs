//! The take-over of an agent's session: `createAutomatedAgentSession` with `logonOverride`. The session gets new ids and
//! its sequence numbers begin again, and the agent's engagements (chats at the server) stay. (FOUND)
//!
//! The agent's new client knows nothing of the engagements. So the server describes each of them again: by its
//! assignment, and then by the message that the visitor takes part, or that the engagement has ended. (INFERRED)

use pipit_wire::agent::{
    AgentMessage, AssignmentType, CreateAutomatedAgentSessionRequest,
    CreateAutomatedAgentSessionResponse, DestinationType,
};
use pipit_wire::vocabulary::{ConnectionState, DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId, Refusal};

use super::{AgentClaims, logged_on, unknown_session};
use crate::Switchboard;
use crate::engagement::Phase;
use crate::message_stream::Presence;
use crate::participation::visitor_added;

impl Switchboard {
    /// Takes over the session of an agent who is logged on.
    pub(super) fn take_over(
        &mut self,
        client: ClientId,
        claims: &AgentClaims,
        request: &CreateAutomatedAgentSessionRequest,
        now: i64,
    ) -> Result<CreateAutomatedAgentSessionResponse, Refusal> {
        let session_id = self.ids.session();
        let ids = (session_id.clone(), self.ids.session());
        let agent = self.agents.get_mut(&client).ok_or_else(unknown_session)?;
        let unread = agent.take_over(claims.name.clone(), ids);
        let presence = agent.stream.mark_present(now);
        let mut echo = agent.echo(&request.agent, now);
        // Only this answer shows the id that identifies the session. All later answers show another id.
        echo.session_id = Some(session_id);
        self.describe_engagements(client, now);
        let unread = unread
            .into_iter()
            .filter(|message| !is_description(message));
        if let Some(agent) = self.agents.get_mut(&client) {
            for message in unread {
                agent.push_again(message);
            }
        }
        if presence == Presence::Absent {
            // The agent was absent and is back, as after a poll.
            self.announce_connection_state(client, &ConnectionState::Active, None, now);
        }
        self.route(now);
        Ok(logged_on(echo))
    }

    /// Describes the agent's engagements and offers to the agent's new client.
    fn describe_engagements(&mut self, client: ClientId, now: i64) {
        let occupied = self.engagements.values();
        let ids: Vec<EngagementId> = occupied
            .filter(|engagement| engagement.occupies(client))
            .map(|engagement| engagement.id)
            .collect();
        for id in ids {
            self.describe_engagement(client, id, now);
        }
    }

    fn describe_engagement(&mut self, client: ClientId, id: EngagementId, now: i64) {
        let Some(engagement) = self.engagements.get(&id) else {
            return;
        };
        let visitor = visitor_added(engagement);
        let role = engagement.role_of(client);
        let is_wrap_up = engagement.wrap_up.contains(&client);
        let is_back_in_queue = engagement.first_engaged_ms.is_some();
        let kind = match (&role, &engagement.phase) {
            (Some(Role::Conferee), _) => AssignmentType::Conference,
            (None, Phase::Chatting(_)) if !is_wrap_up => AssignmentType::Conference,
            (None, Phase::Waiting(_)) if is_back_in_queue => AssignmentType::Transfer,
            _ => AssignmentType::Lead,
        };
        self.push_assignment(client, id, &kind, now);
        if role.is_some() || is_wrap_up {
            self.push_participant_added(client, visitor, now);
        }
        if role.is_none() && is_wrap_up {
            // The cause of the end is not remembered.
            let reason = DisconnectReason::None;
            self.push_disconnect(client, id, None, reason, Role::None, now);
        }
    }
}

/// Whether the message describes an engagement, as the messages of `describe_engagement` do. The agent's new client must
/// not get such a message twice.
fn is_description(message: &AgentMessage) -> bool {
    match message {
        AgentMessage::ChatEngagementAssignment(_) => true,
        AgentMessage::ChatEngagementParticipantAdded(added) => added.role == Some(Role::EndUser),
        // A status of the visitor is soon out of date.
        AgentMessage::ChatActivitySignal(signal) => {
            signal.envelope.sender_type == Some(DestinationType::EndUser)
        }
        _ => false,
    }
}
