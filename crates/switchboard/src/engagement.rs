//! One engagement: who takes part, in which phase it is, and what its consumer is told.

use std::collections::{BTreeMap, BTreeSet};

use pipit_wire::agent::ChatPostMessage;
use pipit_wire::consumer::{
    ActivityChanged, Concluded, MessagePosted, ParticipantAdded, ParticipantConnectionStateChanged,
    ParticipantLeft, RoleChanged, Stamp, SystemMessage, WaitInformationChanged,
};
use pipit_wire::session::SessionInformation;
use pipit_wire::vocabulary::{ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId, EngagementId, QueueId, Secret, ServiceTime};

use crate::preview::Preview;
use crate::spam::SpamRecord;
use crate::stream::Stream;

#[derive(Debug)]
pub(crate) struct Engagement {
    pub(crate) id: EngagementId,
    /// The consumer's client.
    pub(crate) client: ClientId,
    /// The consumer's session id, until the session is over.
    pub(crate) session: Option<Secret>,
    pub(crate) queue: QueueId,
    pub(crate) visitor: SessionInformation,
    pub(crate) created_ms: i64,
    pub(crate) first_engaged_ms: Option<i64>,
    pub(crate) phase: Phase,
    /// Agents for whom the engagement is over and who have not released it.
    pub(crate) wrap_up: BTreeSet<ClientId>,
    pub(crate) stream: Stream<SystemMessage>,
    pub(crate) preview: Preview,
    pub(crate) spam: SpamRecord,
}

#[derive(Debug)]
pub(crate) enum Phase {
    Waiting(Waiting),
    Chatting(Chatting),
    Concluded { since_ms: i64 },
}

/// In the queue.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// Orders the queue: the lowest is the first.
    pub(crate) place: i64,
    pub(crate) since_ms: i64,
    /// The position the consumer was last told; counts from 1.
    pub(crate) told_position: Option<i64>,
    /// The agent who is asked to lead it.
    pub(crate) offer: Option<Offer>,
    /// Agents who did not take it, and until when they are not asked again, in ms since 1970.
    pub(crate) passed: BTreeMap<ClientId, i64>,
    /// What the visitor wrote and no agent has been given.
    pub(crate) backlog: Vec<ChatPostMessage>,
}

/// With an agent.
#[derive(Debug)]
pub(crate) struct Chatting {
    pub(crate) lead: ClientId,
    pub(crate) conferees: BTreeSet<ClientId>,
    /// The agent who is asked in as a conferee.
    pub(crate) asked: Option<Offer>,
    /// When either side last wrote, in ms since 1970.
    pub(crate) active_ms: i64,
}

/// An assignment that waits for the agent's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) agent: ClientId,
    pub(crate) until_ms: i64,
}

impl Waiting {
    pub(crate) fn new(place: i64, since_ms: i64) -> Self {
        Self {
            place,
            since_ms,
            told_position: None,
            offer: None,
            passed: BTreeMap::new(),
            backlog: Vec::new(),
        }
    }
}

impl Chatting {
    /// The lead and the conferees.
    pub(crate) fn agents(&self) -> impl Iterator<Item = ClientId> {
        std::iter::once(self.lead).chain(self.conferees.iter().copied())
    }
}

impl Engagement {
    pub(crate) fn waiting(&self) -> Option<&Waiting> {
        match &self.phase {
            Phase::Waiting(waiting) => Some(waiting),
            Phase::Chatting(_) | Phase::Concluded { .. } => None,
        }
    }

    pub(crate) fn waiting_mut(&mut self) -> Option<&mut Waiting> {
        match &mut self.phase {
            Phase::Waiting(waiting) => Some(waiting),
            Phase::Chatting(_) | Phase::Concluded { .. } => None,
        }
    }

    pub(crate) fn chatting(&self) -> Option<&Chatting> {
        match &self.phase {
            Phase::Chatting(chatting) => Some(chatting),
            Phase::Waiting(_) | Phase::Concluded { .. } => None,
        }
    }

    pub(crate) fn chatting_mut(&mut self) -> Option<&mut Chatting> {
        match &mut self.phase {
            Phase::Chatting(chatting) => Some(chatting),
            Phase::Waiting(_) | Phase::Concluded { .. } => None,
        }
    }

    /// Takes the engagement from its agents into another phase, if it is with agents.
    pub(crate) fn replace_chatting(&mut self, phase: Phase) -> Option<Chatting> {
        match std::mem::replace(&mut self.phase, phase) {
            Phase::Chatting(chatting) => Some(chatting),
            other => {
                self.phase = other;
                None
            }
        }
    }

    pub(crate) fn withdraw_offer(&mut self) {
        match &mut self.phase {
            Phase::Waiting(waiting) => waiting.offer = None,
            Phase::Chatting(chatting) => chatting.asked = None,
            Phase::Concluded { .. } => {}
        }
    }

    pub(crate) fn is_concluded(&self) -> bool {
        matches!(self.phase, Phase::Concluded { .. })
    }

    /// The assignment that waits for an answer, to lead or to confer.
    pub(crate) fn open_offer(&self) -> Option<Offer> {
        match &self.phase {
            Phase::Waiting(waiting) => waiting.offer,
            Phase::Chatting(chatting) => chatting.asked,
            Phase::Concluded { .. } => None,
        }
    }

    /// The agents who are told what happens in it.
    pub(crate) fn agents(&self) -> Vec<ClientId> {
        self.chatting()
            .map(|chatting| chatting.agents().collect())
            .unwrap_or_default()
    }

    /// As what the agent takes part.
    pub(crate) fn role_of(&self, agent: ClientId) -> Option<Role> {
        let chatting = self.chatting()?;
        if chatting.lead == agent {
            Some(Role::Lead)
        } else {
            chatting
                .conferees
                .contains(&agent)
                .then_some(Role::Conferee)
        }
    }

    /// Whether it takes one of the agent's places: offered, taking part or in wrap-up.
    pub(crate) fn occupies(&self, agent: ClientId) -> bool {
        self.wrap_up.contains(&agent)
            || self.role_of(agent).is_some()
            || self.open_offer().is_some_and(|offer| offer.agent == agent)
    }

    /// The visitor's name, as far as the session tells it.
    pub(crate) fn visitor_name(&self) -> String {
        let names = [&self.visitor.first_name, &self.visitor.last_name];
        let known: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        known.join(" ")
    }
}

/// What the consumer is told.
impl Engagement {
    pub(crate) fn tell_position(&mut self, position: i64, average_seconds: i64, now: i64) {
        self.tell(now, |stamp| {
            SystemMessage::WaitInformationChanged(WaitInformationChanged {
                position: Some(position),
                expected_wait_time_seconds: Some(average_seconds.saturating_mul(position)),
                average_wait_time_seconds: Some(average_seconds),
                stamp,
                ..WaitInformationChanged::default()
            })
        });
    }

    pub(crate) fn tell_participant(&mut self, agent: &Introduction, role: Role, now: i64) {
        let engagement_id = Some(self.id);
        self.tell(now, |stamp| {
            SystemMessage::ParticipantAdded(ParticipantAdded {
                name: Some(agent.name.clone()),
                greeting: Some(agent.greeting.clone()),
                role: Some(role),
                client_id: Some(agent.client),
                account_id: Some(agent.account),
                engagement_id,
                virtual_agent: Some(false),
                stamp,
                ..ParticipantAdded::default()
            })
        });
    }

    pub(crate) fn tell_left(
        &mut self,
        agent: ClientId,
        role: Role,
        reason: DisconnectReason,
        now: i64,
    ) {
        self.tell(now, |stamp| {
            SystemMessage::ParticipantLeft(ParticipantLeft {
                role: Some(role),
                disconnect_reason: Some(reason),
                client_id: Some(agent),
                stamp,
                ..ParticipantLeft::default()
            })
        });
    }

    pub(crate) fn tell_new_lead(&mut self, lead: ClientId, now: i64) {
        self.tell(now, |stamp| {
            SystemMessage::RoleChanged(RoleChanged {
                lead_client_id: Some(lead),
                client_id: Some(lead),
                role: Some(Role::Lead),
                stamp,
                ..RoleChanged::default()
            })
        });
    }

    pub(crate) fn tell_posted(&mut self, message: MessagePosted, now: i64) {
        self.tell(now, |stamp| {
            SystemMessage::MessagePosted(MessagePosted { stamp, ..message })
        });
    }

    pub(crate) fn tell_activity(&mut self, activity: ActivityChanged, now: i64) {
        self.tell(now, |stamp| {
            SystemMessage::ActivityChanged(ActivityChanged { stamp, ..activity })
        });
    }

    pub(crate) fn tell_connection(
        &mut self,
        agent: ClientId,
        state: ConnectionState,
        seconds_to_disconnect: Option<i64>,
        now: i64,
    ) {
        self.tell(now, |stamp| {
            SystemMessage::ParticipantConnectionStateChanged(ParticipantConnectionStateChanged {
                client_id: Some(agent),
                connection_state: Some(state),
                seconds_to_disconnect,
                stamp,
                ..ParticipantConnectionStateChanged::default()
            })
        });
    }

    pub(crate) fn tell_concluded(
        &mut self,
        reason: DisconnectReason,
        role: Role,
        client_id: Option<ClientId>,
        now: i64,
    ) {
        self.tell(now, |stamp| {
            SystemMessage::Concluded(Concluded {
                reason: Some(reason),
                role: Some(role),
                client_id,
                stamp,
                ..Concluded::default()
            })
        });
    }

    pub(crate) fn tell(&mut self, now: i64, message: impl FnOnce(Stamp) -> SystemMessage) {
        self.stream.push(|sequence_number| {
            message(Stamp {
                sequence_number: Some(sequence_number),
                created_time: Some(ServiceTime::Iso(now)),
                ..Stamp::default()
            })
        });
    }
}

/// An agent as visitors meet them.
#[derive(Clone, Debug)]
pub(crate) struct Introduction {
    pub(crate) client: ClientId,
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) greeting: String,
}
