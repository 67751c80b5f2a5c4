//! Makes the calls of the agent API, with their addresses, headers, sequence numbers and times, and parses the server's
//! answers. An agent's session has two halves, which share one [`ApiClient`]: `session.rs` sends requests, and
//! `message_receiver.rs` polls for messages.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.

use std::cell::{Cell, RefCell};

use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies, post};
use pipit_wire::agent::{
    ACCOUNT_HEADER, AgentRequest, ChatConfigChangeNotification, Operation, SESSION_HEADER,
};
use pipit_wire::{
    AccountId, Refusal, Response, Secret, SequenceNumber, UnexpectedBody, WireObject,
};

use crate::{AgentError, ServiceAddress};

/// The longest wait, in ms, for the answer to any operation except `getMessages`. The server answers these operations at
/// once.
const ANSWER_TIMEOUT_MS: u32 = 15_000;
/// The longest wait for the answer to `getMessages`, in ms. The server holds this request for up to 30 s (PAGE 004).
const HOLD_TIMEOUT_MS: u32 = 45_000;
/// The name of the setting for the pool (a group of chat servers) in the protocol that preceded this API. A message about
/// this setting has the new pool in the member `value`; a message of this API has it in the member `pool`. (FOUND)
const POOL_SETTING: &str = "CHAT_CLUSTER_POOL_ID";

/// How a request identifies the agent.
pub(crate) enum Credential {
    /// The token from the operation `agentTokens`. Only `createAutomatedAgentSession` accepts it.
    Token(Secret),
    /// The session id and the account of an agent who is logged on.
    Session { id: Secret, account: AccountId },
}

/// A client of one chat server, with one credential.
pub(crate) struct ApiClient {
    address: RefCell<ServiceAddress>,
    credential: Credential,
    /// The sequence number of the most recent request; 0 before the first request.
    latest_number: Cell<i64>,
}

impl ApiClient {
    pub(crate) fn new(address: ServiceAddress, credential: Credential) -> Self {
        Self {
            address: RefCell::new(address),
            credential,
            latest_number: Cell::new(0),
        }
    }

    /// Returns the same client with another credential: after the log-on, the session replaces the token. The sequence
    /// numbers continue.
    pub(crate) fn with_credential(self, credential: Credential) -> Self {
        Self { credential, ..self }
    }

    /// Sends a request and waits for the answer. `body` makes the request body from the members that every request has.
    ///
    /// # Errors
    /// [`AgentError`] if the server refuses the request, does not answer, or sends something that cannot be read.
    pub(crate) async fn call<B: WireObject, A: WireObject>(
        &self,
        operation: Operation,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Result<A, AgentError> {
        let call = self.build_call(operation, now_ms(), body);
        // The handle lives until the answer arrives. If this future is dropped earlier, the handle aborts the request.
        parse_answer(operation, &post(call, &AbortOnDrop::new()).await?)
    }

    /// Takes over the new pool from a message of the server. All later requests of this client use this pool. If the
    /// message names no pool, or an empty one, the old pool stays. A new host in the message is ignored, because this
    /// client cannot know whether that host may receive the session id.
    pub(crate) fn use_new_pool(&self, change: &ChatConfigChangeNotification) {
        let is_pool_setting = change.name.as_deref() == Some(POOL_SETTING);
        let value = change.value.as_ref().filter(|_| is_pool_setting);
        let mut pools = [change.pool.as_ref(), value].into_iter().flatten();
        if let Some(pool) = pools.find(|pool| !pool.is_empty()) {
            self.address.borrow_mut().pool = Some(pool.clone());
        }
    }

    /// Makes a call without sending it. `now_ms` is the current time, in ms since 1970.
    fn build_call<B: WireObject>(
        &self,
        operation: Operation,
        now_ms: i64,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Call {
        let agent_request = AgentRequest {
            time_created: Some(now_ms),
            sequence_number: Some(self.next_number()),
            ..AgentRequest::default()
        };
        let address = self.address.borrow();
        let path = operation.path(&address.site, address.pool.as_deref());
        Call {
            url: [&address.base_url, path.as_str()].concat(),
            headers: self.credential.headers(),
            body: body(agent_request).to_json(),
            cookies: Cookies::Omit,
            is_repeatable: false,
            outlives_page: false,
            timeout_ms: Some(match operation {
                Operation::GetMessages => HOLD_TIMEOUT_MS,
                _ => ANSWER_TIMEOUT_MS,
            }),
        }
    }

    /// Returns the sequence number for the next request: one more than the number of the previous request.
    fn next_number(&self) -> SequenceNumber {
        let number = self.latest_number.get() + 1;
        self.latest_number.set(number);
        SequenceNumber(number)
    }
}

impl Credential {
    /// The headers that identify the agent.
    fn headers(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Token(token) => vec![("Authorization", format!("Bearer {}", token.reveal()))],
            Self::Session { id, account } => vec![
                (SESSION_HEADER, id.reveal().to_owned()),
                (ACCOUNT_HEADER, account.to_string()),
            ],
        }
    }
}

/// The current time, in ms since 1970.
#[allow(
    clippy::cast_possible_truncation,
    reason = "a whole number of milliseconds, far below 2^53"
)]
fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Parses a response to an operation whose answer is `A`.
fn parse_answer<A: WireObject>(operation: Operation, response: &Answer) -> Result<A, AgentError> {
    match operation.read_response(response.status, &response.body) {
        Response::Answer(members) => members
            .into_object()
            .map_err(|_| AgentError::Unexpected(UnexpectedBody::OtherJson)),
        Response::Refusal { status } => {
            Err(AgentError::Refused(Refusal::read(status, &response.body)))
        }
        Response::Unexpected(body) => Err(AgentError::Unexpected(body)),
    }
}

#[cfg(test)]
mod tests;
