//! Logs the agent on at the chat server. The *desk* is the web page on which the agent works. The server from which this
//! page was loaded (the desk's own server) has the credentials for the chat server. The desk asks its own server for a
//! token, and logs on at the chat server with that token.

use std::rc::Rc;

use pipit_agent::{
    AgentError, AgentSession, FetchTransport, LogOn, MessageReceiver, ServiceAddress,
};
use pipit_fetch::{AbortOnDrop, Call, Cookies};
use pipit_wire::{AccountId, Fields, ReadError, Secret};

/// The path at which the desk's own server issues tokens.
const TOKEN_PATH: &str = "/agent-token";
/// The request for the token fails after this time, in ms.
const TOKEN_TIMEOUT_MS: u32 = 15_000;

/// Requests a token and logs on with it. The error is a sentence for the agent.
pub(crate) async fn log_on() -> Result<(AgentSession, MessageReceiver), String> {
    let call = Call {
        url: TOKEN_PATH.to_owned(),
        headers: Vec::new(),
        body: "{}".to_owned(),
        cookies: Cookies::SameOrigin,
        is_repeatable: false,
        outlives_page: false,
        timeout_ms: Some(TOKEN_TIMEOUT_MS),
    };
    let answer = pipit_fetch::post(call, &AbortOnDrop::new())
        .await
        .map_err(|error| no_token(&error.to_string()))?;
    if answer.status != 200 {
        return Err(no_token(&format!("HTTP {}", answer.status)));
    }
    let data = LogOnData::parse(&answer.body).map_err(|error| {
        format!("This site's server answered {TOKEN_PATH} with something else: {error}.")
    })?;
    let log_on = LogOn::new(data.address, data.account, data.token);
    AgentSession::log_on(Rc::new(FetchTransport), log_on)
        .await
        .map_err(|error: AgentError| error.to_string())
}

/// The sentence for an agent who cannot log on because the desk's own server gave no token. `why` is the cause.
fn no_token(why: &str) -> String {
    format!("This site's server gave no token for an agent ({why}). Is it running?")
}

/// The answer of the desk's own server to the request for a token.
struct LogOnData {
    /// The address of the chat server.
    address: ServiceAddress,
    /// The agent's account at the chat server.
    account: AccountId,
    token: Secret,
}

impl LogOnData {
    /// Parses a JSON object with the members `sessionToken`, `domain`, `port`, `pool`, `siteName` and `accountId`. The
    /// members `port` and `pool` may be missing. A number that cannot be a port counts as missing.
    fn parse(body: &str) -> Result<Self, ReadError> {
        let mut fields = Fields::from_json(body)?;
        let mut take_text = |name| fields.take::<String>(name).ok_or(ReadError::Missing(name));
        let domain = take_text("domain")?;
        let site = take_text("siteName")?;
        let port = fields.take::<i64>("port");
        let pool = fields.take::<String>("pool");
        let address = ServiceAddress::new(
            &domain,
            port.and_then(|port| u16::try_from(port).ok()),
            &site,
            pool.as_deref(),
        );
        Ok(Self {
            address,
            account: fields
                .take("accountId")
                .ok_or(ReadError::Missing("accountId"))?,
            token: fields
                .take("sessionToken")
                .ok_or(ReadError::Missing("sessionToken"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_answer_is_parsed() {
        let data = LogOnData::parse(
            r#"{"sessionToken":"a.b.c","domain":"127.0.0.1","port":8461,"pool":"297:1",
                "siteName":"pipit_demo","accountId":12}"#,
        )
        .unwrap();
        // `ServiceAddress` uses http for a chat server on this machine, and https for every other.
        assert_eq!(data.address.base_url, "http://127.0.0.1:8461");
        assert_eq!(data.address.site, "pipit_demo");
        assert_eq!(data.address.pool.as_deref(), Some("297:1"));
        assert_eq!(data.account, AccountId(12));
        assert_eq!(data.token.reveal(), "a.b.c");
    }

    #[test]
    fn an_answer_without_a_token_is_an_error() {
        let result = LogOnData::parse(r#"{"domain":"a.example","siteName":"s","accountId":1}"#);
        assert_eq!(result.err(), Some(ReadError::Missing("sessionToken")));
    }
}
