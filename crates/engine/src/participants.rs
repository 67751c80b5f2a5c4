//! Who takes part and how long they are waited for, as the stream's messages change it.

use pipit_wire::ClientId;
use pipit_wire::consumer::{ActivityChanged, RoleChanged, WaitInformationChanged};
use pipit_wire::vocabulary::Role;

use crate::conversation::{Agent, Conversation, Phase, Wait};
use crate::stream::Place;
use crate::transcript::Notice;

impl Conversation {
    fn agents(&mut self) -> Option<&mut Vec<Agent>> {
        match &mut self.phase {
            Phase::Chatting(agents) => Some(agents),
            _ => None,
        }
    }

    pub(crate) fn agent(&mut self, client_id: Option<ClientId>) -> Option<&mut Agent> {
        let client_id = client_id?;
        self.agents()?
            .iter_mut()
            .find(|agent| agent.client_id == client_id)
    }

    /// The first agent ends the wait; who was there under the same connection is replaced.
    pub(crate) fn enter(&mut self, agent: Agent) {
        let mut agents = match std::mem::take(&mut self.phase) {
            Phase::Chatting(agents) => agents,
            _ => Vec::new(),
        };
        agents.retain(|other| other.client_id != agent.client_id);
        agents.push(agent);
        lead_first(&mut agents);
        self.phase = Phase::Chatting(agents);
    }

    /// Whether such an agent was there.
    pub(crate) fn leave(&mut self, client_id: ClientId) -> bool {
        let Some(agents) = self.agents() else {
            return false;
        };
        let before = agents.len();
        agents.retain(|agent| agent.client_id != client_id);
        agents.len() < before
    }

    pub(crate) fn wait_changed(&mut self, changed: &WaitInformationChanged) {
        let known = |value: Option<i64>, least: i64| {
            value
                .filter(|value| *value >= least)
                .and_then(|value| u32::try_from(value).ok())
        };
        if let Phase::Queued(wait) | Phase::Requeued(wait) = &mut self.phase {
            *wait = Wait {
                position: known(changed.position, 1),
                expected_seconds: known(changed.expected_wait_time_seconds, 0),
                average_seconds: known(changed.average_wait_time_seconds, 0),
            };
        }
    }

    /// There is one lead: whoever led before becomes a second agent.
    pub(crate) fn role_changed(&mut self, place: &Place, changed: &RoleChanged) {
        let Some(agents) = self.agents() else {
            return;
        };
        let named = changed.client_id.zip(changed.role.clone());
        let named_lead = named.as_ref().filter(|(_, role)| *role == Role::Lead);
        let lead = changed.lead_client_id.or(named_lead.map(|(who, _)| *who));
        let has_lead = agents.iter().any(|agent| Some(agent.client_id) == lead);
        let mut taken_over = None;
        for agent in agents.iter_mut() {
            let before = agent.role.clone();
            if Some(agent.client_id) == lead {
                agent.role = Role::Lead;
                taken_over = (before != Role::Lead).then(|| agent.name.clone());
            } else if let Some((_, role)) =
                named.as_ref().filter(|(who, _)| *who == agent.client_id)
            {
                agent.role = role.clone();
            } else if has_lead && before == Role::Lead {
                agent.role = Role::Conferee;
            }
        }
        lead_first(agents);
        if let Some(name) = taken_over {
            self.note(place, Notice::TakenOver(name));
        }
    }

    pub(crate) fn activity_changed(&mut self, changed: ActivityChanged) {
        self.sneak_preview.refresh(
            changed.sneak_preview_state,
            changed.sneak_preview_interval,
            changed.sneak_preview_focus,
        );
        if let Some(mode) = changed.mode
            && let Some(agent) = self.agent(changed.client_id)
        {
            agent.activity = mode;
        }
    }
}

fn lead_first(agents: &mut [Agent]) {
    agents.sort_by_key(|agent| agent.role != Role::Lead);
}
