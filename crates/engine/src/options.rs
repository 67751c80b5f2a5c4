//! The options of the engine, which the page configures.

use crate::survey::SurveyTemplate;

/// What the page configures. If `site`, `pool` or `base_url` is `None`, the session that the page supplies
/// has to contain it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The site's name in the API's addresses.
    pub site: Option<String>,
    /// The pool of chat servers. It may also be missing in the session.
    pub pool: Option<String>,
    /// Scheme, host and port of the chat server, without a slash at the end. It takes precedence over the
    /// host in the session.
    pub base_url: Option<String>,
    /// Hosts (`host` or `host:port`) to which the server may move the conversation.
    pub allowed_hosts: Vec<String>,
    /// The template for the address of a survey.
    pub survey: SurveyTemplate,
    /// The server ends a chat if the visitor cannot be reached for this long, in ms. After this time without
    /// a successful poll the engine treats the conversation as lost. `None` means 240 s, twice the site
    /// default.
    pub absent_limit_ms: Option<u64>,
}
