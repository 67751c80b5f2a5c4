//! The operations that look beyond one engagement (a chat at the server): the list of agents and queues, and the way of an
//! engagement into the escalation queue.
//!
//! INFERRED: our assumption.

use std::collections::BTreeSet;

use pipit_wire::agent::{
    AgentRequest, AgentResponse, EngagementRequest, QueueInfo, RerouteAvailabilityRequest,
    RerouteAvailabilityResponse, RetrieveAgentsAndQueuesRequest, RetrieveAgentsAndQueuesResponse,
};
use pipit_wire::vocabulary::Role;
use pipit_wire::{EngagementId, Fields, QueueId, Refusal};

use super::conversation::not_your_engagement;
use super::{Agent, response};
use crate::Switchboard;
use crate::assignment::agent_info;

impl Agent<'_> {
    /// Lists the agents who are logged on, and the queues of the site. The site's queues are those of the settings, and
    /// those in which an engagement waits.
    ///
    /// # Errors
    /// 403 if the session has ended.
    pub fn retrieve_agents_and_queues(
        mut self,
        request: &RetrieveAgentsAndQueuesRequest,
    ) -> Result<RetrieveAgentsAndQueuesResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let agents = self.switchboard.agents.values();
        let agents = request
            .include_agent_information
            .then(|| agents.map(agent_info).collect());
        let queues = request.include_queue_information.then(|| {
            self.switchboard
                .list_queues(request.include_queue_statistics)
        });
        Ok(RetrieveAgentsAndQueuesResponse {
            agents,
            queues,
            echo,
            ..RetrieveAgentsAndQueuesResponse::default()
        })
    }

    /// Puts an engagement that the agent leads into the escalation queue. The switchboard has no rules for escalation, so
    /// this is the engagement's own queue. (INFERRED)
    ///
    /// # Errors
    /// 404 for an engagement that is unknown, or that the agent does not lead.
    pub fn reroute_engagement(
        mut self,
        request: &EngagementRequest,
    ) -> Result<AgentResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let id = request.engagement_id;
        if !self.leads(id)? {
            return Err(not_your_engagement(id));
        }
        self.switchboard.transfer(id, self.now)?;
        Ok(response(echo))
    }

    /// Says whether `rerouteEngagement` would succeed.
    ///
    /// # Errors
    /// 404 for an unknown engagement.
    pub fn reroute_availability(
        mut self,
        request: &RerouteAvailabilityRequest,
    ) -> Result<RerouteAvailabilityResponse, Refusal> {
        // The request has no time and no number, so the answer repeats none.
        let echo = self.echo(&AgentRequest::default())?;
        Ok(RerouteAvailabilityResponse {
            reroute_available: self.leads(request.engagement_id)?,
            echo,
            ..RerouteAvailabilityResponse::default()
        })
    }

    /// Whether the agent is responsible for the engagement.
    fn leads(&mut self, id: EngagementId) -> Result<bool, Refusal> {
        let client = self.client;
        let engagement = self.switchboard.engagement_mut(id)?;
        Ok(engagement.role_of(client) == Some(Role::Lead))
    }
}

impl Switchboard {
    /// The queues of the site, by the text of their id.
    fn list_queues(&self, with_statistics: bool) -> Fields {
        let listed = self.config.queues.iter().map(|queue| queue.id);
        let waiting = self
            .engagements
            .values()
            .map(|engagement| engagement.queue.0);
        let ids: BTreeSet<i64> = listed
            .chain(waiting)
            .chain([self.config.queue_id])
            .collect();
        let available = self.agents.values().filter(|agent| agent.is_available);
        let available = i32::try_from(available.count()).unwrap_or(i32::MAX);
        let mut queues = Fields::default();
        for id in ids {
            let in_queue = self
                .engagements
                .values()
                .filter(|engagement| engagement.queue.0 == id && engagement.waiting().is_some());
            let in_queue = i32::try_from(in_queue.count()).unwrap_or(i32::MAX);
            let info = QueueInfo {
                queue_id: Some(QueueId(id)),
                engagements_in_queue: with_statistics.then_some(in_queue),
                total_available_agents: with_statistics.then_some(available),
                ..QueueInfo::default()
            };
            queues.put(&id.to_string(), &info);
        }
        queues
    }
}
