//! The options of the engine, which the page (the web page that contains the widget) configures.

use crate::survey::SurveyTemplate;

/// What the page configures. If `site`, `pool` or `base_url` is `None`, the engine uses the value in the
/// session that the page supplies when a conversation starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The name of the customer's site in Oracle B2C Service. It is a part of every address of the API.
    pub site: Option<String>,
    /// The pool (group of chat servers). If the session does not name one either, addresses contain no pool.
    pub pool: Option<String>,
    /// Scheme, host and port of the chat server, without a slash at the end. This address takes
    /// precedence over the host in the session.
    pub base_url: Option<String>,
    /// Hosts (`host` or `host:port`) to which the server may move the conversation. If the list is empty, the
    /// conversation stays on its host and port.
    pub allowed_hosts: Vec<String>,
    /// The template for the address of a survey. It also has the address of the site from which files are downloaded.
    pub survey: SurveyTemplate,
    /// The engine treats the conversation as lost if no poll (request for messages) has succeeded for this time,
    /// in ms, and at least three polls in a row have failed. By then, the server has ended the chat: it ends a
    /// chat whose visitor has not polled for some time, by default 120 s. `None` means 240 s.
    pub absent_limit_ms: Option<u64>,
    /// How long an ended conversation is still shown and stored, in ms, unless its tab is closed before. With 0, the
    /// conversation is dropped right after its end was shown.
    pub keep_ended_ms: i64,
}

/// How long an ended conversation is kept if the page does not say so, in ms.
const KEEP_ENDED_MS: i64 = 30 * 60_000;

impl Default for Options {
    fn default() -> Self {
        Self {
            site: None,
            pool: None,
            base_url: None,
            allowed_hosts: Vec::new(),
            survey: SurveyTemplate::default(),
            absent_limit_ms: None,
            keep_ended_ms: KEEP_ENDED_MS,
        }
    }
}
