//! The half of an agent's session that sends requests. (`message_receiver.rs` has the half that polls for messages.) There
//! are two kinds of methods. Those that take a request of `pipit-wire` allow each field that the API has. The others are
//! the short forms that most callers need.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.

use std::rc::Rc;

use pipit_wire::agent::{
    AgentRequest, AgentResponse, AssignmentAcknowledgementRequest,
    AssignmentAcknowledgementResponse, AssignmentAction, AssignmentActionType, AssignmentType,
    AvailabilityStatus, ConcludeEngagementResponse, CreateAutomatedAgentSessionRequest,
    CreateAutomatedAgentSessionResponse, EngagementRequest, LogoffRequest, ModifyPropertiesRequest,
    ModifyPropertiesResponse, Operation, PostMessageRequest, PostMessageResponse, PropertyName,
    PropertyType, RequestAssignmentRequest, RequestAssignmentResponse, RerouteAvailabilityRequest,
    RerouteAvailabilityResponse, RetrieveAgentsAndQueuesRequest, RetrieveAgentsAndQueuesResponse,
    SetActivityStatusRequest, SetActivityStatusResponse, SetEngagementPropertyRequest,
    SetInteractionStatusRequest,
};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{ClientId, EngagementId, Fields, UnexpectedBody};

use crate::api_client::{ApiClient, Credential};
use crate::{AgentError, Failure, LogOn, MessageReceiver, Transport};

/// The session of an agent who is logged on. An *engagement* is one conversation with a visitor, in which the agent
/// takes part. Every request of the session carries the session id, the account, a sequence number, the time and, if
/// the site has one, the pool. If a request fails, the method that sent it returns an [`AgentError`].
///
/// A request whose repetition is harmless, such as `setActivityStatus`, is sent up to three times if its answer is lost.
/// All others, above all a message, are sent once.
pub struct AgentSession {
    client: Rc<ApiClient>,
    /// See [`client_id`](Self::client_id).
    client_id: ClientId,
}

impl AgentSession {
    /// Logs the agent on (FOUND).
    ///
    /// To get engagements, call [`set_available`](Self::set_available) and then
    /// [`request_assignment`](Self::request_assignment). Call [`MessageReceiver::next`] at once, because the server marks an
    /// agent who does not poll as absent.
    ///
    /// # Errors
    /// [`AgentError`]. An answer without a session id or without a client id is [`Failure::Unexpected`]; the sample
    /// answers in Oracle's API reference all have both ids. (PAGE 000 to 004)
    pub async fn log_on(
        transport: Rc<dyn Transport>,
        log_on: LogOn,
    ) -> Result<(Self, MessageReceiver), AgentError> {
        let credential = Credential::Token(log_on.token);
        let client = ApiClient::new(transport, log_on.address, credential);
        let operation = Operation::CreateAutomatedAgentSession;
        let created: CreateAutomatedAgentSessionResponse = client
            .call(operation, |agent| CreateAutomatedAgentSessionRequest {
                logon_override: Some(log_on.takes_over),
                message_data_map: log_on.data,
                agent,
                ..CreateAutomatedAgentSessionRequest::default()
            })
            .await?;
        let (Some(id), Some(client_id)) = (created.echo.session_id, created.echo.client_id) else {
            return Err(AgentError {
                operation: operation.name(),
                failure: Failure::Unexpected(UnexpectedBody::OtherJson),
            });
        };
        let account = log_on.account;
        let client = Rc::new(client.with_credential(Credential::Session { id, account }));
        let receiver = MessageReceiver::new(Rc::clone(&client));
        Ok((Self { client, client_id }, receiver))
    }

    /// The agent's own client id. It identifies this agent as the sender or the subject of messages.
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }

    pub(crate) fn client(&self) -> &Rc<ApiClient> {
        &self.client
    }

    /// Logs the agent off. If `force` is true, the agent is logged off even while engagements are open. All later polls of
    /// the [`MessageReceiver`] are refused. (Only the name of the operation is FOUND.)
    pub async fn log_off(&self, force: bool) -> Result<(), AgentError> {
        let request = LogoffRequest {
            force_logoff: Some(force),
            ..LogoffRequest::default()
        };
        let answered: Result<AgentResponse, _> = self
            .client
            .call(Operation::Logoff, |agent| LogoffRequest {
                agent,
                ..request
            })
            .await;
        answered.map(drop)
    }
}

/// The agent's work as a whole: availability, assignments, and the lists of the site.
impl AgentSession {
    /// Sets whether the agent accepts engagements. (FOUND)
    pub async fn set_available(&self, available: bool) -> Result<(), AgentError> {
        let status = if available {
            AvailabilityStatus::Available
        } else {
            AvailabilityStatus::Unavailable
        };
        // 0: no word of the site's own for the status, such as *lunch*.
        self.set_activity_status(status, 0).await.map(drop)
    }

    /// Sets the agent's status. `sub_type_id` is the id of the site's own word for the status, such as *lunch*. (FOUND)
    pub async fn set_activity_status(
        &self,
        status: AvailabilityStatus,
        sub_type_id: i32,
    ) -> Result<SetActivityStatusResponse, AgentError> {
        self.client
            .call(Operation::SetActivityStatus, |agent| {
                SetActivityStatusRequest {
                    status,
                    sub_type_id: Some(sub_type_id),
                    agent,
                    unknown: Fields::default(),
                }
            })
            .await
    }

    /// Asks for an engagement. `idle` is the number of the agent's engagements in which nothing happens; `max` is the number
    /// of engagements that the agent accepts at the same time. (PAGE 000)
    ///
    /// Returns true if the server has assigned an engagement at once, and false if the agent has to wait for one. The
    /// assignment itself always arrives as a message of the [`MessageReceiver`].
    pub async fn request_assignment(&self, idle: i32, max: i32) -> Result<bool, AgentError> {
        let request = RequestAssignmentRequest {
            assignment_requested: true,
            idle_session_count: idle,
            max_session_count: max,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let answer = self.request_assignment_with(request).await?;
        let result = answer.chat_request_assignment_result;
        Ok(result.is_some_and(|result| result.assignment_made))
    }

    /// Asks for engagements, or for no more of them, with each field of the API. (PAGE 000)
    pub async fn request_assignment_with(
        &self,
        request: RequestAssignmentRequest,
    ) -> Result<RequestAssignmentResponse, AgentError> {
        self.client
            .call(Operation::RequestAssignment, |agent| {
                let agent = filled(&request.agent, &agent);
                RequestAssignmentRequest { agent, ..request }
            })
            .await
    }

    /// Accepts or declines an engagement that was assigned to the agent. `assignment_type` is the type in the
    /// message that assigned the engagement. The answer to an acceptance lists the participants. (FOUND)
    pub async fn acknowledge(
        &self,
        engagement_id: EngagementId,
        action: AssignmentAction,
        assignment_type: AssignmentType,
    ) -> Result<AssignmentAcknowledgementResponse, AgentError> {
        self.client
            .call(Operation::AssignmentAcknowledgement, |agent| {
                AssignmentAcknowledgementRequest {
                    action,
                    action_type: AssignmentActionType::Manual,
                    assignment_type,
                    engagement_id,
                    agent,
                    unknown: Fields::default(),
                }
            })
            .await
    }

    /// Lists the agents and the queues of the site. (FOUND)
    pub async fn retrieve_agents_and_queues(
        &self,
        request: RetrieveAgentsAndQueuesRequest,
    ) -> Result<RetrieveAgentsAndQueuesResponse, AgentError> {
        self.client
            .call(Operation::RetrieveAgentsAndQueues, |agent| {
                let agent = filled(&request.agent, &agent);
                RetrieveAgentsAndQueuesRequest { agent, ..request }
            })
            .await
    }
}

/// One engagement.
impl AgentSession {
    /// Posts plain text to all participants of the engagement. (PAGE 003)
    pub async fn post(&self, engagement: EngagementId, body: &str) -> Result<(), AgentError> {
        let agent = AgentRequest::default();
        let request = PostMessageRequest::plain_text(engagement, body.to_owned(), agent);
        self.post_message(request).await.map(drop)
    }

    /// Posts a message with each field of the API: HTML, a visibility, a message id, a data map, and any destination.
    /// A `sequenceNumber` and a `timeCreated` that are absent are filled in. (PAGE 003)
    pub async fn post_message(
        &self,
        request: PostMessageRequest,
    ) -> Result<PostMessageResponse, AgentError> {
        self.client
            .call(Operation::PostMessage, |agent| {
                let agent = filled(&request.agent, &agent);
                PostMessageRequest { agent, ..request }
            })
            .await
    }

    /// Reports what the agent is doing in one engagement. (FOUND)
    ///
    /// `focus` states whether the agent is looking at this engagement. If not, the visitor's client sends no sneak previews
    /// (texts that are typed and not sent). `preview` is the text that the agent has typed and not sent; `None` keeps this
    /// text from the visitor.
    pub async fn set_interaction_status(
        &self,
        engagement_id: EngagementId,
        mode: ActivityMode,
        focus: bool,
        preview: Option<String>,
    ) -> Result<(), AgentError> {
        let request = SetInteractionStatusRequest {
            client_id: self.client_id.0,
            engagement_id,
            mode,
            sneak_preview: preview,
            sneak_preview_focus: Some(focus),
            sneak_preview_interval: None,
            sneak_preview_state: None,
            visibility: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        self.set_interaction_status_with(request).await.map(drop)
    }

    /// Reports what the agent is doing in one engagement, with each field of the API. With the visibility NOT_ENDUSER,
    /// the visitor does not see the report. (FOUND)
    pub async fn set_interaction_status_with(
        &self,
        request: SetInteractionStatusRequest,
    ) -> Result<AgentResponse, AgentError> {
        self.client
            .call(Operation::SetInteractionStatus, |agent| {
                let agent = filled(&request.agent, &agent);
                SetInteractionStatusRequest { agent, ..request }
            })
            .await
    }

    /// Ends the engagement for the visitor. It still occupies the agent (*wrap-up*) until [`release`](Self::release).
    /// (PAGE 002)
    pub async fn conclude(&self, engagement: EngagementId) -> Result<(), AgentError> {
        let answered: Result<ConcludeEngagementResponse, _> = self
            .client
            .call(Operation::ConcludeChat, |agent| {
                EngagementRequest::new(engagement, agent)
            })
            .await;
        answered.map(drop)
    }

    /// Ends the wrap-up, after which the agent is free for another engagement. (FOUND)
    pub async fn release(&self, engagement: EngagementId) -> Result<(), AgentError> {
        let answered: Result<AgentResponse, _> = self
            .client
            .call(Operation::ReleaseChat, |agent| {
                EngagementRequest::new(engagement, agent)
            })
            .await;
        answered.map(drop)
    }

    /// Changes one property of the engagement or of its visitor. (FOUND)
    pub async fn set_engagement_property(
        &self,
        engagement_id: EngagementId,
        kind: PropertyType,
        name: PropertyName,
        value: &str,
    ) -> Result<(), AgentError> {
        let answered: Result<AgentResponse, _> = self
            .client
            .call(Operation::SetEngagementProperty, |agent| {
                SetEngagementPropertyRequest {
                    engagement_id,
                    kind,
                    name,
                    value: value.to_owned(),
                    agent,
                    unknown: Fields::default(),
                }
            })
            .await;
        answered.map(drop)
    }

    /// Changes several properties and custom fields. The answer says of each whether it was changed. (FOUND)
    pub async fn modify_properties(
        &self,
        request: ModifyPropertiesRequest,
    ) -> Result<ModifyPropertiesResponse, AgentError> {
        self.client
            .call(Operation::ModifyProperties, |agent| {
                let agent = filled(&request.agent, &agent);
                ModifyPropertiesRequest { agent, ..request }
            })
            .await
    }

    /// Puts the engagement into the escalation queue that the site's rules name. (FOUND)
    pub async fn reroute(&self, engagement: EngagementId) -> Result<(), AgentError> {
        let answered: Result<AgentResponse, _> = self
            .client
            .call(Operation::RerouteEngagement, |agent| {
                EngagementRequest::new(engagement, agent)
            })
            .await;
        answered.map(drop)
    }

    /// Asks whether the engagement can be rerouted. (FOUND; the form of the answer is INFERRED.)
    pub async fn can_reroute(&self, engagement_id: EngagementId) -> Result<bool, AgentError> {
        let request = RerouteAvailabilityRequest {
            engagement_id,
            unknown: Fields::default(),
        };
        let answer: RerouteAvailabilityResponse = self
            .client
            .call_with(Operation::RerouteAvailability, &request)
            .await?;
        Ok(answer.reroute_available)
    }
}

/// The caller's time and number where they are given, and otherwise those of the client.
fn filled(given: &AgentRequest, own: &AgentRequest) -> AgentRequest {
    AgentRequest {
        time_created: given.time_created.or(own.time_created),
        sequence_number: given.sequence_number.or(own.sequence_number),
        unknown: given.unknown.clone(),
    }
}
