//! [`ServerAddress`]: where clients reach the chat server.

/// The address of the chat server, as the sandbox's answers give it to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerAddress {
    pub(crate) domain: String,
    /// The port; `None` for the default port.
    pub(crate) port: Option<u16>,
}
