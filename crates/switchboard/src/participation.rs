//! Who takes part: agents who take, decline, join, leave, and are put into another's stead.

use std::collections::BTreeSet;

use pipit_wire::agent::{
    AgentMessage, AssignmentType, ChatEngagementParticipantAdded, ChatPostMessage, DestinationType,
};
use pipit_wire::consumer::{FileAttachment, SystemMessage};
use pipit_wire::vocabulary::{ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId, EngagementId, ExceptionCode, Refusal};

use crate::Switchboard;
use crate::engagement::{Chatting, Engagement, Introduction, Offer, Phase, Waiting};

/// For the switches that the API has no operation for.
impl Switchboard {
    /// Asks an agent into a conversation as a conferee.
    ///
    /// # Errors
    /// 404 for an unknown engagement or an account that is not logged on; 400 when the engagement
    /// has no lead, the agent takes part already, or another is asked.
    pub fn invite(&mut self, id: EngagementId, to: AccountId, now: i64) -> Result<(), Refusal> {
        self.tick(now);
        let until_ms = now + self.config.assignment_ms;
        let mut agents = self.agents.values();
        let agent = agents.find(|agent| agent.account == to);
        let Some(agent) = agent.map(|agent| agent.client) else {
            return Err(Refusal::new(
                404,
                &ExceptionCode::BadRequest,
                format!("No agent of account {to} is logged on."),
            ));
        };
        let engagement = self.engagement(id)?;
        let takes_part = engagement.occupies(agent);
        match engagement.chatting_mut() {
            Some(chatting) if chatting.asked.is_none() && !takes_part => {
                chatting.asked = Some(Offer { agent, until_ms });
            }
            _ => {
                return Err(Refusal::new(
                    400,
                    &ExceptionCode::BadRequest,
                    "The engagement has no lead, or another agent is asked, or this one takes part.",
                ));
            }
        }
        self.tell_assignment(agent, id, &AssignmentType::Conference, now);
        Ok(())
    }

    /// The lead sends the visitor a file. The message's members are INFERRED.
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 when it is not with an agent.
    pub fn send_file(
        &mut self,
        id: EngagementId,
        file: FileAttachment,
        now: i64,
    ) -> Result<(), Refusal> {
        self.tick(now);
        let engagement = self.engagement(id)?;
        let lead = engagement.chatting().map(|chatting| chatting.lead);
        let client_id = Some(lead.ok_or_else(not_with_an_agent)?);
        engagement.tell(now, |stamp| {
            SystemMessage::FileAttachment(FileAttachment {
                client_id,
                stamp,
                ..file
            })
        });
        Ok(())
    }

    /// Puts a conversation back to the front of the queue.
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 when it is not with an agent.
    pub fn transfer(&mut self, id: EngagementId, now: i64) -> Result<(), Refusal> {
        self.tick(now);
        let Some(lead) = self
            .engagement(id)?
            .chatting()
            .map(|chatting| chatting.lead)
        else {
            return Err(not_with_an_agent());
        };
        self.back_to_queue(id, now);
        let until_ms = now + self.config.declined_ms;
        if let Some(waiting) = self.engagement(id)?.waiting_mut() {
            waiting.passed.insert(lead, until_ms);
        }
        self.route(now);
        Ok(())
    }
}

fn not_with_an_agent() -> Refusal {
    Refusal::new(
        400,
        &ExceptionCode::BadRequest,
        "The engagement is not with an agent.",
    )
}

/// Answers to assignments.
impl Switchboard {
    /// The agent who is asked takes the engagement, as its lead or as a conferee.
    pub(crate) fn accept(&mut self, id: EngagementId, agent: ClientId, now: i64) {
        let Some(introduction) = self.introduction(agent) else {
            return;
        };
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let others = engagement.agents();
        let visitor = visitor_as_participant(engagement);
        let mut backlog = Vec::new();
        let role = match &mut engagement.phase {
            Phase::Waiting(waiting) => {
                backlog = std::mem::take(&mut waiting.backlog);
                self.waits.record(now - waiting.since_ms);
                engagement.phase = Phase::Chatting(Chatting {
                    lead: agent,
                    conferees: BTreeSet::new(),
                    asked: None,
                    active_ms: now,
                });
                engagement.first_engaged_ms.get_or_insert(now);
                engagement.preview.set_focus(None);
                Role::Lead
            }
            Phase::Chatting(chatting) => {
                chatting.asked = None;
                chatting.conferees.insert(agent);
                Role::Conferee
            }
            Phase::Concluded { .. } => return,
        };
        engagement.wrap_up.remove(&agent);
        engagement.tell_participant(&introduction, role.clone(), now);
        self.tell_participant(agent, visitor, now);
        for other in others {
            let newcomer = agent_as_participant(&introduction, id, role.clone());
            self.tell_participant(other, newcomer, now);
        }
        for message in backlog {
            self.post_to_agents(&[agent], &message);
        }
        self.route(now);
    }

    /// The agent who is asked does not take it: the next one is asked, and this one not again for a
    /// while. Its place in the queue stays.
    pub(crate) fn decline(&mut self, id: EngagementId, now: i64) {
        let until_ms = now + self.config.declined_ms;
        match self.engagements.get_mut(&id).map(|it| &mut it.phase) {
            Some(Phase::Waiting(waiting)) => {
                if let Some(offer) = waiting.offer.take() {
                    waiting.passed.insert(offer.agent, until_ms);
                }
            }
            Some(Phase::Chatting(chatting)) => chatting.asked = None,
            Some(Phase::Concluded { .. }) | None => {}
        }
        self.route(now);
    }

    /// The agent who is asked has not answered. The agent's console is told that the assignment is
    /// gone. INFERRED.
    pub(crate) fn offer_expires(&mut self, id: EngagementId, now: i64) {
        let Some(offer) = self.engagements.get(&id).and_then(Engagement::open_offer) else {
            return;
        };
        let reason = DisconnectReason::TransferredToQueue;
        self.tell_disconnect(offer.agent, id, Some(offer.agent), reason, Role::None, now);
        self.decline(id, now);
    }
}

/// Agents who leave.
impl Switchboard {
    /// Takes an agent out of everything: assignments, conversations, wrap-up.
    pub(crate) fn withdraw_agent(&mut self, agent: ClientId, now: i64) {
        let ids: Vec<EngagementId> = self.engagements.keys().copied().collect();
        // The newest first: each goes to the front of the queue, so the oldest ends up first.
        for id in ids.into_iter().rev() {
            let Some(engagement) = self.engagements.get_mut(&id) else {
                continue;
            };
            engagement.wrap_up.remove(&agent);
            if engagement
                .open_offer()
                .is_some_and(|offer| offer.agent == agent)
            {
                engagement.withdraw_offer();
            }
            match engagement.role_of(agent) {
                Some(Role::Lead) => self.lead_leaves(id, now),
                Some(_) => {
                    self.conferee_leaves(id, agent, now);
                    if let Some(engagement) = self.engagements.get_mut(&id) {
                        engagement.wrap_up.remove(&agent);
                    }
                }
                None => self.forget_if_done(id),
            }
        }
    }

    /// The lead is gone: a conferee leads, or the visitor waits again.
    fn lead_leaves(&mut self, id: EngagementId, now: i64) {
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let Some(chatting) = engagement.chatting_mut() else {
            return;
        };
        let Some(heir) = chatting.conferees.pop_first() else {
            self.back_to_queue(id, now);
            return;
        };
        let gone = std::mem::replace(&mut chatting.lead, heir);
        let reason = DisconnectReason::ParticipantLeft;
        engagement.preview.set_focus(None);
        engagement.tell_left(gone, Role::Lead, reason.clone(), now);
        engagement.tell_new_lead(heir, now);
        self.tell_disconnect(heir, id, Some(gone), reason, Role::Lead, now);
    }

    /// A conferee leaves a conversation that goes on, and is in wrap-up.
    pub(crate) fn conferee_leaves(&mut self, id: EngagementId, agent: ClientId, now: i64) {
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
        engagement.tell_left(agent, Role::Conferee, reason.clone(), now);
        self.tell_disconnect(lead, id, Some(agent), reason, Role::Conferee, now);
    }

    /// All agents leave a conversation, which waits again at the front. It is no wrap-up to them:
    /// it was not concluded. INFERRED.
    fn back_to_queue(&mut self, id: EngagementId, now: i64) {
        let place = self.first_place();
        let backlog = self.recall(id);
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let waiting = Phase::Waiting(Waiting {
            backlog,
            ..Waiting::new(place, now)
        });
        let Some(chatting) = engagement.replace_chatting(waiting) else {
            return;
        };
        engagement.preview.set_focus(None);
        for conferee in &chatting.conferees {
            let reason = DisconnectReason::ParticipantLeft;
            engagement.tell_left(*conferee, Role::Conferee, reason, now);
        }
        let reason = DisconnectReason::TransferredToQueue;
        engagement.tell_left(chatting.lead, Role::Lead, reason.clone(), now);
        let asked = chatting.asked.map(|offer| offer.agent);
        for agent in chatting.agents().chain(asked) {
            let lead = Some(chatting.lead);
            self.tell_disconnect(agent, id, lead, reason.clone(), Role::Lead, now);
        }
    }

    /// What the visitor wrote and the lead never fetched: the next lead shall have it. The
    /// conferees' copies go, too, for one of them may be the next lead.
    fn recall(&mut self, id: EngagementId) -> Vec<ChatPostMessage> {
        let Some(chatting) = self.engagements.get(&id).and_then(Engagement::chatting) else {
            return Vec::new();
        };
        let mut unread = Vec::new();
        for client in chatting.agents() {
            let Some(agent) = self.agents.get_mut(&client) else {
                continue;
            };
            let recalled = agent.stream.recall(|message| is_from_visitor(message, id));
            if client == chatting.lead {
                unread = recalled.into_iter().filter_map(into_posted).collect();
            }
        }
        unread
    }

    /// Tells the visitors of an agent how the agent's connection is.
    pub(crate) fn agent_is(
        &mut self,
        agent: ClientId,
        state: &ConnectionState,
        seconds_to_disconnect: Option<i64>,
        now: i64,
    ) {
        for engagement in self.engagements.values_mut() {
            if engagement.role_of(agent).is_some() {
                engagement.tell_connection(agent, state.clone(), seconds_to_disconnect, now);
            }
        }
    }
}

fn visitor_as_participant(engagement: &Engagement) -> ChatEngagementParticipantAdded {
    ChatEngagementParticipantAdded {
        name: Some(engagement.visitor_name()),
        greeting: Some(String::new()),
        engagement_id: Some(engagement.id),
        client_id: Some(engagement.client),
        role: Some(Role::EndUser),
        account_id: Some(AccountId(0)),
        virtual_agent: Some(false),
        ..ChatEngagementParticipantAdded::default()
    }
}

fn agent_as_participant(
    agent: &Introduction,
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

fn is_from_visitor(message: &AgentMessage, id: EngagementId) -> bool {
    let AgentMessage::ChatPostMessage(posted) = message else {
        return false;
    };
    posted.envelope.sender_type == Some(DestinationType::EndUser)
        && posted.envelope.destination_id == Some(id.0)
}

fn into_posted(message: AgentMessage) -> Option<ChatPostMessage> {
    match message {
        AgentMessage::ChatPostMessage(posted) => Some(*posted),
        _ => None,
    }
}
