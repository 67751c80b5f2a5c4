//! Makes the calls of the agent API, with their addresses, headers, sequence numbers and times, and parses the server's
//! answers. An agent's session has two halves, which share one [`ApiClient`]: `session.rs` sends requests, and
//! `message_receiver.rs` polls for messages.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use pipit_wire::agent::{
    ACCOUNT_HEADER, AgentRequest, ChatConfigChangeNotification, Operation, SESSION_HEADER,
};
use pipit_wire::{
    AccountId, Fields, Refusal, Response, Secret, SequenceNumber, UnexpectedBody, WireObject,
};

use crate::repetition::{PAUSES_MS, is_repeatable};
use crate::{
    AgentError, Failure, HttpRequest, HttpResponse, Method, NoAnswer, ServiceAddress, Transport,
};

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
    transport: Rc<dyn Transport>,
    address: RefCell<ServiceAddress>,
    credential: Credential,
    /// The sequence number of the most recent request; 0 before the first request.
    latest_number: Cell<i64>,
}

impl ApiClient {
    pub(crate) fn new(
        transport: Rc<dyn Transport>,
        address: ServiceAddress,
        credential: Credential,
    ) -> Self {
        Self {
            transport,
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

    /// The server's address without a slash at the end.
    pub(crate) fn base_url(&self) -> String {
        self.address.borrow().base_url.clone()
    }

    /// Sends a POST request and waits for the answer. `body` makes the request body from the members that every request
    /// has. If the operation is repeatable, a transient failure makes the client send the same request again.
    ///
    /// # Errors
    /// [`AgentError`] if the server refuses the request, does not answer, or sends something that cannot be read.
    pub(crate) async fn call<B: WireObject, A: WireObject>(
        &self,
        operation: Operation,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Result<A, AgentError> {
        let body = body(AgentRequest {
            time_created: Some(self.transport.now_ms()),
            sequence_number: Some(self.next_number()),
            ..AgentRequest::default()
        });
        self.call_with(operation, &body).await
    }

    /// Does what [`Self::call`] says, with a complete request. The request of a GET is in the query.
    pub(crate) async fn call_with<B: WireObject, A: WireObject>(
        &self,
        operation: Operation,
        body: &B,
    ) -> Result<A, AgentError> {
        let pauses: &[u32] = if is_repeatable(operation) {
            &PAUSES_MS
        } else {
            &[]
        };
        for pause_ms in pauses {
            // The address is built for each attempt, because the pool may have changed in the pause.
            let response = self.transport.send(self.request(operation, body)).await;
            let demanded_ms = response.as_ref().ok().and_then(|it| it.retry_after_ms);
            match parse_answer(operation, response) {
                Err(error) if error.is_transient() => {
                    let demanded_ms = u32::try_from(demanded_ms.unwrap_or(0)).unwrap_or(u32::MAX);
                    let pause_ms = demanded_ms.min(ANSWER_TIMEOUT_MS).max(*pause_ms);
                    self.transport.sleep(pause_ms).await;
                }
                result => return result,
            }
        }
        let response = self.transport.send(self.request(operation, body)).await;
        parse_answer(operation, response)
    }

    /// Takes over a new pool from a message of the server. All later requests of this client use this pool. If the
    /// message names no pool, or an empty one, the old pool stays. A new host is taken over if the
    /// [`ServiceAddress::allowed_hosts`] list it; otherwise it is ignored, because it must not receive the session id.
    pub(crate) fn use_new_pool(&self, change: &ChatConfigChangeNotification) {
        let is_pool_setting = change.name.as_deref() == Some(POOL_SETTING);
        let value = change.value.as_ref().filter(|_| is_pool_setting);
        let mut pools = [change.pool.as_ref(), value].into_iter().flatten();
        let mut address = self.address.borrow_mut();
        if let Some(pool) = pools.find(|pool| !pool.is_empty()) {
            address.pool = Some(pool.clone());
        }
        let domain = change.domain.as_deref().filter(|domain| !domain.is_empty());
        if let Some(domain) = domain {
            address.move_to(domain, change.port.as_deref());
        }
    }

    /// Makes a request without sending it.
    fn request<B: WireObject>(&self, operation: Operation, body: &B) -> HttpRequest {
        let address = self.address.borrow();
        let (site, pool) = (&address.site, address.pool.as_deref());
        let (path, body) = match operation.method() {
            Method::Get => (operation.path_with_request(site, pool, body), String::new()),
            Method::Post => (operation.path(site, pool), body.to_json()),
        };
        HttpRequest {
            method: operation.method(),
            url: [&address.base_url, path.as_str()].concat(),
            headers: self.credential.headers(),
            body,
            timeout_ms: match operation {
                Operation::GetMessages => HOLD_TIMEOUT_MS,
                _ => ANSWER_TIMEOUT_MS,
            },
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

/// Parses the response to an operation whose answer is `A`.
fn parse_answer<A: WireObject>(
    operation: Operation,
    response: Result<HttpResponse, NoAnswer>,
) -> Result<A, AgentError> {
    let failed = |failure| AgentError {
        operation: operation.name(),
        failure,
    };
    let response = response.map_err(|reason| failed(Failure::Unreachable(reason)))?;
    match operation.read_response(response.status, &response.body) {
        Response::Answer(members) => members
            .into_object()
            .map_err(|_| failed(Failure::Unexpected(UnexpectedBody::OtherJson))),
        Response::Refusal { status } => {
            let refusal = read_refusal(status, &response.body);
            Err(failed(Failure::Refused(refusal)))
        }
        Response::Unexpected(body) => Err(failed(Failure::Unexpected(body))),
    }
}

/// Reads the body of a refusal. Besides the forms that [`Refusal::read`] knows, one of Oracle's clients reads
/// `exceptionCode`, and `message` or `detail`. (FOUND)
pub(crate) fn read_refusal(status: u16, body: &str) -> Refusal {
    let mut refusal = Refusal::read(status, body);
    let error = &mut refusal.error;
    if let Ok(mut members) = Fields::from_json_tolerantly(body) {
        let mut take_first = |names: &[&str]| names.iter().find_map(|name| members.take(name));
        if error.error_condition.is_none() {
            error.error_condition = take_first(&["exceptionCode"]);
        }
        if error.text.is_none() {
            error.text = take_first(&["message", "detail"]);
        }
    }
    refusal
}

#[cfg(test)]
mod tests;
