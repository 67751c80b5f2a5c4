//! The agents: they ask the switchboard directly, without a network between, for it is the
//! visitor's side that is proven here.

use std::collections::BTreeMap;

use pipit_switchboard::{Agent, AgentClaims, AgentPoll, LongPoll};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, CreateAutomatedAgentSessionRequest, DestinationType,
    EngagementRequest, MessageType, PostMessageRequest, RequestAssignmentRequest,
    SetInteractionStatusRequest, Visibility,
};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{AccountId, EngagementId, Fields, Refusal};

use crate::world::{World, note};

#[derive(Debug)]
pub(crate) struct Clerk {
    account: AccountId,
    session: Option<LogOn>,
    poll: Option<AgentPoll>,
    /// The client is silent before then, in ms.
    pub(crate) away_until: u64,
    duties: BTreeMap<EngagementId, Duty>,
}

#[derive(Clone, Debug)]
struct LogOn {
    id: String,
    client: i64,
}

/// What an agent has to do with an engagement.
#[derive(Clone, Debug, PartialEq)]
enum Duty {
    Offered(AssignmentType),
    Leads,
    WrapUp,
}

/// So many engagements an agent takes at once: room for those that a visitor has lost.
const PLACES: i32 = 8;

impl Clerk {
    pub(crate) fn new(account: i64) -> Self {
        Self {
            account: AccountId(account),
            session: None,
            poll: None,
            away_until: 0,
            duties: BTreeMap::new(),
        }
    }

    /// When the poll is answered at the latest, in ms since 1970.
    pub(crate) fn next_at(&self) -> Option<i64> {
        self.poll.as_ref().map(LongPoll::until_ms)
    }

    fn log_off(&mut self) {
        self.session = None;
        self.poll = None;
        self.duties.clear();
    }
}

impl World {
    /// An agent does the next thing.
    pub(crate) fn clerk_acts(&mut self, number: usize) {
        let Some(clerk) = self.clerks.get(number) else {
            return;
        };
        if self.now < clerk.away_until.max(self.server.down_until) {
            return;
        }
        if clerk.session.is_none() {
            self.log_on(number);
        }
        let duties = self.clerks.get(number).map(|clerk| clerk.duties.clone());
        for (engagement, duty) in duties.unwrap_or_default() {
            match duty {
                Duty::Offered(kind) => self.acknowledge(number, engagement, kind),
                Duty::Leads => self.lead(number, engagement),
                Duty::WrapUp => self.release(number, engagement),
            }
        }
    }

    fn log_on(&mut self, number: usize) {
        let Some(clerk) = self.clerks.get(number) else {
            return;
        };
        let (account, now) = (clerk.account, self.server_now());
        let claims = AgentClaims {
            account,
            name: format!("Agent {account}"),
        };
        let request = CreateAutomatedAgentSessionRequest {
            logon_override: Some(true),
            ..CreateAutomatedAgentSessionRequest::default()
        };
        let Ok(answer) = self
            .server
            .board
            .create_agent_session(&claims, &request, now)
        else {
            return;
        };
        let echo = answer.echo;
        if let (Some(session), Some(client)) = (echo.session_id, echo.client_id)
            && let Some(clerk) = self.clerks.get_mut(number)
        {
            clerk.session = Some(LogOn {
                id: session.reveal().to_owned(),
                client: client.0,
            });
        }
        note!(self, "agent {account} logs on");
        let wish = RequestAssignmentRequest {
            assignment_requested: true,
            idle_session_count: 0,
            max_session_count: PLACES,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        self.as_agent(number, |agent| agent.request_assignment(&wish));
    }

    fn acknowledge(&mut self, number: usize, engagement_id: EngagementId, kind: AssignmentType) {
        let declines = !self.is_calm && self.chance.percent(15);
        let (action, duty) = if declines {
            (AssignmentAction::Decline, None)
        } else {
            (AssignmentAction::Accept, Some(Duty::Leads))
        };
        let request = AssignmentAcknowledgementRequest {
            action,
            action_type: AssignmentActionType::Manual,
            assignment_type: kind,
            engagement_id,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let is_done = self.as_agent(number, |agent| agent.assignment_acknowledgement(&request));
        note!(
            self,
            "agent {number} takes {engagement_id}: {} {is_done}",
            !declines
        );
        self.set_duty(number, engagement_id, duty.filter(|_| is_done));
    }

    /// One thing that a lead may do.
    fn lead(&mut self, number: usize, engagement: EngagementId) {
        let dice = self.chance.between(1, 100);
        match dice {
            ..=40 => self.say(number, engagement),
            41..=65 => self.show_interest(number, engagement),
            66..=69 if !self.is_calm => {
                let now = self.server_now();
                let is_done = self.server.board.transfer(engagement, now).is_ok();
                note!(self, "agent {number} transfers {engagement}: {is_done}");
            }
            70..=72 if !self.is_calm => {
                let request = of_engagement(engagement);
                let is_done = self.as_agent(number, |agent| agent.conclude_chat(&request));
                note!(self, "agent {number} concludes {engagement}: {is_done}");
                self.set_duty(number, engagement, Some(Duty::WrapUp));
            }
            _ => {}
        }
    }

    fn say(&mut self, number: usize, engagement: EngagementId) {
        if self.is_calm && self.chance.percent(80) {
            return;
        }
        self.said += 1;
        let post = PostMessageRequest {
            body: format!("agent's {}", self.said),
            destination_id: engagement.0,
            destination_type: DestinationType::Engagement,
            message_type: MessageType::Text,
            visibility: Some(Visibility::All),
            message_id: Some(self.said.to_string()),
            rich_text: None,
            message_data_map: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let is_done = self.as_agent(number, |agent| agent.post_message(&post));
        note!(self, "agent {number} says {:?}: {is_done}", post.body);
    }

    fn show_interest(&mut self, number: usize, engagement_id: EngagementId) {
        let clerk = self.clerks.get(number);
        let Some(client_id) = clerk.and_then(|clerk| Some(clerk.session.as_ref()?.client)) else {
            return;
        };
        let mode = self
            .chance
            .either(ActivityMode::Responding, ActivityMode::Researching);
        let focus = self.chance.percent(60);
        let status = SetInteractionStatusRequest {
            client_id,
            engagement_id,
            mode,
            sneak_preview: None,
            sneak_preview_focus: Some(focus),
            sneak_preview_interval: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let is_done = self.as_agent(number, |agent| agent.set_interaction_status(&status));
        note!(self, "agent {number} has it in focus: {focus} {is_done}");
    }

    fn release(&mut self, number: usize, engagement: EngagementId) {
        let request = of_engagement(engagement);
        self.as_agent(number, |agent| agent.release_chat(&request));
        self.set_duty(number, engagement, None);
    }

    fn set_duty(&mut self, number: usize, engagement: EngagementId, duty: Option<Duty>) {
        if let Some(clerk) = self.clerks.get_mut(number) {
            match duty {
                Some(duty) => clerk.duties.insert(engagement, duty),
                None => clerk.duties.remove(&engagement),
            };
        }
    }

    /// Asks as an agent; whether it was done. Who is not known logs on again.
    fn as_agent<T>(
        &mut self,
        number: usize,
        operation: impl FnOnce(Agent<'_>) -> Result<T, Refusal>,
    ) -> bool {
        let now = self.server_now();
        let Some(clerk) = self.clerks.get_mut(number) else {
            return false;
        };
        let Some(session) = clerk.session.clone() else {
            return false;
        };
        let agent = self.server.board.agent(&session.id, clerk.account, now);
        let Ok(agent) = agent else {
            clerk.log_off();
            return false;
        };
        operation(agent).is_ok()
    }

    pub(crate) fn clerk_goes_away(&mut self, for_ms: u64) {
        let now = self.server_now();
        if let Some(clerk) = self.clerks.first_mut() {
            note!(self, "agent 0 falls silent for {for_ms} ms");
            clerk.away_until = self.now + for_ms;
            if let Some(poll) = clerk.poll.take() {
                poll.abandon(&mut self.server.board, now);
            }
        }
    }

    /// Lets the agents fetch what there is for them; whether there was anything.
    pub(crate) fn clerks_listen(&mut self) -> bool {
        let mut any = false;
        for number in 0..self.clerks.len() {
            any |= self.clerk_listens(number);
        }
        any
    }

    fn clerk_listens(&mut self, number: usize) -> bool {
        let now = self.server_now();
        let is_away = |clerk: &&mut Clerk| self.now >= clerk.away_until;
        let Some(clerk) = self.clerks.get_mut(number).filter(is_away) else {
            return false;
        };
        let Some(session) = clerk.session.clone() else {
            return false;
        };
        if clerk.poll.is_none() {
            let pool = self.server.board.pool().pool.clone();
            let agent = self.server.board.agent(&session.id, clerk.account, now);
            let poll =
                agent.and_then(|agent| agent.get_messages(&AgentRequest::default(), Some(&pool)));
            match poll {
                Ok(poll) => clerk.poll = Some(poll),
                Err(_) => clerk.log_off(),
            }
        }
        let poll = clerk.poll.as_ref();
        let Some(answer) = poll.and_then(|poll| poll.answer(&mut self.server.board, now)) else {
            return false;
        };
        clerk.poll = None;
        for message in answer.get_response_types {
            self.clerk_hears(number, message);
        }
        true
    }

    fn clerk_hears(&mut self, number: usize, message: AgentMessage) {
        match message {
            AgentMessage::ChatEngagementAssignment(it) => {
                let kind = it.kind.as_deref().map(AssignmentType::from);
                let duty = Duty::Offered(kind.unwrap_or(AssignmentType::Lead));
                self.set_duty(number, it.engagement_id, Some(duty));
            }
            AgentMessage::ChatPostMessage(posted) => {
                note!(self, "agent {number} reads {:?}", posted.body);
                self.witness.text(&posted.body).seen += 1;
            }
            AgentMessage::ChatDisconnectNotification(gone) => {
                let engagement = gone.engagement_id.unwrap_or_default();
                let is_transfer = gone.reason == Some(DisconnectReason::TransferredToQueue);
                self.set_duty(number, engagement, (!is_transfer).then_some(Duty::WrapUp));
            }
            _ => {}
        }
    }
}

fn of_engagement(engagement_id: EngagementId) -> EngagementRequest {
    EngagementRequest {
        engagement_id,
        agent: AgentRequest::default(),
        unknown: Fields::default(),
    }
}
