//! The agent's session and its operations.

mod conversation;
mod messages;

use pipit_wire::agent::{
    AgentEcho, AgentMessage, AgentRequest, AgentResponse, AvailabilityStatus,
    CreateAutomatedAgentSessionRequest, GetMessagesResponse, LogoffRequest,
    SetActivityStatusRequest,
};
use pipit_wire::vocabulary::ConnectionState;
use pipit_wire::{
    AccountId, ChatSystemError, ClientId, ClientSendTime, ExceptionCode, Refusal, Secret,
    SequenceNumber, ServiceTime,
};

use crate::Switchboard;
use crate::engagement::Introduction;
use crate::stream::{Contact, Hold, LongPoll, Stream};

/// What a verified agent token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentClaims {
    /// The agent's account.
    pub account: AccountId,
    /// The agent's name, as visitors read it.
    pub name: String,
}

#[derive(Debug)]
pub(crate) struct AgentSession {
    pub(crate) client: ClientId,
    pub(crate) account: AccountId,
    pub(crate) name: String,
    session: Secret,
    /// What answers show as the session: another text than the header, as on the pages.
    echoed_session: Secret,
    pub(crate) available: bool,
    /// What the agent has asked for, while engagements are wanted.
    pub(crate) wanted: Option<Wanted>,
    /// When the agent was last asked to take an engagement, in ms since 1970.
    pub(crate) asked_ms: Option<i64>,
    pub(crate) stream: Stream<AgentMessage>,
}

/// The figures of `requestAssignment`. PAGE 000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) idle: usize,
    pub(crate) max: usize,
}

impl Switchboard {
    /// Logs an agent on. An agent begins available, and is given nothing before asking for it.
    /// INFERRED.
    ///
    /// # Errors
    /// 403 when the account is logged on already and `logonOverride` is not set.
    pub fn create_agent_session(
        &mut self,
        claims: &AgentClaims,
        request: &CreateAutomatedAgentSessionRequest,
        now: i64,
    ) -> Result<AgentResponse, Refusal> {
        self.tick(now);
        let mut agents = self.agents.values();
        let earlier = agents.find(|agent| agent.account == claims.account);
        match earlier.map(|agent| agent.client) {
            Some(client) if request.logon_override == Some(true) => self.log_off(client, now),
            Some(_) => return Err(logged_on_already(claims.account)),
            None => {}
        }
        let client = self.ids.client();
        let session = self.ids.session();
        let agent = AgentSession {
            client,
            account: claims.account,
            name: claims.name.clone(),
            session: session.clone(),
            echoed_session: self.ids.session(),
            available: true,
            wanted: None,
            asked_ms: None,
            stream: Stream::new(now),
        };
        let mut echo = agent.echo(&request.agent, now);
        echo.session_id = Some(session);
        self.agents.insert(client, agent);
        Ok(answer(echo))
    }

    /// The agent of a session: `X-JSESSIONID` and `X-AID`.
    ///
    /// # Errors
    /// 403 ACCESS_DENIED when the session is unknown, over, or of another account.
    pub fn agent(
        &mut self,
        session: &str,
        account: AccountId,
        now: i64,
    ) -> Result<Agent<'_>, Refusal> {
        self.tick(now);
        let mut agents = self.agents.values();
        let found =
            agents.find(|agent| agent.session.reveal() == session && agent.account == account);
        let client = found.map(|agent| agent.client);
        match client {
            Some(client) => Ok(Agent {
                board: self,
                client,
                now,
            }),
            None => Err(unknown_session()),
        }
    }

    /// Ends an agent's session. What the agent led goes on without.
    pub(crate) fn log_off(&mut self, client: ClientId, now: i64) {
        self.withdraw_agent(client, now);
        self.agents.remove(&client);
        self.route(now);
    }

    /// An agent as visitors meet them.
    pub(crate) fn introduction(&self, client: ClientId) -> Option<Introduction> {
        let agent = self.agents.get(&client)?;
        let own = self.config.greetings.get(&agent.account.0);
        let greeting = own.unwrap_or(&self.config.greeting);
        Some(Introduction {
            client,
            account: agent.account,
            name: agent.name.clone(),
            greeting: greeting.replace("{name}", &agent.name),
        })
    }
}

/// An agent with a session: what it may ask.
#[derive(Debug)]
pub struct Agent<'a> {
    pub(crate) board: &'a mut Switchboard,
    pub(crate) client: ClientId,
    pub(crate) now: i64,
}

impl Agent<'_> {
    /// Sets whether the agent takes engagements.
    ///
    /// # Errors
    /// 400 for a status that is neither AVAILABLE nor UNAVAILABLE.
    pub fn set_activity_status(
        mut self,
        request: &SetActivityStatusRequest,
    ) -> Result<AgentResponse, Refusal> {
        let available = match &request.status {
            AvailabilityStatus::Available => true,
            AvailabilityStatus::Unavailable => false,
            AvailabilityStatus::Unknown(text) => {
                return Err(Refusal::new(
                    400,
                    &ExceptionCode::BadRequest,
                    format!("The status is {text:?}; it must be AVAILABLE or UNAVAILABLE."),
                ));
            }
        };
        self.session()?.available = available;
        self.board.route(self.now);
        Ok(answer(self.echo(&request.agent)?))
    }

    /// Begins a long poll, and ends the session's poll before it. `pool` is the one the poll was
    /// made under.
    ///
    /// # Errors
    /// 404 for an unknown pool.
    pub fn get_messages(
        mut self,
        request: &AgentRequest,
        pool: Option<&str>,
    ) -> Result<AgentPoll, Refusal> {
        let now = self.now;
        let news = self.board.admit_poll(pool)?;
        let hold = Hold {
            poll: self.board.ids.poll(),
            until_ms: now + self.board.config.hold_ms,
        };
        let session = self.session()?;
        if let Some(address) = news {
            session.tell_pool(&address, now);
        }
        let poll = AgentPoll {
            agent: session.client,
            echoed_session: session.echoed_session.clone(),
            sequence_number: request.sequence_number,
            hold,
            began_ms: now,
        };
        if session.stream.begin(hold, now) == Contact::Absent {
            self.board
                .agent_is(self.client, &ConnectionState::Active, None, now);
            self.board.route(now);
        }
        Ok(poll)
    }

    /// Logs the agent off. With `forceLogoff` also out of conversations, which are put back into
    /// the queue.
    ///
    /// # Errors
    /// CONFLICT, inside a 200, when the agent leads a conversation and does not force it.
    pub fn logoff(mut self, request: &LogoffRequest) -> Result<AgentResponse, Refusal> {
        let mut echo = self.echo(&request.agent)?;
        let mut engagements = self.board.engagements.values();
        let takes_part = engagements.any(|it| it.role_of(self.client).is_some());
        if takes_part && request.force_logoff != Some(true) {
            echo.chat_system_error = Some(conflict(
                "You take part in a conversation. Conclude it first, or set forceLogoff.",
            ));
        } else {
            self.board.log_off(self.client, self.now);
        }
        Ok(answer(echo))
    }

    fn session(&mut self) -> Result<&mut AgentSession, Refusal> {
        self.board
            .agents
            .get_mut(&self.client)
            .ok_or_else(unknown_session)
    }

    pub(crate) fn echo(&mut self, request: &AgentRequest) -> Result<AgentEcho, Refusal> {
        let now = self.now;
        Ok(self.session()?.echo(request, now))
    }
}

impl AgentSession {
    fn echo(&self, request: &AgentRequest, now: i64) -> AgentEcho {
        AgentEcho {
            chat_system_error: None,
            client_send_time: Some(ClientSendTime(request.time_created)),
            service_start_time: Some(ServiceTime::EpochMillis(now)),
            service_finish_time: Some(ServiceTime::EpochMillis(now)),
            session_id: Some(self.echoed_session.clone()),
            client_id: Some(self.client),
            sequence_number: request.sequence_number,
            ..AgentEcho::default()
        }
    }
}

/// An agent's poll that waits for its answer.
#[derive(Clone, Debug)]
pub struct AgentPoll {
    agent: ClientId,
    echoed_session: Secret,
    sequence_number: Option<SequenceNumber>,
    hold: Hold,
    began_ms: i64,
}

impl LongPoll for AgentPoll {
    type Answer = GetMessagesResponse;

    fn until_ms(&self) -> i64 {
        self.hold.until_ms
    }

    fn answer(&self, board: &mut Switchboard, now: i64) -> Option<GetMessagesResponse> {
        board.tick(now);
        let mut messages = match board.agents.get_mut(&self.agent) {
            Some(agent) => agent.stream.answer(self.hold, now)?,
            None => Vec::new(),
        };
        if messages.is_empty() {
            messages.push(AgentMessage::ChatGetTimeout(Box::default()));
        }
        let is_disconnect =
            |message: &AgentMessage| matches!(message, AgentMessage::ChatDisconnectNotification(_));
        Some(GetMessagesResponse {
            client_id: Some(self.agent),
            sequence_number: self.sequence_number,
            session_id: Some(self.echoed_session.clone()),
            client_send_time: ClientSendTime(None),
            response_sent_milliseconds: Some(now),
            service_start_time: Some(ServiceTime::Iso(self.began_ms)),
            service_finish_time: Some(ServiceTime::Iso(now)),
            contains_disconnect: messages.iter().any(is_disconnect),
            get_response_types: messages,
            ..GetMessagesResponse::default()
        })
    }

    fn abandon(&self, board: &mut Switchboard, now: i64) {
        board.tick(now);
        if let Some(agent) = board.agents.get_mut(&self.agent) {
            agent.stream.end(self.hold, now);
        }
    }
}

pub(crate) fn answer(echo: AgentEcho) -> AgentResponse {
    AgentResponse {
        echo,
        ..AgentResponse::default()
    }
}

/// CONFLICT has no status of its own on the pages, so it comes inside a 200. INFERRED.
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
        format!(
            "Account {account} is logged on already. Set logonOverride to put that session out."
        ),
    )
}
