//! What the page configures.

use crate::SurveyTemplate;

/// What the page configures. Whatever is `None` is taken from the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The site's name in the API's addresses.
    pub site: Option<String>,
    /// The pool.
    pub pool: Option<String>,
    /// Scheme, host and port of the chat server, without a slash at the end. Wins over the
    /// session's.
    pub base_url: Option<String>,
    /// Hosts (`host` or `host:port`) to which the server may move the conversation.
    pub allowed_hosts: Vec<String>,
    /// How the address of a survey is made.
    pub survey: SurveyTemplate,
    /// How long the server waits for a visitor who does not poll, in ms; `None` for the site
    /// default of two times 120 s. Past it the visitor is told of the disconnection.
    pub absent_limit_ms: Option<u64>,
}
