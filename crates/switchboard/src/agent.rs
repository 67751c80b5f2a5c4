//! The agent's session operations: log on, availability, the long poll and log off. The long poll is `getMessages`,
//! which the server holds until the agent has a message or a time limit ends. `agent/poll.rs` answers the poll.
//! Operations about assignments are in `assignment.rs`, operations within an engagement in `agent/conversation.rs` and
//! `agent/properties.rs`, and those that look beyond one engagement in `agent/directory.rs`.
//! The messages to agents about an engagement are in `agent/messages.rs`.
//!
//! An *engagement* is one chat at the server. Its *lead* is the agent who is responsible for it.
//!
//! Every answer repeats some members of its request: these are the *echo*.
//!
//! INFERRED: our assumption.

mod conversation;
mod directory;
mod messages;
mod poll;
mod properties;
mod take_over;

use pipit_wire::agent::{
    AgentEcho, AgentRequest, AgentResponse, AvailabilityStatus, ChatActivityStatusChangeResult,
    ChatLogonResult, CreateAutomatedAgentSessionRequest, CreateAutomatedAgentSessionResponse,
    LogoffRequest, SetActivityStatusRequest, SetActivityStatusResponse,
};
use pipit_wire::vocabulary::ConnectionState;
use pipit_wire::{AccountId, ChatSystemError, ClientId, ExceptionCode, Refusal};

use crate::Switchboard;
use crate::agent_session::{AgentProfile, AgentSession};
use crate::message_stream::{HeldPoll, Presence};

pub use poll::AgentPoll;

/// The content of a verified agent token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentClaims {
    /// The agent's account.
    pub account: AccountId,
    /// The agent's name, as visitors read it.
    pub name: String,
}

impl Switchboard {
    /// Logs an agent on. The agent is available from the start, and gets no engagement before the first
    /// `requestAssignment`. (INFERRED) With `logonOverride`, an agent who is logged on already takes the session over:
    /// `take_over.rs` has the rules.
    ///
    /// # Errors
    /// 403 when the account is logged on already and `logonOverride` is not set.
    pub fn create_agent_session(
        &mut self,
        claims: &AgentClaims,
        request: &CreateAutomatedAgentSessionRequest,
        now: i64,
    ) -> Result<CreateAutomatedAgentSessionResponse, Refusal> {
        // Runs the time-outs that are due: the earlier session may have ended by now.
        self.tick(now);
        let mut agents = self.agents.values();
        let earlier_session = agents.find(|agent| agent.account == claims.account);
        match earlier_session.map(|agent| agent.client) {
            Some(client) if request.logon_override == Some(true) => {
                return self.take_over(client, claims, request, now);
            }
            Some(_) => return Err(logged_on_already(claims.account)),
            None => {}
        }
        let client = self.ids.client();
        let session_id = self.ids.session();
        let echoed_id = self.ids.session();
        let ids = (session_id.clone(), echoed_id);
        let agent = AgentSession::new(client, claims.account, claims.name.clone(), ids, now);
        let mut echo = agent.echo(&request.agent, now);
        // Only this answer shows the id that identifies the session. All later answers show `echoed_id`.
        echo.session_id = Some(session_id);
        self.agents.insert(client, agent);
        Ok(logged_on(echo))
    }

    /// Finds the agent with this session id (`X-JSESSIONID`) and account (`X-AID`).
    ///
    /// # Errors
    /// 403 ACCESS_DENIED when the session is unknown, over, or belongs to another account.
    pub fn agent(
        &mut self,
        session_id: &str,
        account: AccountId,
        now: i64,
    ) -> Result<Agent<'_>, Refusal> {
        self.tick(now);
        let mut agents = self.agents.values();
        let agent = agents.find(|agent| agent.matches(session_id, account));
        match agent.map(|agent| agent.client) {
            Some(client) => Ok(Agent {
                switchboard: self,
                client,
                now,
            }),
            None => Err(unknown_session()),
        }
    }

    /// Ends an agent's session. An engagement that loses its lead gets another participating agent as lead, or returns to
    /// the queue.
    pub(crate) fn log_off(&mut self, client: ClientId, now: i64) {
        self.withdraw_agent(client, now);
        self.agents.remove(&client);
        // Offers the engagements that have returned to the queue to other agents.
        self.route(now);
    }

    /// What visitors see of an agent; `None` if the agent is not logged on. If the settings have no greeting for the agent's
    /// account, the agent has the general greeting.
    pub(crate) fn agent_profile(&self, client: ClientId) -> Option<AgentProfile> {
        let agent = self.agents.get(&client)?;
        let own_greeting = self.config.greetings.get(&agent.account.0);
        let greeting = own_greeting.unwrap_or(&self.config.greeting);
        Some(AgentProfile {
            client,
            account: agent.account,
            name: agent.name.clone(),
            greeting: greeting.replace("{name}", &agent.name),
        })
    }
}

/// An agent with a verified session. Its methods are the agent's operations.
#[derive(Debug)]
pub struct Agent<'a> {
    pub(crate) switchboard: &'a mut Switchboard,
    pub(crate) client: ClientId,
    /// The time of the request, in ms since 1970.
    pub(crate) now: i64,
}

impl Agent<'_> {
    /// Sets whether the agent takes engagements.
    ///
    /// # Errors
    /// 400 for a status other than AVAILABLE, UNAVAILABLE and NONE.
    pub fn set_activity_status(
        mut self,
        request: &SetActivityStatusRequest,
    ) -> Result<SetActivityStatusResponse, Refusal> {
        let session = self.session_mut()?;
        match &request.status {
            AvailabilityStatus::Available => session.is_available = true,
            AvailabilityStatus::Unavailable => session.is_available = false,
            // The status is not set, so it stays as it is. (INFERRED)
            AvailabilityStatus::None => {}
            AvailabilityStatus::Unknown(text) => {
                return Err(Refusal::new(
                    400,
                    &ExceptionCode::BadRequest,
                    format!(
                        "The member \"status\" must be NONE, AVAILABLE or UNAVAILABLE, but is {text:?}."
                    ),
                ));
            }
        }
        let status = if session.is_available {
            AvailabilityStatus::Available
        } else {
            AvailabilityStatus::Unavailable
        };
        // An available agent may get an engagement at once.
        self.switchboard.route(self.now);
        Ok(SetActivityStatusResponse {
            chat_activity_status_change_result: Some(ChatActivityStatusChangeResult {
                status: Some(status),
                ..ChatActivityStatusChangeResult::default()
            }),
            echo: self.echo(&request.agent)?,
            ..SetActivityStatusResponse::default()
        })
    }

    /// Begins a long poll, which displaces the session's previous poll. `pool` is the pool in the request's address.
    ///
    /// # Errors
    /// 404 for an unknown pool (group of chat servers), if the setting `strict_pool` is on.
    pub fn get_messages(
        mut self,
        request: &AgentRequest,
        pool: Option<&str>,
    ) -> Result<AgentPoll, Refusal> {
        let now = self.now;
        // The current pool, if the client polls the pool that the site (the customer's account) has left. The client does
        // not know of the move yet.
        let new_pool = self.switchboard.check_poll_pool(pool)?;
        let hold_ms = self.switchboard.config.hold_ms;
        let held = HeldPoll {
            number: self.switchboard.ids.poll_number(),
            hold_ends_ms: now + hold_ms,
        };
        let session = self.session_mut()?;
        if let Some(address) = new_pool
            && session.stream.count_pool_reminder(hold_ms, now)
        {
            session.push_configuration_changed(&address, now);
        }
        let poll = AgentPoll {
            agent: session.client,
            echoed_session_id: session.echoed_id().clone(),
            sequence_number: request.sequence_number,
            held,
            began_ms: now,
        };
        if session.stream.begin_poll(held, now) == Presence::Absent {
            // The agent was absent and is back: visitors are told, and the agent can get engagements again.
            let active = ConnectionState::Active;
            self.switchboard
                .announce_connection_state(self.client, &active, None, now);
            self.switchboard.route(now);
        }
        Ok(poll)
    }

    /// Logs the agent off. With `forceLogoff` the agent also leaves engagements. An engagement that the agent led then
    /// gets another participating agent as lead, or returns to the queue.
    ///
    /// # Errors
    /// CONFLICT, as an error in an answer with status 200, when the agent takes part in an engagement and
    /// `forceLogoff` is not set.
    pub fn logoff(mut self, request: &LogoffRequest) -> Result<AgentResponse, Refusal> {
        let mut echo = self.echo(&request.agent)?;
        let mut engagements = self.switchboard.engagements.values();
        let takes_part = engagements.any(|it| it.role_of(self.client).is_some());
        if takes_part && request.force_logoff != Some(true) {
            echo.chat_system_error = Some(conflict(
                "You take part in a conversation. Conclude it first, or set forceLogoff.",
            ));
        } else {
            self.switchboard.log_off(self.client, self.now);
        }
        Ok(response(echo))
    }

    /// The agent's session. An error cannot happen before `log_off`, because `Switchboard::agent` has found the session.
    fn session_mut(&mut self) -> Result<&mut AgentSession, Refusal> {
        self.switchboard
            .agents
            .get_mut(&self.client)
            .ok_or_else(unknown_session)
    }

    /// The members that every answer to this agent has, except the answer to `getMessages`.
    pub(crate) fn echo(&mut self, request: &AgentRequest) -> Result<AgentEcho, Refusal> {
        let now = self.now;
        Ok(self.session_mut()?.echo(request, now))
    }
}

/// The response of a log-on. `echo` has the session's id.
fn logged_on(echo: AgentEcho) -> CreateAutomatedAgentSessionResponse {
    CreateAutomatedAgentSessionResponse {
        chat_logon_result: Some(ChatLogonResult::default()),
        echo,
        ..CreateAutomatedAgentSessionResponse::default()
    }
}

/// The response of an operation that returns nothing besides the echo.
pub(crate) fn response(echo: AgentEcho) -> AgentResponse {
    AgentResponse {
        echo,
        ..AgentResponse::default()
    }
}

/// The error CONFLICT. It is part of an answer with status 200, because Oracle's API reference gives it no HTTP status.
/// (INFERRED)
pub(crate) fn conflict(text: &str) -> ChatSystemError {
    Refusal::new(200, &ExceptionCode::Conflict, text).error
}

fn unknown_session() -> Refusal {
    Refusal::new(
        403,
        &ExceptionCode::AccessDenied,
        "The agent's session is unknown, over, or of another account: X-JSESSIONID and X-AID must \
         be those of one createAutomatedAgentSession.",
    )
}

fn logged_on_already(account: AccountId) -> Refusal {
    Refusal::new(
        403,
        &ExceptionCode::AccessDenied,
        format!("Account {account} is logged on already. Set logonOverride to end that session."),
    )
}
