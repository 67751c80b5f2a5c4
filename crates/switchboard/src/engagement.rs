//! One engagement (a chat at the server): its participants, its phase, and the messages that its consumer (the
//! visitor's client) gets. The *lead* is the agent who is responsible for the engagement; *conferees* are other agents
//! who have joined. Each `push_…` function appends one message of the chat REST API to the consumer's stream. The rules
//! that call these functions are in other files.

use std::collections::{BTreeMap, BTreeSet};

use pipit_wire::agent::ChatPostMessage;
use pipit_wire::consumer::{
    ActivityChanged, Concluded, MessagePosted, ParticipantAdded, ParticipantConnectionStateChanged,
    ParticipantLeft, RoleChanged, Stamp, SystemMessage, WaitInformationChanged,
};
use pipit_wire::session::SessionInformation;
use pipit_wire::vocabulary::{ConnectionState, DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId, QueueId, Secret, ServiceTime};

use crate::agent_session::AgentProfile;
use crate::message_stream::MessageStream;
use crate::preview::PreviewGate;
use crate::spam::SpamRecord;

/// The state of one engagement.
#[derive(Debug)]
pub(crate) struct Engagement {
    pub(crate) id: EngagementId,
    /// The consumer's client id.
    pub(crate) client: ClientId,
    /// The consumer's session id; `None` when the session is over.
    pub(crate) session: Option<Secret>,
    /// The queue in which the engagement waits. The visitor's position is counted among the waiting engagements with the
    /// same queue id.
    pub(crate) queue: QueueId,
    /// What the customer's server knows about the visitor.
    pub(crate) visitor: SessionInformation,
    /// When the engagement was requested, in ms since 1970.
    pub(crate) created_ms: i64,
    /// When an agent first accepted the engagement, in ms since 1970; `None` before that.
    pub(crate) first_engaged_ms: Option<i64>,
    pub(crate) phase: Phase,
    /// Agents in wrap-up: the engagement is over for them, and they have not released it yet.
    pub(crate) wrap_up: BTreeSet<ClientId>,
    /// The messages to the consumer.
    pub(crate) stream: MessageStream<SystemMessage>,
    /// Decides which texts the agents see while the visitor is still typing them.
    pub(crate) preview: PreviewGate,
    /// What the spam rule remembers about the visitor's texts.
    pub(crate) spam: SpamRecord,
    /// What the spam rule remembers about the texts of each agent in this engagement.
    pub(crate) agents_spam: BTreeMap<ClientId, SpamRecord>,
}

/// Whether the engagement is in the queue, with an agent, or over. Each variant holds the data that exist only in that
/// phase.
#[derive(Debug)]
pub(crate) enum Phase {
    Waiting(Waiting),
    Chatting(Chatting),
    /// The engagement ended at this time, in ms since 1970.
    Concluded {
        since_ms: i64,
    },
}

/// An engagement in the queue.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The engagement with the lowest rank is the first in the queue.
    pub(crate) rank: i64,
    /// When the current wait began, in ms since 1970.
    pub(crate) since_ms: i64,
    /// The position that was most recently announced to the consumer, counted from 1; `None` before the first announcement.
    pub(crate) announced_position: Option<i64>,
    /// The offer to an agent to lead the engagement; `None` while it is offered to nobody.
    pub(crate) offer: Option<Offer>,
    /// The agents who declined the engagement, did not answer the offer, or led the engagement until it was transferred to
    /// the queue. Until the given time, in ms since 1970, it is not offered to them again.
    pub(crate) declined_until: BTreeMap<ClientId, i64>,
    /// The visitor's messages that the next lead gets, oldest first.
    pub(crate) backlog: Vec<ChatPostMessage>,
}

/// An engagement with an agent.
#[derive(Debug)]
pub(crate) struct Chatting {
    pub(crate) lead: ClientId,
    pub(crate) conferees: BTreeSet<ClientId>,
    /// The offer to an agent to join as a conferee; `None` while nobody is invited.
    pub(crate) conference_offer: Option<Offer>,
    /// When either side most recently wrote a message, in ms since 1970. Before the first message, this is the time at which
    /// the lead accepted the engagement.
    pub(crate) active_ms: i64,
}

/// An offer of the engagement to an agent, which the agent has not answered yet. The API calls it an *assignment*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) agent: ClientId,
    /// When the offer expires, in ms since 1970.
    pub(crate) expires_ms: i64,
}

impl Waiting {
    pub(crate) fn new(rank: i64, since_ms: i64) -> Self {
        Self {
            rank,
            since_ms,
            announced_position: None,
            offer: None,
            declined_until: BTreeMap::new(),
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
    /// The data of the phase `Waiting`; `None` in any other phase.
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

    /// The data of the phase `Chatting`; `None` in any other phase.
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

    /// Moves the engagement from `Chatting` into this phase, and returns the data of `Chatting`. An engagement that is
    /// not in `Chatting` is not changed; the result is then `None`.
    pub(crate) fn replace_chatting(&mut self, phase: Phase) -> Option<Chatting> {
        match std::mem::replace(&mut self.phase, phase) {
            Phase::Chatting(chatting) => Some(chatting),
            unchanged => {
                self.phase = unchanged;
                None
            }
        }
    }

    /// Withdraws the offer to lead or to join, if there is one.
    pub(crate) fn withdraw_offer(&mut self) {
        match &mut self.phase {
            Phase::Waiting(waiting) => waiting.offer = None,
            Phase::Chatting(chatting) => chatting.conference_offer = None,
            Phase::Concluded { .. } => {}
        }
    }

    pub(crate) fn is_concluded(&self) -> bool {
        matches!(self.phase, Phase::Concluded { .. })
    }

    /// The offer to lead or to join that an agent has not answered yet; `None` if nobody has an offer.
    pub(crate) fn pending_offer(&self) -> Option<Offer> {
        match &self.phase {
            Phase::Waiting(waiting) => waiting.offer,
            Phase::Chatting(chatting) => chatting.conference_offer,
            Phase::Concluded { .. } => None,
        }
    }

    /// The agents who take part, the lead first.
    pub(crate) fn agents(&self) -> Vec<ClientId> {
        self.chatting()
            .map(|chatting| chatting.agents().collect())
            .unwrap_or_default()
    }

    /// The role in which the agent takes part; `None` if the agent does not.
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

    /// Whether the engagement counts against the agent's `maxSessionCount`: it is offered to the agent, the agent takes
    /// part, or the agent is in wrap-up.
    pub(crate) fn occupies(&self, agent: ClientId) -> bool {
        self.wrap_up.contains(&agent)
            || self.role_of(agent).is_some()
            || self
                .pending_offer()
                .is_some_and(|offer| offer.agent == agent)
    }

    /// The visitor's first and last name, as far as they are known; empty if neither is known.
    pub(crate) fn visitor_name(&self) -> String {
        let names = [&self.visitor.first_name, &self.visitor.last_name];
        let known_names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        known_names.join(" ")
    }
}

/// Messages to the consumer.
impl Engagement {
    /// Tells the visitor the position in the queue and the expected wait. `position` is counted from 1, and
    /// `average_seconds` is the average wait for each position, in s.
    pub(crate) fn push_wait_information(&mut self, position: i64, average_seconds: i64, now: i64) {
        self.push(now, |stamp| {
            SystemMessage::WaitInformationChanged(WaitInformationChanged {
                position: Some(position),
                expected_wait_time_seconds: Some(average_seconds.saturating_mul(position)),
                average_wait_time_seconds: Some(average_seconds),
                stamp,
                ..WaitInformationChanged::default()
            })
        });
    }

    pub(crate) fn push_participant_added(&mut self, agent: &AgentProfile, role: Role, now: i64) {
        let engagement_id = Some(self.id);
        self.push(now, |stamp| {
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

    pub(crate) fn push_participant_left(
        &mut self,
        agent: ClientId,
        role: Role,
        reason: DisconnectReason,
        now: i64,
    ) {
        self.push(now, |stamp| {
            SystemMessage::ParticipantLeft(ParticipantLeft {
                role: Some(role),
                disconnect_reason: Some(reason),
                client_id: Some(agent),
                stamp,
                ..ParticipantLeft::default()
            })
        });
    }

    pub(crate) fn push_role_changed(&mut self, lead: ClientId, now: i64) {
        self.push(now, |stamp| {
            SystemMessage::RoleChanged(RoleChanged {
                lead_client_id: Some(lead),
                client_id: Some(lead),
                role: Some(Role::Lead),
                stamp,
                ..RoleChanged::default()
            })
        });
    }

    pub(crate) fn push_message_posted(&mut self, message: MessagePosted, now: i64) {
        self.push(now, |stamp| {
            SystemMessage::MessagePosted(MessagePosted { stamp, ..message })
        });
    }

    pub(crate) fn push_activity_changed(&mut self, activity: ActivityChanged, now: i64) {
        self.push(now, |stamp| {
            SystemMessage::ActivityChanged(ActivityChanged { stamp, ..activity })
        });
    }

    /// `seconds_to_disconnect` is the time until the server disconnects an absent agent, in s. It is `None` for the
    /// other states.
    pub(crate) fn push_connection_state(
        &mut self,
        agent: ClientId,
        state: ConnectionState,
        seconds_to_disconnect: Option<i64>,
        now: i64,
    ) {
        self.push(now, |stamp| {
            SystemMessage::ParticipantConnectionStateChanged(ParticipantConnectionStateChanged {
                client_id: Some(agent),
                connection_state: Some(state),
                seconds_to_disconnect,
                stamp,
                ..ParticipantConnectionStateChanged::default()
            })
        });
    }

    /// `role` and `client_id` are those of the participant who caused the end. If the server caused it, the role is
    /// `NONE`, and there is no client id.
    pub(crate) fn push_concluded(
        &mut self,
        reason: DisconnectReason,
        role: Role,
        client_id: Option<ClientId>,
        now: i64,
    ) {
        self.push(now, |stamp| {
            SystemMessage::Concluded(Concluded {
                reason: Some(reason),
                role: Some(role),
                client_id,
                stamp,
                ..Concluded::default()
            })
        });
    }

    /// Appends the message that the function `message` builds from a sequence number and a time.
    pub(crate) fn push(&mut self, now: i64, message: impl FnOnce(Stamp) -> SystemMessage) {
        self.stream.push(|sequence_number| {
            message(Stamp {
                sequence_number: Some(sequence_number),
                created_time: Some(ServiceTime::Iso(now)),
                ..Stamp::default()
            })
        });
    }
}
