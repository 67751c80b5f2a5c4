//! How each call of the agent API is made and its answer read: addresses, headers, count and time.

use std::cell::{Cell, RefCell};

use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies, post};
use pipit_wire::agent::{
    ACCOUNT_HEADER, AgentRequest, ChatConfigChangeNotification, Operation, SESSION_HEADER,
};
use pipit_wire::{AccountId, Fields, Refusal, Secret, SequenceNumber, WireObject};

use crate::{AgentError, Service};

/// Longest wait for an answer that the server gives at once, in ms.
const ANSWER_TIMEOUT_MS: u32 = 15_000;
/// Longest wait for `getMessages`, which the server holds for up to 30 s (PAGE 004), in ms.
const HOLD_TIMEOUT_MS: u32 = 45_000;
/// The name under which an older protocol told of a new pool in `value`. FOUND.
const POOL_NAME: &str = "CHAT_CLUSTER_POOL_ID";

/// Who the server takes the caller for.
pub(crate) enum Credential {
    /// The token of `agentTokens`; good for `createAutomatedAgentSession` only.
    Token(Secret),
    /// An agent's session.
    Session { id: Secret, account: AccountId },
}

/// The way to a chat server.
pub(crate) struct Line {
    service: RefCell<Service>,
    credential: Credential,
    /// How many requests have been made.
    sent: Cell<i64>,
}

impl Line {
    pub(crate) fn new(service: Service, credential: Credential) -> Self {
        Self {
            service: RefCell::new(service),
            credential,
            sent: Cell::new(0),
        }
    }

    /// The same line, counting on, for somebody whom the server now knows otherwise.
    pub(crate) fn known_as(self, credential: Credential) -> Self {
        Self { credential, ..self }
    }

    /// Asks and waits for the answer. `body` gets the time and the count to put into the request.
    pub(crate) async fn ask<B: WireObject, A: WireObject>(
        &self,
        operation: Operation,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Result<A, AgentError> {
        let call = self.call(operation, now_ms(), body);
        read(&post(call, &AbortOnDrop::new()).await?)
    }

    /// Uses the new pool from now on. A new host is not followed: nobody here can say whether it is
    /// trusted with the session.
    pub(crate) fn follow(&self, change: &ChatConfigChangeNotification) {
        let by_name = change.name.as_deref() == Some(POOL_NAME);
        let value = change.value.as_ref().filter(|_| by_name);
        let mut pools = [change.pool.as_ref(), value].into_iter().flatten();
        if let Some(pool) = pools.find(|pool| !pool.is_empty()) {
            self.service.borrow_mut().pool = Some(pool.clone());
        }
    }

    fn call<B: WireObject>(
        &self,
        operation: Operation,
        now_ms: i64,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Call {
        let stamp = AgentRequest {
            time_created: Some(now_ms),
            sequence_number: Some(self.next_number()),
            ..AgentRequest::default()
        };
        let service = self.service.borrow();
        let path = operation.path(&service.site, service.pool.as_deref());
        Call {
            url: [&service.base_url, path.as_str()].concat(),
            headers: self.credential.headers(),
            body: body(stamp).to_json(),
            cookies: Cookies::Omit,
            timeout_ms: Some(match operation {
                Operation::GetMessages => HOLD_TIMEOUT_MS,
                _ => ANSWER_TIMEOUT_MS,
            }),
        }
    }

    fn next_number(&self) -> SequenceNumber {
        let number = self.sent.get() + 1;
        self.sent.set(number);
        SequenceNumber(number)
    }
}

impl Credential {
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

#[allow(
    clippy::cast_possible_truncation,
    reason = "a whole number of milliseconds, far below 2^53"
)]
fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Reads an answer. An error may come inside a 200: `chatSystemError` is `null` on success.
fn read<A: WireObject>(answer: &Answer) -> Result<A, AgentError> {
    let refused = !(200..300).contains(&answer.status) || holds_error(&answer.body);
    if refused {
        return Err(AgentError::Refused(Refusal::read(
            answer.status,
            &answer.body,
        )));
    }
    Ok(A::from_json(&answer.body)?)
}

fn holds_error(body: &str) -> bool {
    Fields::from_json(body).is_ok_and(|fields| {
        let error = fields.0.get("chatSystemError");
        error.is_some_and(|error| !error.is_null())
    })
}

#[cfg(test)]
mod tests;
