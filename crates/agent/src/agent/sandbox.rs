//! What an [`Agent`] can do at the sandbox only (the chat server of this repository): sign in without a token, and what
//! the API has no documented operation for.

use std::rc::Rc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use pipit_wire::session::{
    AGENT_TOKENS_PATH, APPLICATION_CONTEXT_HEADER, AgentTokensResponse, SERVICE_SETTINGS_PATH,
    ServiceSettingsResponse,
};
use pipit_wire::{AccountId, UnexpectedBody, WireObject};
use serde_json::json;

use super::Agent;
use crate::api_client::read_refusal;
use crate::{
    AgentError, Failure, HttpRequest, HttpResponse, LogOn, Method, NoAnswer, ServiceAddress,
    Transport,
};

/// The longest wait for an answer of the sandbox, in ms.
const TIMEOUT_MS: u32 = 15_000;

impl Agent {
    /// Signs an agent of the sandbox in. `api_url` is the address of the sandbox's API, such as `http://127.0.0.1:8461`.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn sign_in_at_sandbox(
        transport: Rc<dyn Transport>,
        api_url: &str,
        account: AccountId,
    ) -> Result<Self, AgentError> {
        let base_url = api_url.trim_end_matches('/');
        // The number of each account is a user of the sandbox. All of them have the same password.
        let user = BASE64_STANDARD.encode(format!("{account}:demo"));
        let request = |method, path: &str| HttpRequest {
            method,
            url: format!("{base_url}{path}"),
            headers: vec![
                ("Authorization", format!("Basic {user}")),
                (APPLICATION_CONTEXT_HEADER, "pipit-agent".to_owned()),
            ],
            body: String::new(),
            timeout_ms: TIMEOUT_MS,
        };
        let asked = transport.send(request(Method::Get, SERVICE_SETTINGS_PATH));
        let settings: ServiceSettingsResponse = read("serviceSettings", asked.await)?;
        let asked = transport.send(request(Method::Post, AGENT_TOKENS_PATH));
        let token: AgentTokensResponse = read("agentTokens", asked.await)?;
        let address = ServiceAddress {
            base_url: base_url.to_owned(),
            site: settings.site_name,
            pool: settings.pool,
            allowed_hosts: Vec::new(),
        };
        let log_on = LogOn::new(address, account, token.session_token);
        Self::sign_in(transport, log_on).await
    }

    /// Asks another agent, who must be logged on, into the engagement. Only the sandbox can do this: no operation of the
    /// API for it is known.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn conference(&self, with: AccountId) -> Result<(), AgentError> {
        let id = self.needed_engagement("sandbox/conference")?;
        let body = json!({ "engagementId": id.to_string(), "accountId": with.0 });
        self.use_switch("sandbox/conference", body.to_string())
            .await
    }

    /// Sends the visitor a file. The sandbox makes up its content. Only the sandbox can do this: no operation of the API for
    /// it is known.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn send_file(
        &self,
        name: &str,
        content_type: &str,
        size: i64,
    ) -> Result<(), AgentError> {
        let id = self.needed_engagement("sandbox/file")?;
        let body = json!({
            "engagementId": id.to_string(), "name": name, "contentType": content_type, "size": size,
        });
        self.use_switch("sandbox/file", body.to_string()).await
    }

    async fn use_switch(&self, switch: &'static str, body: String) -> Result<(), AgentError> {
        let request = HttpRequest {
            method: Method::Post,
            url: format!("{}/{switch}", self.session.client().base_url()),
            headers: Vec::new(),
            body,
            timeout_ms: TIMEOUT_MS,
        };
        let response = self.transport.send(request).await;
        succeeded(switch, response).map(drop)
    }
}

/// Reads the answer to a request.
fn read<T: WireObject>(
    operation: &'static str,
    response: Result<HttpResponse, NoAnswer>,
) -> Result<T, AgentError> {
    let response = succeeded(operation, response)?;
    T::from_json(&response.body).map_err(|_| AgentError {
        operation,
        failure: Failure::Unexpected(UnexpectedBody::of(&response.body)),
    })
}

/// The answer, if its status is a success.
fn succeeded(
    operation: &'static str,
    response: Result<HttpResponse, NoAnswer>,
) -> Result<HttpResponse, AgentError> {
    let failure = match response {
        Ok(response) if (200..300).contains(&response.status) => return Ok(response),
        Ok(response) => Failure::Refused(read_refusal(response.status, &response.body)),
        Err(reason) => Failure::Unreachable(reason),
    };
    Err(AgentError { operation, failure })
}
