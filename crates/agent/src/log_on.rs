//! [`LogOn`]: what an agent needs to log on.

use pipit_wire::{AccountId, Secret, TextMap};

use crate::ServiceAddress;

/// What an agent needs to log on.
#[derive(Clone, Debug)]
pub struct LogOn {
    /// Where the chat server is.
    pub address: ServiceAddress,
    /// The agent's account.
    pub account: AccountId,
    /// The token from the operation `agentTokens`.
    pub token: Secret,
    /// Whether the agent takes over an earlier session of the same account, so that an agent can log on again after
    /// reloading the page. Without it, the log-on is refused while the account is logged on. (FOUND)
    pub takes_over: bool,
    /// Keys and values that the server stores with the session.
    pub data: Option<TextMap>,
}

impl LogOn {
    /// A log-on that takes over an earlier session, and stores nothing with the session.
    pub fn new(address: ServiceAddress, account: AccountId, token: Secret) -> Self {
        Self {
            address,
            account,
            token,
            takes_over: true,
            data: None,
        }
    }
}
