//! The options of a sandbox, and the names that are the same in every sandbox. A sandbox runs up to two servers: the
//! *API* is the chat server, and the *site*, which is optional, is a website that is served from a directory.

use std::path::PathBuf;
use std::time::Duration;

use pipit_switchboard::{Config, Strictness};

use crate::agent_account::AgentAccount;

/// The default name of the customer in the API's addresses. Oracle calls this name the *site*, but it is not the name of a
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
    /// The name of the customer in the API's addresses, by default [`SITE_NAME`].
    pub site_name: String,
    /// How many times faster than the system's clock the sandbox's clock runs. Time-outs and polls then end earlier.
    pub speed: u32,
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
            site_name: SITE_NAME.to_owned(),
            speed: 1,
            strictness: Strictness::Strict,
            header_timeout: Duration::from_secs(30),
        }
    }
}

impl Options {
    /// The site's port of the program `pipit-sandbox` without the option `--port`.
    pub const DEFAULT_PORT: u16 = 8460;

    /// The API's port for this port of the site, if no option names the API's port: the next one. A free port (0) for a
    /// free port.
    ///
    /// # Errors
    /// A text without a full stop, if there is no next port.
    pub fn port_after(site_port: u16) -> Result<u16, String> {
        match site_port {
            0 => Ok(0),
            port => port.checked_add(1).ok_or_else(|| {
                "the API's port would be the one after 65535, which does not exist".to_owned()
            }),
        }
    }

    /// Checks the options that are not settings of the chat server.
    ///
    /// # Errors
    /// A sentence that begins with the option's name in the config file and says what is allowed.
    pub fn check(&self) -> Result<(), String> {
        if !(1..=1_000).contains(&self.speed) {
            return Err(format!(
                "speed must be from 1 to 1000, but is {}.",
                self.speed
            ));
        }
        if self.header_timeout.is_zero() {
            return Err("header_timeout_ms must be at least 1.".to_owned());
        }
        let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
        if self.site_name.is_empty() || !self.site_name.chars().all(is_allowed) {
            return Err(format!(
                "site_name must consist of ASCII letters, digits, _, - and ., but is {:?}.",
                self.site_name
            ));
        }
        Ok(())
    }
}
