//! The users of the endpoints that require Basic authentication. Every agent is such a user; the user [`BASIC_USER`] is
//! the first agent. All users have the password [`BASIC_PASSWORD`].

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pipit_switchboard::AgentClaims;

use crate::agent_account::{AgentAccount, agent_of_account};
use crate::api_request::ApiRequest;
use crate::options::{BASIC_PASSWORD, BASIC_USER};

/// The agent who is the Basic user of a request; `None` if the request has no valid credentials. A number as the user is
/// the agent with this account.
pub(crate) fn basic_agent(agents: &[AgentAccount], request: &ApiRequest) -> Option<AgentClaims> {
    let value = request.header(header::AUTHORIZATION.as_str())?;
    let decoded = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let credentials = String::from_utf8(decoded).ok()?;
    let (user, password) = credentials.split_once(':')?;
    if password != BASIC_PASSWORD {
        return None;
    }
    let known = match user {
        BASIC_USER => agents.first(),
        user => agents.iter().find(|agent| agent.user == user),
    };
    let account = match known {
        Some(agent) => agent.account,
        // A sandbox without agents has this user too.
        None if user == BASIC_USER => 12,
        None => user.parse().ok().filter(|account| *account > 0)?,
    };
    Some(agent_of_account(agents, account))
}
