//! An agent of a script: a bare client of the agent API. An *engagement* is one conversation with a visitor.

use pipit_script::{AgentDeed, AgentName, AgentSight};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, AvailabilityStatus, CreateAutomatedAgentSessionRequest,
    CreateAutomatedAgentSessionResponse, EngagementRequest, GetMessagesResponse, LogoffRequest,
    PostMessageRequest, RequestAssignmentRequest, SetActivityStatusRequest,
    SetInteractionStatusRequest,
};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{EngagementId, Fields, SequenceNumber, WireObject};
use serde_json::{Value, json};

use super::connection::{Connection, Exchange, json_of};

/// The number of engagements that an agent takes at the same time.
const MAX_ENGAGEMENTS: i32 = 3;

/// The client of one agent.
pub(super) struct Agent {
    name: AgentName,
    session: Option<Session>,
    poll: Option<Exchange>,
    /// Whether the agent's computer has a network.
    is_connected: bool,
    /// The engagement that was offered last, with the agent's role in it.
    offer: Option<(EngagementId, AssignmentType)>,
    /// The engagement that the agent has accepted last.
    engagement: Option<EngagementId>,
    has_focus: bool,
    sights: Vec<AgentSight>,
}

/// A session of an agent who is logged on.
struct Session {
    id: String,
    client_id: i64,
    pool: String,
    /// The number of the agent's last request.
    sequence: i64,
}

impl Agent {
    pub(super) fn new(name: AgentName) -> Self {
        Self {
            name,
            session: None,
            poll: None,
            is_connected: true,
            offer: None,
            engagement: None,
            has_focus: true,
            sights: Vec::new(),
        }
    }

    pub(super) fn name(&self) -> AgentName {
        self.name
    }

    /// What the agent has seen since the last call.
    pub(super) fn take_sights(&mut self) -> Vec<AgentSight> {
        std::mem::take(&mut self.sights)
    }

    /// Does what a step says. The error is a sentence.
    pub(super) fn perform(
        &mut self,
        deed: &AgentDeed,
        connection: &Connection,
    ) -> Result<(), String> {
        match deed {
            AgentDeed::SignIn {} => self.sign_in(connection),
            AgentDeed::SignOut {} => {
                self.call(connection, "logoff", |agent| LogoffRequest {
                    force_logoff: Some(true),
                    agent,
                    ..LogoffRequest::default()
                })?;
                self.session = None;
                self.poll = None;
                Ok(())
            }
            AgentDeed::Accept {} => self.acknowledge(connection, AssignmentAction::Accept),
            AgentDeed::Decline {} => self.acknowledge(connection, AssignmentAction::Decline),
            AgentDeed::Say { text } => self.post(connection, text, None),
            AgentDeed::SayHtml { html } => self.post(connection, html, Some(true)),
            AgentDeed::Typing { is_typing: true } => {
                self.report(connection, ActivityMode::Responding)
            }
            AgentDeed::Typing { is_typing: false } => {
                self.report(connection, ActivityMode::Listening)
            }
            AgentDeed::Looks { has_focus } => {
                self.has_focus = *has_focus;
                self.report(connection, ActivityMode::Listening)
            }
            AgentDeed::SendFile {
                name,
                content_type,
                size,
            } => {
                let id = self.needed_engagement()?.to_string();
                let body = json!({ "engagementId": id, "name": name, "contentType": content_type, "size": size });
                connection.use_switch("file", &body)
            }
            AgentDeed::TransferToQueue {} => self.end(connection, "rerouteEngagement"),
            AgentDeed::Conference {} => {
                let id = self.needed_engagement()?.to_string();
                let account = self.name.other().account();
                let body = json!({ "engagementId": id, "accountId": account });
                connection.use_switch("conference", &body)
            }
            AgentDeed::Conclude {} => {
                self.end(connection, "concludeChat")?;
                self.end(connection, "releaseChat")
            }
            AgentDeed::Disconnect {} => {
                self.is_connected = false;
                self.poll = None;
                Ok(())
            }
            AgentDeed::Reconnect {} => {
                self.is_connected = true;
                Ok(())
            }
        }
    }

    /// Polls, and takes what has arrived. Returns whether anything has happened.
    pub(super) fn proceed(&mut self, connection: &Connection) -> bool {
        let Some(session) = &self.session else {
            return false;
        };
        if !self.is_connected {
            return false;
        }
        let Some(poll) = &mut self.poll else {
            let body = AgentRequest::default();
            self.poll = Some(self.request(session, connection, "getMessages", &json_object(&body)));
            return true;
        };
        let Some(answer) = poll.answer() else {
            return false;
        };
        self.poll = None;
        let batch = json_of(&answer).and_then(|json| GetMessagesResponse::from_value(json).ok());
        match batch {
            Some(batch) if answer.status == 200 => {
                for message in batch.get_response_types {
                    self.receive(message);
                }
            }
            // The session is over.
            _ => self.session = None,
        }
        true
    }

    fn sign_in(&mut self, connection: &Connection) -> Result<(), String> {
        let account = self.name.account();
        let token = connection.call("/agent-token", &[], &json!({ "accountId": account }))?;
        let member = |name: &str| token.get(name).and_then(Value::as_str).unwrap_or_default();
        let (pool, bearer) = (member("pool"), format!("Bearer {}", member("sessionToken")));
        let request = CreateAutomatedAgentSessionRequest {
            logon_override: Some(true),
            ..CreateAutomatedAgentSessionRequest::default()
        };
        let path = agent_path("createAutomatedAgentSession", pool);
        let headers = [("authorization", bearer.as_str())];
        let created = connection.call(&path, &headers, &json_object(&request))?;
        let created = CreateAutomatedAgentSessionResponse::from_value(created)
            .map_err(|error| format!("The answer to the log-on cannot be read: {error}."))?;
        let (Some(id), Some(client)) = (created.echo.session_id, created.echo.client_id) else {
            return Err("The answer to the log-on names no session.".to_owned());
        };
        self.session = Some(Session {
            id: id.reveal().to_owned(),
            client_id: client.0,
            pool: pool.to_owned(),
            sequence: 0,
        });
        self.call(connection, "setActivityStatus", |agent| {
            SetActivityStatusRequest {
                status: AvailabilityStatus::Available,
                sub_type_id: Some(0),
                agent,
                unknown: Fields::default(),
            }
        })?;
        self.call(connection, "requestAssignment", |agent| {
            RequestAssignmentRequest {
                assignment_requested: true,
                idle_session_count: 0,
                max_session_count: MAX_ENGAGEMENTS,
                agent,
                unknown: Fields::default(),
            }
        })
    }

    fn acknowledge(
        &mut self,
        connection: &Connection,
        action: AssignmentAction,
    ) -> Result<(), String> {
        let Some((engagement_id, assignment_type)) = self.offer.take() else {
            return Err("No conversation is offered to the agent.".to_owned());
        };
        let is_accepted = action == AssignmentAction::Accept;
        self.call(connection, "assignmentAcknowledgement", |agent| {
            AssignmentAcknowledgementRequest {
                action,
                action_type: AssignmentActionType::Manual,
                assignment_type,
                engagement_id,
                agent,
                unknown: Fields::default(),
            }
        })?;
        if is_accepted {
            self.engagement = Some(engagement_id);
            self.has_focus = true;
            self.report(connection, ActivityMode::Listening)?;
        }
        Ok(())
    }

    fn post(
        &mut self,
        connection: &Connection,
        body: &str,
        rich_text: Option<bool>,
    ) -> Result<(), String> {
        let id = self.needed_engagement()?;
        self.call(connection, "postMessage", |agent| PostMessageRequest {
            rich_text,
            ..PostMessageRequest::plain_text(id, body.to_owned(), agent)
        })
    }

    /// Reports what the agent does in the engagement.
    fn report(&mut self, connection: &Connection, mode: ActivityMode) -> Result<(), String> {
        let engagement_id = self.needed_engagement()?;
        let client_id = self.session.as_ref().map_or(0, |it| it.client_id);
        let has_focus = self.has_focus;
        self.call(connection, "setInteractionStatus", |agent| {
            SetInteractionStatusRequest {
                client_id,
                engagement_id,
                mode,
                sneak_preview: None,
                sneak_preview_focus: Some(has_focus),
                sneak_preview_interval: None,
                sneak_preview_state: None,
                visibility: None,
                agent,
                unknown: Fields::default(),
            }
        })
    }

    /// Performs an operation that needs nothing but the engagement.
    fn end(&mut self, connection: &Connection, operation: &str) -> Result<(), String> {
        let id = self.needed_engagement()?;
        self.call(connection, operation, |agent| {
            EngagementRequest::new(id, agent)
        })
    }

    fn needed_engagement(&self) -> Result<EngagementId, String> {
        self.engagement
            .ok_or_else(|| "The agent has accepted no conversation.".to_owned())
    }

    /// Performs an operation of the session, and gives it the number and the time that each request has.
    fn call<Body: WireObject>(
        &mut self,
        connection: &Connection,
        operation: &str,
        body: impl FnOnce(AgentRequest) -> Body,
    ) -> Result<(), String> {
        let Some(session) = &mut self.session else {
            return Err("The agent is not signed in.".to_owned());
        };
        session.sequence += 1;
        let body = json_object(&body(AgentRequest {
            time_created: Some(connection.server().now()),
            sequence_number: Some(SequenceNumber(session.sequence)),
            unknown: Fields::default(),
        }));
        let path = agent_path(operation, &session.pool);
        let account = self.name.account().to_string();
        let headers = [
            ("x-jsessionid", session.id.as_str()),
            ("x-aid", account.as_str()),
        ];
        connection.call(&path, &headers, &body).map(drop)
    }

    /// Begins an operation of the session.
    fn request(
        &self,
        session: &Session,
        connection: &Connection,
        operation: &str,
        body: &Value,
    ) -> Exchange {
        let path = agent_path(operation, &session.pool);
        let account = self.name.account().to_string();
        let headers = [
            ("x-jsessionid", session.id.as_str()),
            ("x-aid", account.as_str()),
        ];
        connection.post(&path, &headers, body)
    }

    fn receive(&mut self, message: AgentMessage) {
        match message {
            AgentMessage::ChatEngagementAssignment(offer) => {
                let role = offer.kind.as_deref().unwrap_or("LEAD");
                self.offer = Some((offer.engagement_id, AssignmentType::from(role)));
                self.sights.push(AgentSight::Offer(role.to_owned()));
            }
            AgentMessage::ChatPostMessage(posted) => {
                self.sights.push(AgentSight::Message(posted.body));
            }
            AgentMessage::ChatActivitySignal(signal) => {
                if let Some(text) = signal.sneak_preview.filter(|text| !text.is_empty()) {
                    self.sights.push(AgentSight::Preview(text));
                }
                let is_typing = signal.mode == Some(ActivityMode::Responding);
                self.sights.push(AgentSight::Typing(is_typing));
            }
            AgentMessage::ChatDisconnectNotification(left) => {
                let reason = left.reason.unwrap_or(DisconnectReason::None);
                self.sights
                    .push(AgentSight::End(reason.as_str().to_owned()));
            }
            AgentMessage::ChatConfigChangeNotification(change) => {
                if let (Some(session), Some(pool)) = (&mut self.session, change.pool) {
                    session.pool = pool;
                }
            }
            _ => {}
        }
    }
}

fn agent_path(operation: &str, pool: &str) -> String {
    format!("/engagement/api/agent/pipit_demo/v1/{operation}?pool={pool}")
}

/// The JSON of a request.
pub(super) fn json_object(body: &impl WireObject) -> Value {
    serde_json::from_str(&body.to_json()).unwrap_or_default()
}
