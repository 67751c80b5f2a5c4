//! Makes the simulated agents act and receive messages. The agents call the switchboard (the rules of the chat server)
//! directly: the simulation tests the visitor's side, so no network with faults lies between the agents and the server.
//! The macro `note!` writes a line into the log of the simulated run.

use pipit_switchboard::{Agent, AgentClaims, LongPoll};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, CreateAutomatedAgentSessionRequest, EngagementRequest,
    PostMessageRequest, RequestAssignmentRequest, SetInteractionStatusRequest,
};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{EngagementId, Fields, Refusal};

use super::World;
use crate::agent::{AgentSession, EngagementStage, SimulatedAgent};

/// The number of engagements (chats) that an agent can have at the same time. It must be greater than 1, because an
/// engagement that the visitor's tabs have lost stays open for a while. In this time, the agent needs to get the
/// visitor's next engagement.
const MAX_ENGAGEMENTS: i32 = 8;

/// What an agent does.
impl World {
    /// Lets an agent do what each of its engagements needs. Does nothing while the agent is away or the server is down.
    pub(super) fn agent_acts(&mut self, index: usize) {
        let Some(agent) = self.agents.get(index) else {
            return;
        };
        if self.now < agent.away_until.max(self.server.down_until) {
            return;
        }
        if agent.session.is_none() {
            self.log_on(index);
        }
        let engagements = self
            .agents
            .get(index)
            .map(|agent| agent.engagements.clone());
        for (engagement, stage) in engagements.unwrap_or_default() {
            match stage {
                EngagementStage::Offered(kind) => self.answer_offer(index, engagement, kind),
                EngagementStage::Leading => self.act_as_lead(index, engagement),
                EngagementStage::WrapUp => self.release(index, engagement),
            }
        }
    }

    /// Creates a session for an agent, and asks the server to offer engagements to the agent.
    pub(super) fn log_on(&mut self, index: usize) {
        let Some(agent) = self.agents.get(index) else {
            return;
        };
        let (account, now) = (agent.account, self.server_now());
        let claims = AgentClaims {
            account,
            name: agent.name.clone(),
        };
        // The session replaces an older session that the agent may still have at the server.
        let log_on = CreateAutomatedAgentSessionRequest {
            logon_override: Some(true),
            ..CreateAutomatedAgentSessionRequest::default()
        };
        let switchboard = &mut self.server.switchboard;
        let Ok(answer) = switchboard.create_agent_session(&claims, &log_on, now) else {
            return;
        };
        let echo = answer.echo;
        if let (Some(session), Some(client)) = (echo.session_id, echo.client_id)
            && let Some(agent) = self.agents.get_mut(index)
        {
            agent.session = Some(AgentSession {
                id: session.reveal().to_owned(),
                client_id: client.0,
            });
        }
        note!(self, "agent {account} logs on");
        let request = RequestAssignmentRequest {
            assignment_requested: true,
            idle_session_count: 0,
            max_session_count: MAX_ENGAGEMENTS,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        self.call_as_agent(index, |agent| agent.request_assignment(&request));
    }

    /// Accepts an engagement that was offered. While faults can still strike (`is_calm` is false), sometimes declines
    /// it instead.
    fn answer_offer(&mut self, index: usize, engagement_id: EngagementId, kind: AssignmentType) {
        let declines = !self.is_calm && self.chance.percent(15);
        let (action, stage) = if declines {
            (AssignmentAction::Decline, None)
        } else {
            (AssignmentAction::Accept, Some(EngagementStage::Leading))
        };
        let request = AssignmentAcknowledgementRequest {
            action,
            action_type: AssignmentActionType::Manual,
            assignment_type: kind,
            engagement_id,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let is_done = self.call_as_agent(index, |agent| agent.assignment_acknowledgement(&request));
        note!(
            self,
            "agent {index} accepts {engagement_id}: {} {is_done}",
            !declines
        );
        self.set_stage(index, engagement_id, stage.filter(|_| is_done));
    }

    /// Writes, reports an activity, transfers the engagement, concludes it, or does nothing, at random. Each range of
    /// `roll` gives the probability of an action in percent. Once faults have ceased, the agent neither transfers nor
    /// concludes.
    fn act_as_lead(&mut self, index: usize, engagement: EngagementId) {
        let roll = self.chance.between(1, 100);
        match roll {
            ..=40 => self.post_as_agent(index, engagement),
            41..=65 => self.report_activity(index, engagement),
            66..=69 if !self.is_calm => {
                let now = self.server_now();
                let is_done = self.server.switchboard.transfer(engagement, now).is_ok();
                note!(self, "agent {index} transfers {engagement}: {is_done}");
            }
            70..=72 if !self.is_calm => {
                let request = EngagementRequest::new(engagement, AgentRequest::default());
                let is_done = self.call_as_agent(index, |agent| agent.conclude_chat(&request));
                note!(self, "agent {index} concludes {engagement}: {is_done}");
                // This holds after a refusal too: the next step, the release, takes the engagement from the agent's list.
                self.set_stage(index, engagement, Some(EngagementStage::WrapUp));
            }
            _ => {}
        }
    }

    /// Posts a message with a unique text. Once faults have ceased, agents seldom write.
    fn post_as_agent(&mut self, index: usize, engagement: EngagementId) {
        if self.is_calm && self.chance.percent(80) {
            return;
        }
        self.agent_message_count += 1;
        let text = format!("agent's {}", self.agent_message_count);
        let post = PostMessageRequest {
            message_id: Some(self.agent_message_count.to_string()),
            ..PostMessageRequest::plain_text(engagement, text, AgentRequest::default())
        };
        let is_done = self.call_as_agent(index, |agent| agent.post_message(&post));
        note!(self, "agent {index} posts {:?}: {is_done}", post.body);
    }

    /// Reports to the server what an agent is doing, and whether the agent is looking at the chat.
    fn report_activity(&mut self, index: usize, engagement_id: EngagementId) {
        let agent = self.agents.get(index);
        let Some(client_id) = agent.and_then(|agent| Some(agent.session.as_ref()?.client_id))
        else {
            return;
        };
        let mode = self
            .chance
            .either(ActivityMode::Responding, ActivityMode::Researching);
        let has_focus = self.chance.percent(60);
        let status = SetInteractionStatusRequest {
            client_id,
            engagement_id,
            mode,
            sneak_preview: None,
            sneak_preview_focus: Some(has_focus),
            sneak_preview_interval: None,
            sneak_preview_state: None,
            visibility: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let is_done = self.call_as_agent(index, |agent| agent.set_interaction_status(&status));
        note!(
            self,
            "agent {index} reports its focus: {has_focus} {is_done}"
        );
    }

    /// Releases an engagement that has ended.
    fn release(&mut self, index: usize, engagement: EngagementId) {
        let request = EngagementRequest::new(engagement, AgentRequest::default());
        self.call_as_agent(index, |agent| agent.release_chat(&request));
        self.set_stage(index, engagement, None);
    }

    /// Records what an agent must do next for an engagement. `None` means that the agent no longer has the engagement.
    fn set_stage(
        &mut self,
        index: usize,
        engagement: EngagementId,
        stage: Option<EngagementStage>,
    ) {
        if let Some(agent) = self.agents.get_mut(index) {
            match stage {
                Some(stage) => agent.engagements.insert(engagement, stage),
                None => agent.engagements.remove(&engagement),
            };
        }
    }

    /// Calls an operation as an agent. Returns whether the server accepted it. If the server does not know the agent's
    /// session, the agent is logged off, and logs on again the next time that the agent acts.
    pub(super) fn call_as_agent<T>(
        &mut self,
        index: usize,
        operation: impl FnOnce(Agent<'_>) -> Result<T, Refusal>,
    ) -> bool {
        let now = self.server_now();
        let Some(simulated) = self.agents.get_mut(index) else {
            return false;
        };
        let Some(session) = simulated.session.clone() else {
            return false;
        };
        let switchboard = &mut self.server.switchboard;
        let Ok(agent) = switchboard.agent(&session.id, simulated.account, now) else {
            simulated.log_off();
            return false;
        };
        operation(agent).is_ok()
    }

    /// Lets the client of the first agent send nothing for this many ms.
    pub(super) fn send_agent_away(&mut self, for_ms: u64) {
        let now = self.server_now();
        if let Some(agent) = self.agents.first_mut() {
            note!(self, "agent 0 sends nothing for {for_ms} ms");
            agent.away_until = self.now + for_ms;
            if let Some(poll) = agent.poll.take() {
                poll.abandon(&mut self.server.switchboard, now);
            }
        }
    }
}

/// What an agent receives.
impl World {
    /// Answers those of the agents' polls that are due, and sends polls for agents without one. Returns whether any poll
    /// was due.
    pub(super) fn answer_agent_polls(&mut self) -> bool {
        let mut has_answered = false;
        for index in 0..self.agents.len() {
            has_answered |= self.answer_agent_poll(index);
        }
        has_answered
    }

    /// Answers the poll of an agent if the poll is due. Returns whether it was due. An agent without an open poll sends
    /// a new poll first.
    fn answer_agent_poll(&mut self, index: usize) -> bool {
        let now = self.server_now();
        let is_present = |agent: &&mut SimulatedAgent| self.now >= agent.away_until;
        let Some(simulated) = self.agents.get_mut(index).filter(is_present) else {
            return false;
        };
        let Some(session) = simulated.session.clone() else {
            return false;
        };
        let switchboard = &mut self.server.switchboard;
        if simulated.poll.is_none() {
            let pool = switchboard.pool().pool.clone();
            let agent = switchboard.agent(&session.id, simulated.account, now);
            let new_poll =
                agent.and_then(|agent| agent.get_messages(&AgentRequest::default(), Some(&pool)));
            match new_poll {
                Ok(poll) => simulated.poll = Some(poll),
                Err(_) => simulated.log_off(),
            }
        }
        let poll = simulated.poll.as_ref();
        let Some(answer) = poll.and_then(|poll| poll.answer(switchboard, now)) else {
            return false;
        };
        simulated.poll = None;
        for message in answer.get_response_types {
            self.receive_as_agent(index, message);
        }
        true
    }

    /// Lets an agent react to a message. Messages about other things, such as the participants, do not matter here.
    fn receive_as_agent(&mut self, index: usize, message: AgentMessage) {
        self.record_agent_sight(index, &message);
        match message {
            AgentMessage::ChatEngagementAssignment(assignment) => {
                let kind = assignment.kind.as_deref().map(AssignmentType::from);
                let stage = EngagementStage::Offered(kind.unwrap_or(AssignmentType::Lead));
                self.set_stage(index, assignment.engagement_id, Some(stage));
            }
            AgentMessage::ChatPostMessage(posted) => {
                note!(self, "agent {index} reads {:?}", posted.body);
                // The checks compare this count with the number of times agents may see the text.
                self.witness.text_mut(&posted.body).seen_count += 1;
            }
            AgentMessage::ChatDisconnectNotification(disconnect) => {
                let engagement = disconnect.engagement_id.unwrap_or_default();
                // After a transfer, the agent no longer has the engagement.
                let is_transfer = disconnect.reason == Some(DisconnectReason::TransferredToQueue);
                let stage = (!is_transfer).then_some(EngagementStage::WrapUp);
                self.set_stage(index, engagement, stage);
            }
            _ => {}
        }
    }
}
