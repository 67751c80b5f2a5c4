//! [`AgentClient`]: the agent of `crates/agent` as an object of JavaScript. Every method returns a promise. A promise that
//! rejects has an `Error` with the text of the Rust error.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use pipit_agent::{Agent, FetchTransport, LogOn, ServiceAddress};
use pipit_wire::agent::AgentMessage;
use pipit_wire::{AccountId, Secret};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use wasm_bindgen_futures::spawn_local;

use crate::message_object::message_object;

/// An agent who is logged on.
#[wasm_bindgen]
pub struct AgentClient {
    agent: Rc<Agent>,
    /// Ends the polls.
    stop_polling: RefCell<Option<oneshot::Sender<()>>>,
}

#[wasm_bindgen]
impl AgentClient {
    /// Signs an agent of a sandbox in. `api_url` is the address of the sandbox's API.
    #[wasm_bindgen(js_name = signInAtSandbox)]
    pub async fn sign_in_at_sandbox(api_url: String, account: i32) -> Result<Self, JsError> {
        let account = AccountId(account.into());
        let transport = Rc::new(FetchTransport);
        let agent = Agent::sign_in_at_sandbox(transport, &api_url, account).await;
        Ok(Self::of(agent?))
    }

    /// Signs an agent of a real site in, with a token from `agentTokens`. `base_url` is the address of the chat server.
    #[wasm_bindgen(js_name = signIn)]
    pub async fn sign_in(
        base_url: String,
        site: String,
        pool: Option<String>,
        account: String,
        token: String,
    ) -> Result<Self, JsError> {
        let account = account
            .parse()
            .map_err(|_| JsError::new("The account of an agent is a whole number."))?;
        let address = ServiceAddress {
            base_url: base_url.trim_end_matches('/').to_owned(),
            site,
            pool,
            allowed_hosts: Vec::new(),
        };
        let log_on = LogOn::new(address, AccountId(account), Secret::new(token));
        let agent = Agent::sign_in(Rc::new(FetchTransport), log_on).await;
        Ok(Self::of(agent?))
    }

    /// The agent's account.
    pub fn account(&self) -> String {
        self.agent.account().0.to_string()
    }

    /// Sets the limit of the waits that begin from now on, in ms.
    #[wasm_bindgen(js_name = setWaitLimit)]
    pub fn set_wait_limit(&self, limit_ms: u32) {
        self.agent.set_wait_limit(limit_ms);
    }

    /// Waits for the offer of an engagement, accepts it, and returns its id.
    pub async fn accept(&self) -> Result<String, JsError> {
        Ok(self.agent.accept().await?.to_string())
    }

    /// Waits for the offer of an engagement, declines it, and returns its id.
    pub async fn decline(&self) -> Result<String, JsError> {
        Ok(self.agent.decline().await?.to_string())
    }

    /// Says a plain text.
    pub async fn say(&self, text: String) -> Result<(), JsError> {
        Ok(self.agent.say(&text).await?)
    }

    /// Says something in HTML.
    #[wasm_bindgen(js_name = sayHtml)]
    pub async fn say_html(&self, html: String) -> Result<(), JsError> {
        Ok(self.agent.say_html(&html).await?)
    }

    /// Shows the visitor that the agent is typing, or has stopped.
    #[wasm_bindgen(js_name = setTyping)]
    pub async fn set_typing(&self, is_typing: bool) -> Result<(), JsError> {
        Ok(self.agent.set_typing(is_typing).await?)
    }

    /// Looks at the engagement, or away.
    #[wasm_bindgen(js_name = setFocus)]
    pub async fn set_focus(&self, has_focus: bool) -> Result<(), JsError> {
        Ok(self.agent.set_focus(has_focus).await?)
    }

    /// Puts the engagement back into a queue.
    #[wasm_bindgen(js_name = transferToQueue)]
    pub async fn transfer_to_queue(&self) -> Result<(), JsError> {
        Ok(self.agent.transfer_to_queue().await?)
    }

    /// Asks another agent, who must be logged on, into the engagement.
    pub async fn conference(&self, account: i32) -> Result<(), JsError> {
        Ok(self.agent.conference(AccountId(account.into())).await?)
    }

    /// Sends the visitor a file, whose content the sandbox makes up. `size` is in bytes.
    #[wasm_bindgen(js_name = sendFile)]
    pub async fn send_file(
        &self,
        name: String,
        content_type: String,
        size: u32,
    ) -> Result<(), JsError> {
        let sent = self.agent.send_file(&name, &content_type, size.into());
        Ok(sent.await?)
    }

    /// Ends the engagement.
    pub async fn conclude(&self) -> Result<(), JsError> {
        Ok(self.agent.conclude().await?)
    }

    /// Ends the wrap-up.
    pub async fn release(&self) -> Result<(), JsError> {
        Ok(self.agent.release().await?)
    }

    /// Logs the agent off.
    #[wasm_bindgen(js_name = signOut)]
    pub async fn sign_out(&self) -> Result<(), JsError> {
        let signed_out = self.agent.sign_out().await;
        // Otherwise an agent of a server that has gone would poll for ever.
        if let Some(stop) = self.stop_polling.take() {
            // An error means that the polls have ended.
            let _ = stop.send(());
        }
        Ok(signed_out?)
    }

    /// Waits for the first message for which `is_expected` returns true, and returns it. `expected` names it in the error.
    #[wasm_bindgen(js_name = waitFor)]
    pub async fn wait_for(
        &self,
        expected: String,
        is_expected: Function,
    ) -> Result<JsValue, JsError> {
        let select = |message: &AgentMessage| {
            let object = message_object(message);
            let answer = is_expected.call1(&JsValue::UNDEFINED, &object);
            answer.is_ok_and(|it| it.is_truthy()).then_some(object)
        };
        Ok(self.agent.wait_for(&expected, select).await?)
    }

    /// Waits for the next message of any kind, without a limit.
    #[wasm_bindgen(js_name = nextMessage)]
    pub async fn next_message(&self) -> Result<JsValue, JsError> {
        let message = self.agent.next_message().await?;
        Ok(message_object(&message))
    }
}

impl AgentClient {
    /// The object of an agent, who polls from now on until the session ends, also while the test waits for nothing.
    fn of(agent: Agent) -> Self {
        let agent = Rc::new(agent);
        let polling = Rc::clone(&agent);
        let (stop_polling, stopped) = oneshot::channel();
        spawn_local(async move {
            tokio::select! {
                () = polling.keep_polling() => {}
                // A client that JavaScript has forgotten goes on, because its session does.
                Ok(()) = stopped => {}
            }
        });
        Self {
            agent,
            stop_polling: RefCell::new(Some(stop_polling)),
        }
    }
}
