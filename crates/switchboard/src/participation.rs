//! Decides who takes part in an engagement (a chat at the server). The *lead* is the agent who is responsible for it;
//! *conferees* are other agents who have joined. A *conversation* is an engagement that has a lead. Agents accept or
//! decline an engagement, join it, leave it, or take over the lead. When an agent joins, the visitor and all agents of
//! the engagement are notified; when an agent leaves a conversation that continues, only the visitor and the lead.
//! *Wrap-up* is the time from the end of an agent's part in an engagement until the agent's `releaseChat`.
//!
//! INFERRED: our assumption.

use std::collections::BTreeSet;

use pipit_wire::agent::{
    AgentMessage, AssignmentType, ChatEngagementParticipantAdded, ChatPostMessage, DestinationType,
};
use pipit_wire::consumer::{FileAttachment, SystemMessage};
use pipit_wire::vocabulary::{ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId, EngagementId, ExceptionCode, Refusal};

use crate::Switchboard;
use crate::agent_session::AgentProfile;
use crate::engagement::{Chatting, Engagement, Offer, Phase, Waiting};

/// Actions for which the chat REST API has no operation. Tests trigger them with requests to `/sandbox/…`.
impl Switchboard {
    /// Invites an agent to join a conversation as a conferee.
    ///
    /// # Errors
    /// 404 for an unknown engagement or an account that is not logged on. 400 when the engagement has no lead, when an
    /// agent is invited already, or when this agent takes part or is in wrap-up.
    pub fn invite(&mut self, id: EngagementId, to: AccountId, now: i64) -> Result<(), Refusal> {
        // Runs the time-outs that are due.
        self.tick(now);
        let expires_ms = now + self.config.assignment_ms;
        let mut agents = self.agents.values();
        let agent = agents.find(|agent| agent.account == to);
        let Some(agent) = agent.map(|agent| agent.client) else {
            return Err(Refusal::new(
                404,
                &ExceptionCode::BadRequest,
                format!("No agent of account {to} is logged on."),
            ));
        };
        let engagement = self.engagement_mut(id)?;
        let is_occupied = engagement.occupies(agent);
        match engagement.chatting_mut() {
            Some(chatting) if chatting.conference_offer.is_none() && !is_occupied => {
                chatting.conference_offer = Some(Offer { agent, expires_ms });
            }
            _ => {
                return Err(Refusal::new(
                    400,
                    &ExceptionCode::BadRequest,
                    "The engagement has no lead, or another agent is asked, or this one takes part.",
                ));
            }
        }
        self.push_assignment(agent, id, &AssignmentType::Conference, now);
        Ok(())
    }

    /// Sends the visitor a file in the name of the lead. (The members of the message are INFERRED.)
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 when no agent leads it.
    pub fn send_file(
        &mut self,
        id: EngagementId,
        file: FileAttachment,
        now: i64,
    ) -> Result<(), Refusal> {
        self.tick(now);
        let engagement = self.engagement_mut(id)?;
        let lead = engagement.chatting().map(|chatting| chatting.lead);
        let client_id = Some(lead.ok_or_else(no_lead)?);
        engagement.push(now, |stamp| {
            SystemMessage::FileAttachment(FileAttachment {
                client_id,
                stamp,
                ..file
            })
        });
        Ok(())
    }

    /// Takes a conversation from its agents and puts it at the front of the queue. For `declined_ms` it is not offered
    /// to the former lead.
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 when no agent leads it.
    pub fn transfer(&mut self, id: EngagementId, now: i64) -> Result<(), Refusal> {
        self.tick(now);
        let Some(lead) = self
            .engagement_mut(id)?
            .chatting()
            .map(|chatting| chatting.lead)
        else {
            return Err(no_lead());
        };
        self.requeue(id, now);
        let until_ms = now + self.config.declined_ms;
        if let Some(waiting) = self.engagement_mut(id)?.waiting_mut() {
            waiting.declined_until.insert(lead, until_ms);
        }
        // Offers the engagement to another agent.
        self.route(now);
        Ok(())
    }
}

fn no_lead() -> Refusal {
    Refusal::new(
        400,
        &ExceptionCode::BadRequest,
        "The engagement is not with an agent.",
    )
}

/// The agents' answers to offers (the *assignments* of the API).
impl Switchboard {
    /// Accepts an offer: the agent becomes the lead of a waiting engagement, or joins a conversation as a conferee.
    pub(crate) fn accept(&mut self, id: EngagementId, agent: ClientId, now: i64) {
        let Some(agent_profile) = self.agent_profile(agent) else {
            return;
        };
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let other_agents = engagement.agents();
        let visitor = visitor_added(engagement);
        let mut backlog = Vec::new();
        let role = match &mut engagement.phase {
            Phase::Waiting(waiting) => {
                // The visitor's messages that no lead has received.
                backlog = std::mem::take(&mut waiting.backlog);
                self.wait_times.record(now - waiting.since_ms);
                engagement.phase = Phase::Chatting(Chatting {
                    lead: agent,
                    conferees: BTreeSet::new(),
                    conference_offer: None,
                    active_ms: now,
                });
                engagement.first_engaged_ms.get_or_insert(now);
                // The new lead's client has not reported yet whether the agent is looking at the chat.
                engagement.preview.set_focus(None);
                Role::Lead
            }
            Phase::Chatting(chatting) => {
                chatting.conference_offer = None;
                chatting.conferees.insert(agent);
                Role::Conferee
            }
            Phase::Concluded { .. } => return,
        };
        // An agent can come back to an engagement that the agent has left and not released.
        engagement.wrap_up.remove(&agent);
        engagement.push_participant_added(&agent_profile, role.clone(), now);
        self.push_participant_added(agent, visitor, now);
        for other in other_agents {
            let newcomer = agent_added(&agent_profile, id, role.clone());
            self.push_participant_added(other, newcomer, now);
        }
        for message in backlog {
            self.post_to_agents(&[agent], &message);
        }
        // The queue may be shorter now: announces the new positions to the visitors who wait.
        self.route(now);
    }

    /// Withdraws the offer to lead or to join. An engagement that waits keeps its rank in the queue, and is offered to
    /// another agent as soon as one can take it. For `declined_ms` it is not offered again to the agent who had the offer.
    pub(crate) fn decline(&mut self, id: EngagementId, now: i64) {
        let until_ms = now + self.config.declined_ms;
        let engagement = self.engagements.get_mut(&id);
        match engagement.map(|engagement| &mut engagement.phase) {
            Some(Phase::Waiting(waiting)) => {
                if let Some(offer) = waiting.offer.take() {
                    waiting.declined_until.insert(offer.agent, until_ms);
                }
            }
            Some(Phase::Chatting(chatting)) => chatting.conference_offer = None,
            Some(Phase::Concluded { .. }) | None => {}
        }
        self.route(now);
    }

    /// Handles an offer that the agent has not answered in time: notifies the agent, and then withdraws the offer as if the
    /// agent had declined it. (The notification is INFERRED.)
    pub(crate) fn expire_offer(&mut self, id: EngagementId, now: i64) {
        let Some(offer) = self
            .engagements
            .get(&id)
            .and_then(Engagement::pending_offer)
        else {
            return;
        };
        let reason = DisconnectReason::TransferredToQueue;
        self.push_disconnect(offer.agent, id, Some(offer.agent), reason, Role::None, now);
        self.decline(id, now);
    }
}

/// Departures of agents.
impl Switchboard {
    /// Withdraws the offers to an agent, and removes the agent from all conversations and from all wrap-up.
    pub(crate) fn withdraw_agent(&mut self, agent: ClientId, now: i64) {
        let ids: Vec<EngagementId> = self.engagements.keys().copied().collect();
        // The loop begins with the newest engagement. Each engagement that loses its lead goes to the front of the queue, so
        // at the end the oldest is first.
        for id in ids.into_iter().rev() {
            let Some(engagement) = self.engagements.get_mut(&id) else {
                continue;
            };
            engagement.wrap_up.remove(&agent);
            if engagement
                .pending_offer()
                .is_some_and(|offer| offer.agent == agent)
            {
                engagement.withdraw_offer();
            }
            match engagement.role_of(agent) {
                Some(Role::Lead) => self.remove_lead(id, now),
                Some(_) => {
                    self.remove_conferee(id, agent, now);
                    // `remove_conferee` has put the agent into wrap-up, which an agent without a session cannot end.
                    if let Some(engagement) = self.engagements.get_mut(&id) {
                        engagement.wrap_up.remove(&agent);
                    }
                }
                // The agent's wrap-up, removed above, may have been the only reason to keep the engagement.
                None => self.remove_if_unused(id),
            }
        }
    }

    /// Replaces a lead who has left: the conferee with the lowest client id becomes the lead. If there is no conferee, the
    /// visitor waits again.
    fn remove_lead(&mut self, id: EngagementId, now: i64) {
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let Some(chatting) = engagement.chatting_mut() else {
            return;
        };
        let Some(new_lead) = chatting.conferees.pop_first() else {
            self.requeue(id, now);
            return;
        };
        let former_lead = std::mem::replace(&mut chatting.lead, new_lead);
        let reason = DisconnectReason::ParticipantLeft;
        // It is not known whether the new lead is looking at the chat.
        engagement.preview.set_focus(None);
        engagement.push_participant_left(former_lead, Role::Lead, reason.clone(), now);
        engagement.push_role_changed(new_lead, now);
        self.push_disconnect(new_lead, id, Some(former_lead), reason, Role::Lead, now);
    }

    /// Removes a conferee from a conversation that continues. The conferee is in wrap-up afterwards: the engagement still
    /// counts against the agent's `maxSessionCount` until `releaseChat`.
    pub(crate) fn remove_conferee(&mut self, id: EngagementId, agent: ClientId, now: i64) {
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let Some(chatting) = engagement.chatting_mut() else {
            return;
        };
        let lead = chatting.lead;
        if !chatting.conferees.remove(&agent) {
            return;
        }
        engagement.wrap_up.insert(agent);
        let reason = DisconnectReason::ParticipantLeft;
        engagement.push_participant_left(agent, Role::Conferee, reason.clone(), now);
        self.push_disconnect(lead, id, Some(agent), reason, Role::Conferee, now);
    }

    /// Removes all agents from a conversation and puts it at the front of the queue. The agents are not in wrap-up, because
    /// the conversation was not concluded. (INFERRED)
    fn requeue(&mut self, id: EngagementId, now: i64) {
        let rank = self.rank_at_front();
        let backlog = self.withdraw_unread(id);
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let waiting = Phase::Waiting(Waiting {
            backlog,
            ..Waiting::new(rank, now)
        });
        let Some(chatting) = engagement.replace_chatting(waiting) else {
            return;
        };
        // No agent is looking at the chat now.
        engagement.preview.set_focus(None);
        for conferee in &chatting.conferees {
            let reason = DisconnectReason::ParticipantLeft;
            engagement.push_participant_left(*conferee, Role::Conferee, reason, now);
        }
        let reason = DisconnectReason::TransferredToQueue;
        engagement.push_participant_left(chatting.lead, Role::Lead, reason.clone(), now);
        let offered_to = chatting.conference_offer.map(|offer| offer.agent);
        for agent in chatting.agents().chain(offered_to) {
            let lead = Some(chatting.lead);
            self.push_disconnect(agent, id, lead, reason.clone(), Role::Lead, now);
        }
    }

    /// Removes the visitor's messages from the streams of the engagement's agents, and returns those that the lead has
    /// not fetched: the next lead gets them. They are removed from the conferees' streams too, because a conferee may
    /// become the next lead and would then get them twice.
    fn withdraw_unread(&mut self, id: EngagementId) -> Vec<ChatPostMessage> {
        let Some(chatting) = self.engagements.get(&id).and_then(Engagement::chatting) else {
            return Vec::new();
        };
        let mut unread = Vec::new();
        for client in chatting.agents() {
            let Some(agent) = self.agents.get_mut(&client) else {
                continue;
            };
            let withdrawn = agent
                .stream
                .withdraw(|message| is_from_visitor(message, id));
            if client == chatting.lead {
                unread = withdrawn.into_iter().filter_map(into_posted).collect();
            }
        }
        unread
    }

    /// Announces the state of an agent's connection to the visitors of all conversations in which the agent takes part.
    /// `seconds_to_disconnect` is the time until the server disconnects an absent agent, in s; `None` for the other states.
    pub(crate) fn announce_connection_state(
        &mut self,
        agent: ClientId,
        state: &ConnectionState,
        seconds_to_disconnect: Option<i64>,
        now: i64,
    ) {
        for engagement in self.engagements.values_mut() {
            if engagement.role_of(agent).is_some() {
                engagement.push_connection_state(agent, state.clone(), seconds_to_disconnect, now);
            }
        }
    }
}

/// The message by which an agent learns who the visitor is.
pub(crate) fn visitor_added(engagement: &Engagement) -> ChatEngagementParticipantAdded {
    ChatEngagementParticipantAdded {
        name: Some(engagement.visitor_name()),
        greeting: Some(String::new()),
        engagement_id: Some(engagement.id),
        client_id: Some(engagement.client),
        role: Some(Role::EndUser),
        // A visitor has no account.
        account_id: Some(AccountId(0)),
        virtual_agent: Some(false),
        ..ChatEngagementParticipantAdded::default()
    }
}

/// The message by which an agent learns that another agent has joined.
fn agent_added(
    agent: &AgentProfile,
    id: EngagementId,
    role: Role,
) -> ChatEngagementParticipantAdded {
    ChatEngagementParticipantAdded {
        name: Some(agent.name.clone()),
        greeting: Some(agent.greeting.clone()),
        engagement_id: Some(id),
        client_id: Some(agent.client),
        role: Some(role),
        account_id: Some(agent.account),
        virtual_agent: Some(false),
        ..ChatEngagementParticipantAdded::default()
    }
}

/// Whether a message is a text that the visitor of this engagement has written.
fn is_from_visitor(message: &AgentMessage, id: EngagementId) -> bool {
    let AgentMessage::ChatPostMessage(posted) = message else {
        return false;
    };
    posted.envelope.sender_type == Some(DestinationType::EndUser)
        && posted.envelope.destination_id == Some(id.0)
}

/// The text message in an agent's message; `None` for any other kind of message.
fn into_posted(message: AgentMessage) -> Option<ChatPostMessage> {
    match message {
        AgentMessage::ChatPostMessage(posted) => Some(*posted),
        _ => None,
    }
}
