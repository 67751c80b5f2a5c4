//! The options of a sandbox, and the names that are the same in every sandbox.

use std::path::PathBuf;

use pipit_switchboard::Config;

/// The site's name in the API's addresses.
pub const SITE_NAME: &str = "pipit_demo";

/// The user for the Basic authentication of `establishSessions`, `agentTokens` and `serviceSettings`.
pub const BASIC_USER: &str = "demo";

/// The password of [`BASIC_USER`].
pub const BASIC_PASSWORD: &str = "demo";

/// How to run a sandbox.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The site's port; 0 takes a free one.
    pub site_port: u16,
    /// The API's port; 0 takes a free one.
    pub api_port: u16,
    /// The directory that the site serves. Without it only the API runs.
    pub site_dir: Option<PathBuf>,
    /// The Content-Security-Policy of the site's files; `None` sends no policy.
    /// [`Sandbox::policy_violations`](crate::Sandbox::policy_violations) returns what browsers report about it.
    pub policy: Option<String>,
    /// Origins whose pages may read the API's answers, in addition to those of this machine.
    pub allowed_origins: Vec<String>,
    /// The chat server's settings.
    pub config: Config,
    /// The seed of the session ids; by default the system's randomness.
    pub seed: Option<u64>,
}
