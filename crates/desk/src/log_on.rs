//! How the desk comes to a session: the page's own server has the credentials, and gives a token.

use pipit_agent::{AgentError, AgentSession, MessageReceiver, ServiceAddress};
use pipit_fetch::{AbortOnDrop, Call, Cookies};
use pipit_wire::{AccountId, Fields, Secret, WireError};

/// Where the page's own server gives out tokens.
const TOKEN_PATH: &str = "/agent-token";
/// In ms.
const TIMEOUT_MS: u32 = 15_000;

/// Asks for a token and logs on with it. The error is a sentence for the agent.
pub(crate) async fn log_on() -> Result<(AgentSession, MessageReceiver), String> {
    let call = Call {
        url: TOKEN_PATH.to_owned(),
        headers: Vec::new(),
        body: "{}".to_owned(),
        cookies: Cookies::SameOrigin,
        timeout_ms: Some(TIMEOUT_MS),
    };
    let answer = pipit_fetch::post(call, &AbortOnDrop::new())
        .await
        .map_err(|why| no_token(&why.to_string()))?;
    if answer.status != 200 {
        return Err(no_token(&format!("HTTP {}", answer.status)));
    }
    let ticket = Ticket::read(&answer.body).map_err(|why| {
        format!("This site's server answered {TOKEN_PATH} with something else: {why}.")
    })?;
    AgentSession::log_on(ticket.service, ticket.account, ticket.token)
        .await
        .map_err(|error: AgentError| error.to_string())
}

fn no_token(why: &str) -> String {
    format!("This site's server gave no token for an agent ({why}). Is it running?")
}

/// What the page's own server gives.
struct Ticket {
    service: ServiceAddress,
    account: AccountId,
    token: Secret,
}

impl Ticket {
    /// Reads `{sessionToken, domain, port, pool, siteName, accountId}`.
    fn read(body: &str) -> Result<Self, WireError> {
        let mut fields = Fields::from_json(body)?;
        let mut text = |name| fields.take::<String>(name).ok_or(WireError::Missing(name));
        let domain = text("domain")?;
        let site = text("siteName")?;
        let port = fields.take::<i64>("port");
        let pool = fields.take::<String>("pool");
        let service = ServiceAddress::new(
            &domain,
            port.and_then(|port| u16::try_from(port).ok()),
            &site,
            pool.as_deref(),
        );
        Ok(Self {
            service,
            account: fields
                .take("accountId")
                .ok_or(WireError::Missing("accountId"))?,
            token: fields
                .take("sessionToken")
                .ok_or(WireError::Missing("sessionToken"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_read() {
        let ticket = Ticket::read(
            r#"{"sessionToken":"a.b.c","domain":"127.0.0.1","port":8461,"pool":"297:1",
                "siteName":"pipit_demo","accountId":12}"#,
        )
        .unwrap();
        assert_eq!(ticket.service.base_url, "http://127.0.0.1:8461");
        assert_eq!(ticket.service.site, "pipit_demo");
        assert_eq!(ticket.service.pool.as_deref(), Some("297:1"));
        assert_eq!(ticket.account, AccountId(12));
        assert_eq!(ticket.token.reveal(), "a.b.c");
    }

    #[test]
    fn a_ticket_without_a_token_is_none() {
        let read = Ticket::read(r#"{"domain":"a.example","siteName":"s","accountId":1}"#);
        assert_eq!(read.err(), Some(WireError::Missing("sessionToken")));
    }
}
