//! Remembers the newest requests and their answers, for the live page. Session ids and tokens are masked, and nothing is
//! written to a file.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

/// The number of requests that are kept.
const MAX_EXCHANGES: usize = 200;

/// The longest body that is kept, in bytes. Of a longer one, only the length is kept.
const MAX_BODY: usize = 16 * 1024;

/// The members whose values are secret, in lower case.
const SECRET_MEMBERS: [&str; 4] = ["sessionid", "sessiontoken", "channeltoken", "jwt"];

/// What stands in the place of a secret.
const MASK: &str = "•••";

/// The newest requests.
#[derive(Debug, Default)]
pub(crate) struct ExchangeLog(Mutex<Exchanges>);

#[derive(Debug, Default)]
struct Exchanges {
    last_number: u64,
    /// The number of changes so far.
    revision: u64,
    /// Oldest first.
    newest: VecDeque<Exchange>,
}

/// A request and its answer.
#[derive(Clone, Debug, Serialize)]
struct Exchange {
    number: u64,
    /// The revision of the log in which the exchange changed most recently.
    revision: u64,
    /// When the request arrived, in ms since 1970.
    started_ms: i64,
    method: String,
    path: String,
    /// The body of the request, masked.
    request: String,
    /// The status of the answer; `None` while there is none.
    status: Option<u16>,
    /// The body of the answer, masked.
    answer: String,
    /// Whether the answer was sent, or the client closed the connection before.
    is_over: bool,
}

/// The answer of `GET /sandbox/exchanges`.
#[derive(Debug, Serialize)]
pub(crate) struct Changes {
    revision: u64,
    exchanges: Vec<Exchange>,
}

impl ExchangeLog {
    /// Records a request. Its answer is recorded by the returned value.
    pub(crate) fn begin(
        &self,
        method: &str,
        path: &str,
        body: &str,
        now_ms: i64,
    ) -> OpenExchange<'_> {
        let mut log = self.lock();
        log.last_number += 1;
        log.revision += 1;
        let exchange = Exchange {
            number: log.last_number,
            revision: log.revision,
            started_ms: now_ms,
            method: method.to_owned(),
            path: path.to_owned(),
            request: masked(body),
            status: None,
            answer: String::new(),
            is_over: false,
        };
        let number = exchange.number;
        log.newest.push_back(exchange);
        if log.newest.len() > MAX_EXCHANGES {
            log.newest.pop_front();
        }
        OpenExchange { log: self, number }
    }

    /// The exchanges that changed after a revision, oldest first.
    pub(crate) fn changed_after(&self, revision: u64) -> Changes {
        let log = self.lock();
        // A revision of the future is one of an earlier sandbox at the same address.
        let revision = if revision > log.revision { 0 } else { revision };
        let changed = log.newest.iter().filter(|it| it.revision > revision);
        Changes {
            revision: log.revision,
            exchanges: changed.cloned().collect(),
        }
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Exchange)) {
        let mut log = self.lock();
        let revision = log.revision + 1;
        let mut exchanges = log.newest.iter_mut();
        if let Some(exchange) = exchanges.find(|it| it.number == number && !it.is_over) {
            exchange.revision = revision;
            exchange.is_over = true;
            change(exchange);
            log.revision = revision;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Exchanges> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request without an answer so far. Dropping it records that the client has closed the connection.
pub(crate) struct OpenExchange<'a> {
    log: &'a ExchangeLog,
    number: u64,
}

impl OpenExchange<'_> {
    /// Records the answer, and returns it.
    pub(crate) async fn finish(self, answer: Response) -> Response {
        let (head, body) = answer.into_parts();
        // The bodies of the API's answers are in memory, so reading cannot fail.
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        self.log.change(self.number, |exchange| {
            exchange.status = Some(head.status.as_u16());
            exchange.answer = masked(&String::from_utf8_lossy(&bytes));
        });
        Response::from_parts(head, Body::from(bytes))
    }
}

impl Drop for OpenExchange<'_> {
    fn drop(&mut self) {
        self.log.change(self.number, |_| {});
    }
}

/// A body without its secrets. A body that is not JSON is left out, because nothing in it can be masked reliably.
fn masked(body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    let length = body.len();
    match serde_json::from_str::<Value>(body) {
        Ok(mut value) if length <= MAX_BODY => {
            mask(&mut value);
            value.to_string()
        }
        _ => format!("({length} bytes)"),
    }
}

/// Replaces the values of secret members, at any depth.
fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if SECRET_MEMBERS.contains(&name.to_ascii_lowercase().as_str()) {
                    *value = MASK.into();
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        Value::String(text) => {
            // A text that contains JSON, such as `sessionInformation`.
            if let Ok(mut inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text)
            {
                mask(&mut inner);
                *text = inner.to_string();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_are_masked_at_any_depth() {
        for body in [
            r#"{"sessionId": "SECRET", "a": 1}"#,
            r#"{"a": [{"SessionID": "SECRET"}]}"#,
            r#"{"channelToken": "SECRET", "siteName": "a"}"#,
            r#"{"sessionToken": {"deep": "SECRET"}}"#,
            r#"{"a": "{\"jwt\": \"SECRET\"}"}"#,
            r#"{"sessionId": "SECRET""#,
        ] {
            assert!(!masked(body).contains("SECRET"), "{body}");
        }
        assert_eq!(masked(r#"{"body":"Hello"}"#), r#"{"body":"Hello"}"#);
        assert_eq!(masked(""), "");
    }
}
