//! Where the sessions of conversations come from.

use js_sys::Function;

/// Where sessions come from.
#[derive(Clone, Debug)]
pub(crate) enum SessionSource {
    /// The option `getSession`: a function that gives a session, or a promise of one.
    Callback(Function),
    /// The option `sessionEndpoint`: an address of the host's server that answers with a session.
    Endpoint(String),
    /// The option `jwt`: a token that the page already has.
    Token(String),
    /// No option says it.
    None,
}
