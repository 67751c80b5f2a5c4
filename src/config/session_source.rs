//! How the host (the web team's code on the page) provides sessions. A session holds the token (JWT) that the chat
//! server demands.

use js_sys::Function;

/// The way to get a session. The type does not implement `Debug`, because the debug output would contain the token.
#[derive(Clone)]
pub(crate) enum SessionSource {
    /// The option `getSession`: a function that returns a session, or a promise of one.
    Callback(Function),
    /// The option `sessionEndpoint`: an address of the host's server that answers with a session.
    Endpoint(String),
    /// The option `jwt`: a token that the page already has.
    Token(String),
    /// The host has set none of these options, so no conversation can start.
    None,
}
