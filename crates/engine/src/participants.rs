//! The agents who take part in an engagement (a chat at the server), or the visitor's wait until an agent joins. One
//! agent is the *lead*, who is responsible for the engagement; the other agents are *conferees*.

use std::rc::Rc;

use pipit_untrusted_text::{changed_by, clean_name};
use pipit_wire::ClientId;
use pipit_wire::consumer::{ParticipantAdded, RoleChanged, WaitInformationChanged};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, Role};

use crate::conversation::{Agent, Phase, Wait};

/// The maximum number of agents who take part at the same time, and of names that are remembered. A chat has a few. The
/// limit keeps a server that adds agents without end from filling the storage.
const MAX_AGENTS: usize = 100;

/// Whether the visitor waits or chats.
#[derive(Clone, Debug)]
pub(crate) enum Attendance {
    /// The visitor waits for the first agent.
    Queued(Wait),
    /// These agents take part, the lead first. The list is empty if all agents have left.
    Chatting(Vec<Agent>),
    /// The visitor waits for an agent again.
    Requeued(Wait),
}

/// The agents who take part or the visitor's wait, and the names of all agents who ever joined.
#[derive(Debug)]
pub(crate) struct Participants {
    attendance: Attendance,
    /// The names of all agents who ever joined. A client id identifies an agent's connection to the server. The names
    /// are kept, because an agent's message may arrive after the agent has left.
    names: Vec<(ClientId, Rc<str>)>,
    /// The agent's name that the widget shows after the end of the conversation: the name of the agent who most
    /// recently joined as the lead or became the lead. If no agent was the lead, the name of the first agent who
    /// joined; `None` if no agent ever joined.
    main_agent_name: Option<Rc<str>>,
}

impl Participants {
    /// The participants of a new engagement: the visitor waits, and no agent has joined.
    pub(crate) fn queued() -> Self {
        Self::restored(Attendance::Queued(Wait::default()), Vec::new(), None)
    }

    /// The participants as they were stored.
    pub(crate) fn restored(
        attendance: Attendance,
        names: Vec<(ClientId, Rc<str>)>,
        main_agent_name: Option<Rc<str>>,
    ) -> Self {
        let mut participants = Self {
            attendance: attendance.bounded(),
            names: Vec::new(),
            main_agent_name: main_agent_name.map(|name| changed_by(clean_name, name)),
        };
        for (client_id, name) in names {
            participants.set_name(client_id, changed_by(clean_name, name));
        }
        participants
    }

    /// Whether the visitor waits or chats.
    pub(crate) fn attendance(&self) -> &Attendance {
        &self.attendance
    }

    /// The names of all agents who ever joined.
    pub(crate) fn names(&self) -> &[(ClientId, Rc<str>)] {
        &self.names
    }

    /// The name of an agent, even if the agent has left. `None` if no agent with this connection ever joined.
    pub(crate) fn name_of(&self, client_id: Option<ClientId>) -> Option<Rc<str>> {
        let client_id = client_id?;
        let mut names = self.names.iter();
        let (_, name) = names.find(|(other, _)| *other == client_id)?;
        Some(name.clone())
    }

    /// The name of the agent who most recently joined as the lead or became the lead. If no agent was the lead, the name
    /// of the first agent who joined; `None` if no agent ever joined.
    pub(crate) fn main_agent_name(&self) -> Option<&Rc<str>> {
        self.main_agent_name.as_ref()
    }

    /// The phase that the visitor sees.
    pub(crate) fn phase(&self) -> Phase {
        match &self.attendance {
            Attendance::Queued(wait) => Phase::Queued(*wait),
            Attendance::Chatting(agents) => Phase::Chatting(agents.clone()),
            Attendance::Requeued(wait) => Phase::Requeued(*wait),
        }
    }

    /// Whether at least one agent takes part. Otherwise no typing signals are sent.
    pub(crate) fn has_agent(&self) -> bool {
        matches!(&self.attendance, Attendance::Chatting(agents) if !agents.is_empty())
    }

    /// The agent with this connection, to be changed. `None` if no agent with this connection takes part now.
    pub(crate) fn agent(&mut self, client_id: Option<ClientId>) -> Option<&mut Agent> {
        let client_id = client_id?;
        self.agents()?
            .iter_mut()
            .find(|agent| agent.client_id == client_id)
    }

    /// The client id of an agent who joins. An agent without a client id gets one that no server uses, so that the visitor
    /// still sees that somebody has joined: 0, or the next lower number if another agent has it. If the agent has joined
    /// before under the same name, the id is the same as before.
    pub(crate) fn id_of(&self, added: &ParticipantAdded) -> ClientId {
        if let Some(client_id) = added.client_id {
            return client_id;
        }
        let name = added.name.as_deref().unwrap_or_default();
        let without_id = || self.names.iter().filter(|(other, _)| other.0 <= 0);
        let same_name = without_id().find(|(_, other)| **other == *name);
        let lowest = without_id().map(|(other, _)| other.0).min();
        match (same_name, lowest) {
            (Some((client_id, _)), _) => *client_id,
            (None, Some(lowest)) => ClientId(lowest.saturating_sub(1)),
            (None, None) => ClientId(0),
        }
    }

    /// Adds an agent and returns the agent's name. The visitor's wait ends. An agent who is already listed
    /// with the same connection is replaced.
    pub(crate) fn add(
        &mut self,
        client_id: ClientId,
        role: Role,
        added: &ParticipantAdded,
    ) -> Rc<str> {
        let name: Rc<str> = clean_name(added.name.as_deref().unwrap_or_default()).into();
        self.set_name(client_id, name.clone());
        if role == Role::Lead || self.main_agent_name.is_none() {
            self.main_agent_name = Some(name.clone());
        }
        let placeholder = Attendance::Chatting(Vec::new());
        let mut agents = match std::mem::replace(&mut self.attendance, placeholder) {
            Attendance::Chatting(agents) => agents,
            Attendance::Queued(_) | Attendance::Requeued(_) => Vec::new(),
        };
        agents.retain(|other| other.client_id != client_id);
        agents.push(Agent {
            client_id,
            account_id: added.account_id,
            name: name.clone(),
            role,
            activity: ActivityMode::None,
            connection: ConnectionState::Active,
            is_virtual: added.virtual_agent.unwrap_or(false),
        });
        put_lead_first(&mut agents);
        agents.truncate(MAX_AGENTS);
        self.attendance = Attendance::Chatting(agents);
        name
    }

    /// Removes an agent. Returns whether the agent took part.
    pub(crate) fn remove(&mut self, client_id: ClientId) -> bool {
        let Some(agents) = self.agents() else {
            return false;
        };
        let count_before = agents.len();
        agents.retain(|agent| agent.client_id != client_id);
        agents.len() < count_before
    }

    /// Puts the visitor back into the queue. The server may send several messages about one transfer. Returns
    /// true for the first of them, and false for each later message, which changes nothing.
    pub(crate) fn requeue(&mut self) -> bool {
        if matches!(self.attendance, Attendance::Requeued(_)) {
            return false;
        }
        self.attendance = Attendance::Requeued(Wait::default());
        true
    }

    /// Takes what the server says about the wait. Values out of range count as unknown. Does nothing while
    /// the visitor chats.
    pub(crate) fn update_wait(&mut self, changed: &WaitInformationChanged) {
        let at_least = |value: Option<i64>, min: i64| {
            value
                .filter(|value| *value >= min)
                .and_then(|value| u32::try_from(value).ok())
        };
        if let Attendance::Queued(wait) | Attendance::Requeued(wait) = &mut self.attendance {
            *wait = Wait {
                position: at_least(changed.position, 1),
                expected_seconds: at_least(changed.expected_wait_time_seconds, 0),
                average_seconds: at_least(changed.average_wait_time_seconds, 0),
            };
        }
    }

    /// Takes new roles. Only one agent is the lead, so the previous lead becomes a conferee if another agent who
    /// takes part becomes the lead. Returns the name of the new lead, or `None` if no agent has become the lead.
    pub(crate) fn update_roles(&mut self, changed: &RoleChanged) -> Option<Rc<str>> {
        let agents = self.agents()?;
        // The message names the new lead as `lead_client_id`, or as the client whose new role is LEAD.
        let changed_role = changed.client_id.zip(changed.role.clone());
        let made_lead = changed_role
            .as_ref()
            .filter(|(_, role)| *role == Role::Lead);
        let lead_id = changed
            .lead_client_id
            .or(made_lead.map(|(client_id, _)| *client_id));
        let has_lead = agents.iter().any(|agent| Some(agent.client_id) == lead_id);
        let mut new_lead = None;
        for agent in agents.iter_mut() {
            let was_lead = agent.role == Role::Lead;
            if Some(agent.client_id) == lead_id {
                agent.role = Role::Lead;
                new_lead = (!was_lead).then(|| agent.name.clone());
            } else if let Some((_, role)) = changed_role
                .as_ref()
                .filter(|(client_id, _)| *client_id == agent.client_id)
            {
                agent.role = role.clone();
            } else if has_lead && was_lead {
                agent.role = Role::Conferee;
            }
        }
        put_lead_first(agents);
        if new_lead.is_some() {
            self.main_agent_name.clone_from(&new_lead);
        }
        new_lead
    }

    /// Resets what is outdated after a reload: the wait, and the activity and connection of each agent.
    pub(crate) fn reset_outdated(&mut self) {
        match &mut self.attendance {
            Attendance::Queued(wait) | Attendance::Requeued(wait) => *wait = Wait::default(),
            Attendance::Chatting(agents) => {
                for agent in agents {
                    agent.activity = ActivityMode::None;
                    agent.connection = ConnectionState::Active;
                }
            }
        }
    }

    /// Remembers the name of an agent, in place of an earlier name. Forgets the oldest name if there are too many.
    fn set_name(&mut self, client_id: ClientId, name: Rc<str>) {
        self.names.retain(|(other, _)| *other != client_id);
        if self.names.len() >= MAX_AGENTS {
            self.names.remove(0);
        }
        self.names.push((client_id, name));
    }

    /// The agents who take part; `None` while the visitor waits.
    fn agents(&mut self) -> Option<&mut Vec<Agent>> {
        match &mut self.attendance {
            Attendance::Chatting(agents) => Some(agents),
            Attendance::Queued(_) | Attendance::Requeued(_) => None,
        }
    }
}

impl Attendance {
    /// The stored attendance, with clean names and not too many agents.
    fn bounded(mut self) -> Self {
        if let Self::Chatting(agents) = &mut self {
            agents.truncate(MAX_AGENTS);
            for agent in agents {
                agent.name = clean_name(&agent.name).into();
            }
        }
        self
    }
}

fn put_lead_first(agents: &mut [Agent]) {
    agents.sort_by_key(|agent| agent.role != Role::Lead);
}
