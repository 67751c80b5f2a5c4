//! A switchboard with a virtual clock, and short functions that act as its visitors and agents. A *batch* is the list of
//! messages that one poll returns.

use pipit_switchboard::{
    AgentClaims, AgentPoll, Config, ConsumerClaims, ConsumerPoll, LongPoll, Switchboard,
};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AgentResponse, AssignmentAcknowledgementRequest,
    AssignmentAcknowledgementResponse, AssignmentAction, AssignmentActionType, AssignmentType,
    ChatEngagementAssignment, CreateAutomatedAgentSessionRequest, DestinationType,
    EngagementRequest, LogoffRequest, MessageType, PostMessageRequest as AgentPost,
    PostMessageResponse as AgentPostResponse, RequestAssignmentRequest,
    SetInteractionStatusRequest, Visibility,
};
use pipit_wire::consumer::{
    ActivityRequest, ActivityResponse, ClientRequest, ConcludeEngagementResponse, ConsumerMode,
    PostMessageRequest, PostMessageResponse, SystemMessage,
};
use pipit_wire::session::SessionInformation;
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId, EngagementId, Fields, Refusal};

/// The time at which every test begins, in ms since 1970.
pub(crate) const START: i64 = 1_700_000_000_000;

/// A switchboard and its virtual clock.
pub(crate) struct TestServer {
    pub(crate) switchboard: Switchboard,
    /// The virtual time, in ms since 1970.
    pub(crate) now: i64,
    token_count: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) session: String,
    pub(crate) engagement: EngagementId,
    pub(crate) client: ClientId,
}

#[derive(Clone, Debug)]
pub(crate) struct TestAgent {
    pub(crate) session: String,
    pub(crate) account: AccountId,
    pub(crate) client: ClientId,
}

impl TestServer {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// Makes a server with changed settings.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        change(&mut config);
        Self {
            switchboard: Switchboard::new(config, 7),
            now: START,
            token_count: 0,
        }
    }

    /// Advances the clock and runs the time-outs that become due.
    pub(crate) fn advance(&mut self, ms: i64) {
        self.now += ms;
        self.switchboard.tick(self.now);
    }
}

/// Actions of visitors.
impl TestServer {
    /// Requests an engagement for a new visitor, who then waits.
    pub(crate) fn visitor(&mut self) -> Visitor {
        self.token_count += 1;
        let claims = ConsumerClaims::anonymous(&format!("token-{}", self.token_count));
        self.visitor_with(&claims)
    }

    pub(crate) fn named_visitor(&mut self, first: &str, question: &str) -> Visitor {
        self.visitor_with(&ConsumerClaims {
            visitor: SessionInformation {
                first_name: Some(first.to_owned()),
                question: Some(question.to_owned()),
                ..SessionInformation::default()
            },
            ..ConsumerClaims::anonymous(first)
        })
    }

    fn visitor_with(&mut self, claims: &ConsumerClaims) -> Visitor {
        let request = ClientRequest::default();
        let started = self
            .switchboard
            .request_engagement(claims, &request, self.now);
        let started = started.unwrap();
        Visitor {
            session: started.session_id.unwrap().reveal().to_owned(),
            engagement: started.engagement_id.unwrap(),
            client: started.echo.client_id.unwrap(),
        }
    }

    pub(crate) fn poll(&mut self, visitor: &Visitor) -> Result<ConsumerPoll, Refusal> {
        let consumer = self.switchboard.consumer(&visitor.session, self.now)?;
        consumer.get_messages(&ClientRequest::default(), None)
    }

    /// Begins a poll and returns its messages. If the server has none, it abandons the poll and returns an empty list.
    pub(crate) fn fetch(&mut self, visitor: &Visitor) -> Vec<SystemMessage> {
        let poll = self.poll(visitor).unwrap();
        let answer = poll.answer(&mut self.switchboard, self.now);
        poll.abandon(&mut self.switchboard, self.now);
        answer.map(|it| it.system_messages).unwrap_or_default()
    }

    pub(crate) fn post(
        &mut self,
        visitor: &Visitor,
        text: &str,
    ) -> Result<PostMessageResponse, Refusal> {
        let consumer = self.switchboard.consumer(&visitor.session, self.now)?;
        consumer.post_message(&post_request(text))
    }

    /// Reports that the visitor is typing, with a sneak preview if there is a text.
    pub(crate) fn type_text(&mut self, visitor: &Visitor, text: Option<&str>) -> ActivityResponse {
        let consumer = self
            .switchboard
            .consumer(&visitor.session, self.now)
            .unwrap();
        let request = ActivityRequest {
            mode: ConsumerMode::Responding,
            sneak_preview_text: text.map(str::to_owned),
            sneak_preview_focus: None,
            client: ClientRequest::default(),
            unknown: Fields::default(),
        };
        consumer.activity(&request).unwrap()
    }

    pub(crate) fn conclude_as_visitor(
        &mut self,
        visitor: &Visitor,
    ) -> Result<ConcludeEngagementResponse, Refusal> {
        let consumer = self.switchboard.consumer(&visitor.session, self.now)?;
        consumer.conclude_engagement(&ClientRequest::default())
    }
}

/// Actions of agents.
impl TestServer {
    /// Logs on an agent who asks for up to `max` engagements.
    pub(crate) fn available_agent(&mut self, account: i64, max: i32) -> TestAgent {
        let agent = self.log_on(account, false).unwrap();
        self.request_assignment(&agent, max);
        agent
    }

    pub(crate) fn log_on(
        &mut self,
        account: i64,
        logon_override: bool,
    ) -> Result<TestAgent, Refusal> {
        let claims = AgentClaims {
            account: AccountId(account),
            name: format!("Agent {account}"),
        };
        let request = CreateAutomatedAgentSessionRequest {
            logon_override: Some(logon_override),
            ..CreateAutomatedAgentSessionRequest::default()
        };
        let created = self
            .switchboard
            .create_agent_session(&claims, &request, self.now)?;
        Ok(TestAgent {
            session: created.echo.session_id.unwrap().reveal().to_owned(),
            account: claims.account,
            client: created.echo.client_id.unwrap(),
        })
    }

    /// Asks for up to `max` engagements. Returns whether one was offered at once.
    pub(crate) fn request_assignment(&mut self, agent: &TestAgent, max: i32) -> bool {
        let request = RequestAssignmentRequest {
            assignment_requested: true,
            idle_session_count: 0,
            max_session_count: max,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let answer = self
            .agent_handle(agent)
            .unwrap()
            .request_assignment(&request);
        let result = answer.unwrap().chat_request_assignment_result;
        result.unwrap().assignment_made
    }

    /// The handle on which an agent's operations are called; a refusal if the session is over.
    pub(crate) fn agent_handle(
        &mut self,
        agent: &TestAgent,
    ) -> Result<pipit_switchboard::Agent<'_>, Refusal> {
        self.switchboard
            .agent(&agent.session, agent.account, self.now)
    }

    pub(crate) fn poll_agent(&mut self, agent: &TestAgent) -> AgentPoll {
        let handle = self.agent_handle(agent).unwrap();
        handle.get_messages(&AgentRequest::default(), None).unwrap()
    }

    /// Begins a poll and returns its messages. If the server has none, it abandons the poll and returns an empty list.
    pub(crate) fn fetch_agent(&mut self, agent: &TestAgent) -> Vec<AgentMessage> {
        let poll = self.poll_agent(agent);
        let answer = poll.answer(&mut self.switchboard, self.now);
        poll.abandon(&mut self.switchboard, self.now);
        answer.map(|it| it.get_response_types).unwrap_or_default()
    }

    pub(crate) fn acknowledge(
        &mut self,
        agent: &TestAgent,
        engagement: EngagementId,
        action: AssignmentAction,
        assignment_type: AssignmentType,
    ) -> Result<AssignmentAcknowledgementResponse, Refusal> {
        let request = AssignmentAcknowledgementRequest {
            action,
            action_type: AssignmentActionType::Manual,
            assignment_type,
            engagement_id: engagement,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        self.agent_handle(agent)?
            .assignment_acknowledgement(&request)
    }

    pub(crate) fn accept(&mut self, agent: &TestAgent, visitor: &Visitor) {
        let (action, kind) = (AssignmentAction::Accept, AssignmentType::Lead);
        self.acknowledge(agent, visitor.engagement, action, kind)
            .unwrap();
    }

    pub(crate) fn decline(&mut self, agent: &TestAgent, visitor: &Visitor) {
        let (action, kind) = (AssignmentAction::Decline, AssignmentType::Lead);
        self.acknowledge(agent, visitor.engagement, action, kind)
            .unwrap();
    }

    /// Starts a conversation between a visitor and an agent, and fetches both streams.
    pub(crate) fn conversation(&mut self) -> (Visitor, TestAgent) {
        let visitor = self.visitor();
        let agent = self.available_agent(12, 3);
        self.accept(&agent, &visitor);
        self.fetch(&visitor);
        self.fetch_agent(&agent);
        (visitor, agent)
    }

    pub(crate) fn post_as_agent(
        &mut self,
        agent: &TestAgent,
        visitor: &Visitor,
        text: &str,
    ) -> Result<AgentPostResponse, Refusal> {
        let request = agent_post(visitor.engagement.0, DestinationType::Engagement, text);
        self.agent_handle(agent)?.post_message(&request)
    }

    /// Reports whether the agent is looking at the chat.
    pub(crate) fn set_focus(&mut self, agent: &TestAgent, visitor: &Visitor, focus: bool) {
        let request = SetInteractionStatusRequest {
            client_id: agent.client.0,
            engagement_id: visitor.engagement,
            mode: ActivityMode::Listening,
            sneak_preview: None,
            sneak_preview_focus: Some(focus),
            sneak_preview_interval: None,
            sneak_preview_state: None,
            visibility: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let handle = self.agent_handle(agent).unwrap();
        handle.set_interaction_status(&request).unwrap();
    }

    pub(crate) fn conclude_as_agent(
        &mut self,
        agent: &TestAgent,
        visitor: &Visitor,
    ) -> Result<(), Refusal> {
        let request = engagement_request(visitor);
        self.agent_handle(agent)?
            .conclude_chat(&request)
            .map(|_| ())
    }

    pub(crate) fn release(&mut self, agent: &TestAgent, visitor: &Visitor) -> Result<(), Refusal> {
        let request = engagement_request(visitor);
        self.agent_handle(agent)?.release_chat(&request).map(|_| ())
    }

    pub(crate) fn log_off(&mut self, agent: &TestAgent, force: bool) -> AgentResponse {
        let request = LogoffRequest {
            force_logoff: Some(force),
            ..LogoffRequest::default()
        };
        self.agent_handle(agent).unwrap().logoff(&request).unwrap()
    }
}

pub(crate) fn post_request(text: &str) -> PostMessageRequest {
    PostMessageRequest {
        body: text.to_owned(),
        message_id: None,
        off_the_record: None,
        rich_text: None,
        message_data_map: None,
        client: ClientRequest::default(),
        unknown: Fields::default(),
    }
}

pub(crate) fn agent_post(to: i64, kind: DestinationType, text: &str) -> AgentPost {
    AgentPost {
        body: text.to_owned(),
        destination_id: to,
        destination_type: kind,
        message_type: MessageType::Text,
        visibility: Some(Visibility::All),
        message_id: Some("1".to_owned()),
        rich_text: None,
        message_data_map: None,
        agent: AgentRequest::default(),
        unknown: Fields::default(),
    }
}

fn engagement_request(visitor: &Visitor) -> EngagementRequest {
    EngagementRequest {
        engagement_id: visitor.engagement,
        agent: AgentRequest::default(),
        unknown: Fields::default(),
    }
}

/// The queue positions that a batch announces.
pub(crate) fn positions(batch: &[SystemMessage]) -> Vec<i64> {
    let positions = batch.iter().filter_map(|message| match message {
        SystemMessage::WaitInformationChanged(it) => it.position,
        _ => None,
    });
    positions.collect()
}

/// The texts of the messages in a visitor's batch.
pub(crate) fn bodies(batch: &[SystemMessage]) -> Vec<&str> {
    let posted = batch.iter().filter_map(|message| match message {
        SystemMessage::MessagePosted(it) => Some(it.body.as_str()),
        _ => None,
    });
    posted.collect()
}

/// The reason of the end and the role of the participant who caused it; `None` if the batch does not announce the end.
pub(crate) fn conclusion(batch: &[SystemMessage]) -> Option<(DisconnectReason, Role)> {
    batch.iter().find_map(|message| match message {
        SystemMessage::Concluded(it) => Some((it.reason.clone()?, it.role.clone()?)),
        _ => None,
    })
}

/// The roles of the participants who left in a visitor's batch, and why.
pub(crate) fn departures(batch: &[SystemMessage]) -> Vec<(Role, DisconnectReason)> {
    let departures = batch.iter().filter_map(|message| match message {
        SystemMessage::ParticipantLeft(it) => {
            Some((it.role.clone()?, it.disconnect_reason.clone()?))
        }
        _ => None,
    });
    departures.collect()
}

/// The texts of the messages in an agent's batch.
pub(crate) fn agent_bodies(batch: &[AgentMessage]) -> Vec<&str> {
    let posted = batch.iter().filter_map(|message| match message {
        AgentMessage::ChatPostMessage(it) => Some(it.body.as_str()),
        _ => None,
    });
    posted.collect()
}

/// The assignments of an agent's batch.
pub(crate) fn assignments(batch: &[AgentMessage]) -> Vec<&ChatEngagementAssignment> {
    let assigned = batch.iter().filter_map(|message| match message {
        AgentMessage::ChatEngagementAssignment(it) => Some(it.as_ref()),
        _ => None,
    });
    assigned.collect()
}

/// The engagements that an agent's batch assigns.
pub(crate) fn assigned(batch: &[AgentMessage]) -> Vec<EngagementId> {
    let assignments = assignments(batch);
    assignments.iter().map(|it| it.engagement_id).collect()
}

/// The roles of the participants who were disconnected in an agent's batch, and why.
pub(crate) fn disconnections(batch: &[AgentMessage]) -> Vec<(Role, DisconnectReason)> {
    let disconnections = batch.iter().filter_map(|message| match message {
        AgentMessage::ChatDisconnectNotification(it) => {
            Some((it.role.clone()?, it.reason.clone()?))
        }
        _ => None,
    });
    disconnections.collect()
}
