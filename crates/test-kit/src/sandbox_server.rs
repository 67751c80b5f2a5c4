//! [`SandboxServer`]: the sandbox as an object of JavaScript, which answers requests and has a clock that JavaScript sets.

use std::rc::Rc;

use js_sys::Promise;
use pipit_sandbox::{LocalRequest, LocalServer, Options, read_config_value};
use serde::Serialize;
use tokio::sync::oneshot;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use crate::script_play::ScriptPlay;

/// A sandbox without a network.
#[wasm_bindgen]
pub struct SandboxServer(Rc<LocalServer>);

#[wasm_bindgen]
impl SandboxServer {
    /// Starts a sandbox. `config` is an object with the keys of the config file, or `undefined`. `domain` and `port` are
    /// the address of the chat server that the sandbox gives to its clients. `now_ms` is the time of its clock.
    ///
    /// # Errors
    /// An `Error` that says which key of `config` is wrong.
    pub fn start(
        config: JsValue,
        domain: &str,
        port: Option<u16>,
        now_ms: f64,
    ) -> Result<Self, JsError> {
        let options = if config.is_undefined() {
            Options::default()
        } else {
            let config: serde_json::Value = serde_wasm_bindgen::from_value(config)
                .map_err(|error| JsError::new(&format!("The options cannot be read: {error}.")))?;
            read_config_value(config).map_err(|error| JsError::new(&format!("{error}.")))?
        };
        Self::with_options(&options, domain, port, now_ms)
    }

    /// Gives a request to the server. `headers` is a list of names and values.
    ///
    /// # Errors
    /// An `Error` if `headers` is something else.
    pub fn send(
        &self,
        method: String,
        path: String,
        headers: JsValue,
        body: Vec<u8>,
    ) -> Result<Exchange, JsError> {
        let answer = self.0.answer(LocalRequest {
            method,
            path,
            headers: serde_wasm_bindgen::from_value(headers)
                .map_err(|error| JsError::new(&error.to_string()))?,
            body,
        });
        let (hang_up, hung_up) = oneshot::channel();
        let answered = future_to_promise(async move {
            tokio::select! {
                answer = answer => {
                    let answer = AnswerObject {
                        status: answer.status,
                        headers: answer.headers,
                        body: answer.body,
                        is_cut_off: answer.is_cut_off,
                    };
                    Ok(serde_wasm_bindgen::to_value(&answer)?)
                }
                // An exchange that JavaScript has forgotten is no exchange that was given up.
                Ok(()) = hung_up => Err(JsError::new("The client has closed the connection.").into()),
            }
        });
        Ok(Exchange {
            answered,
            hang_up: Some(hang_up),
        })
    }

    /// The time of the sandbox's clock.
    pub fn now(&self) -> f64 {
        number(self.0.now())
    }

    /// Sets the clock. An earlier time than the current one has no effect. What is due by then happens in the next
    /// microtasks.
    #[wasm_bindgen(js_name = setTime)]
    pub fn set_time(&self, now_ms: f64) {
        self.0.set_time(integer(now_ms));
    }

    /// The next time at which something happens in the sandbox if no request arrives; `undefined` if nothing does.
    #[wasm_bindgen(js_name = nextWake)]
    pub fn next_wake(&self) -> Option<f64> {
        self.0.next_wake().map(number)
    }

    /// Begins a script. If `sees` is false, the rows about what the visitor sees are left out.
    ///
    /// # Errors
    /// An `Error` that says which line of the script is wrong, and what is allowed there.
    pub fn play(&self, text: &str, sees: bool) -> Result<ScriptPlay, JsError> {
        ScriptPlay::new(text, sees, Rc::clone(&self.0))
    }

    /// Ends all held polls, without messages.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl SandboxServer {
    pub(crate) fn with_options(
        options: &Options,
        domain: &str,
        port: Option<u16>,
        now_ms: f64,
    ) -> Result<Self, JsError> {
        let address = (domain, port);
        let (server, tasks) = LocalServer::new(options, address, integer(now_ms))
            .map_err(|error| JsError::new(&error))?;
        for task in tasks {
            spawn_local(task);
        }
        Ok(Self(Rc::new(server)))
    }
}

/// A request that the server has.
#[wasm_bindgen]
pub struct Exchange {
    answered: Promise,
    hang_up: Option<oneshot::Sender<()>>,
}

#[wasm_bindgen]
impl Exchange {
    /// A promise of the answer: `{status, headers, body, isCutOff}`. It rejects after [`hang_up`](Self::hang_up).
    pub fn answered(&self) -> Promise {
        self.answered.clone()
    }

    /// Tells the server that the client has closed the connection. Has no effect after the answer.
    #[wasm_bindgen(js_name = hangUp)]
    pub fn hang_up(&mut self) {
        if let Some(hang_up) = self.hang_up.take() {
            // An error means that the exchange has ended.
            let _ = hang_up.send(());
        }
    }
}

/// An answer as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerObject {
    status: u16,
    headers: Vec<(String, String)>,
    /// A `Uint8Array`.
    #[serde(with = "serde_bytes")]
    body: Vec<u8>,
    /// Whether a planned fault has ended the connection after the body.
    is_cut_off: bool,
}

/// A time in the form of JavaScript. Times are far below 2^53.
#[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
fn number(time_ms: i64) -> f64 {
    time_ms as f64
}

/// A time of JavaScript. A fraction of a millisecond is left out.
#[allow(clippy::cast_possible_truncation, reason = "the conversion saturates")]
fn integer(time_ms: f64) -> i64 {
    time_ms as i64
}
