//! What the page configures.

use crate::survey::SurveyTemplate;

/// What the page configures. The session supplies what is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The site's name in the API's addresses.
    pub site: Option<String>,
    /// The pool of chat servers.
    pub pool: Option<String>,
    /// Scheme, host and port of the chat server, without a slash at the end. Takes precedence over the
    /// session's.
    pub base_url: Option<String>,
    /// Hosts (`host` or `host:port`) to which the server may move the conversation.
    pub allowed_hosts: Vec<String>,
    /// How the address of a survey is made.
    pub survey: SurveyTemplate,
    /// How long the server waits for a visitor who does not poll, in ms. `None` means twice the site
    /// default of 120 s. After that time the conversation counts as lost.
    pub absent_limit_ms: Option<u64>,
}
