//! The options of a sandbox, and the names that are the same in every sandbox. A sandbox runs up to two servers: the
//! *API* is the chat server, and the *site*, which is optional, is a website that is served from a directory.

use std::path::PathBuf;
use std::time::Duration;

use pipit_switchboard::{Config, Strictness};

use crate::agent_account::AgentAccount;

/// The name of the customer in the API's addresses. Oracle calls this name the *site*, but it is not the name of a
/// website.
pub const SITE_NAME: &str = "pipit_demo";

/// The user name for `establishSessions`, `agentTokens` and `serviceSettings`, which require Basic authentication.
pub const BASIC_USER: &str = "demo";

/// The password of [`BASIC_USER`] and of every agent.
pub const BASIC_PASSWORD: &str = "demo";

/// The options with which [`start`](crate::start) runs a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's port; 0 chooses a free port.
    pub site_port: u16,
    /// The API's port; 0 chooses a free port.
    pub api_port: u16,
    /// The directory that the site serves; with `None` only the API runs.
    pub site_dir: Option<PathBuf>,
    /// The Content-Security-Policy of the site's responses; `None` sends no policy.
    /// [`Sandbox::policy_violations`](crate::Sandbox::policy_violations) returns the violations that browsers report.
    pub policy: Option<String>,
    /// Origins whose pages may read the API's answers, in addition to the origins of this machine.
    pub allowed_origins: Vec<String>,
    /// The chat server's settings.
    pub config: Config,
    /// The seed from which session ids are computed; `None` chooses a random seed.
    pub seed: Option<u64>,
    /// The agents who have a name. An account that is not in the list can log on too.
    pub agents: Vec<AgentAccount>,
    /// How exactly requests must follow Oracle's API reference.
    pub strictness: Strictness,
    /// The time within which a client must send the whole header of a request. Otherwise the server ends the connection.
    pub header_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            site_port: 0,
            api_port: 0,
            site_dir: None,
            policy: None,
            allowed_origins: Vec::new(),
            config: Config::default(),
            seed: None,
            agents: AgentAccount::defaults(),
            strictness: Strictness::Strict,
            header_timeout: Duration::from_secs(30),
        }
    }
}
