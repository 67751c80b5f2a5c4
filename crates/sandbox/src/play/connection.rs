//! [`Connection`]: sends the requests of the clients to the sandbox.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use serde_json::Value;

use crate::local_server::{LocalAnswer, LocalRequest, LocalServer};

/// A request that may not be answered yet. Dropping it closes its connection.
pub(super) struct Exchange(Pin<Box<dyn Future<Output = LocalAnswer> + Send>>);

impl Exchange {
    /// The answer, if there is one.
    pub(super) fn answer(&mut self) -> Option<LocalAnswer> {
        let mut context = Context::from_waker(Waker::noop());
        match self.0.as_mut().poll(&mut context) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }
}

/// The way to a sandbox without a network.
pub(super) struct Connection(Rc<LocalServer>);

impl Connection {
    pub(super) fn new(server: Rc<LocalServer>) -> Self {
        Self(server)
    }

    pub(super) fn server(&self) -> &LocalServer {
        &self.0
    }

    /// Begins a POST of JSON.
    pub(super) fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Exchange {
        let headers = headers
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()));
        Exchange(Box::pin(self.0.answer(LocalRequest {
            method: "POST".to_owned(),
            path: path.to_owned(),
            headers: headers.collect(),
            body: body.to_string().into_bytes(),
        })))
    }

    /// Performs a POST that is answered at once. The error is a sentence.
    pub(super) fn call(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Value, String> {
        let answer = self.post(path, headers, body).answer();
        let answer = answer.ok_or_else(|| format!("{path} was not answered."))?;
        let json = json_of(&answer).unwrap_or_default();
        // An answer without an error may name it as null.
        let error = json.get("chatSystemError").filter(|error| !error.is_null());
        match error {
            None if answer.status == 200 => Ok(json),
            error => {
                let text = error.map(Value::to_string).unwrap_or_default();
                Err(format!("{path} was refused: {} {text}.", answer.status))
            }
        }
    }

    /// Uses a switch of the sandbox. The error is a sentence.
    pub(super) fn use_switch(&self, switch: &str, body: &Value) -> Result<(), String> {
        self.call(&format!("/sandbox/{switch}"), &[], body)
            .map(drop)
    }
}

/// The JSON of an answer that has arrived completely.
pub(super) fn json_of(answer: &LocalAnswer) -> Option<Value> {
    if answer.is_cut_off {
        return None;
    }
    serde_json::from_slice(&answer.body).ok()
}
