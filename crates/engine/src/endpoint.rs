//! The address of the chat server, and the rules by which the server may move a conversation to another
//! host or pool (group of chat servers). The *page* is the web page that contains the widget.
//!
//! The page supplies a *session* with a token, which authorizes the start of a conversation. The *session id*
//! comes from the server with the engagement (a chat at the server), and authorizes every later request.

use pipit_untrusted_text::MAX_ADDRESS_BYTES;
use pipit_wire::Secret;
use pipit_wire::consumer::{ConfigurationChanged, Operation};
use pipit_wire::session::Session;

use crate::address::{authority_of, origin_of, split_port};
use crate::effect::{Authorization, Request, RequestId, Warning};
use crate::options::Options;

/// The chat server's address for one engagement (chat), without authorization.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// Scheme, host and port. A default port may be left out.
    pub(crate) origin: String,
    /// The name of the customer's site, which is a part of every address of the API.
    pub(crate) site: String,
    /// The pool. With `None`, the addresses name no pool.
    pub(crate) pool: Option<String>,
}

/// The chat server's address and the session id of a running engagement. Every request after
/// `requestEngagement` needs both.
#[derive(Clone, Debug)]
pub(crate) struct SessionEndpoint {
    pub(crate) endpoint: Endpoint,
    /// The id from the server's answer to `requestEngagement`. It authorizes every later request.
    pub(crate) session_id: Secret,
}

impl Endpoint {
    /// Takes each part from the page's options or, if an option is `None`, from the session that the page
    /// supplied. Returns `None` if the origin or the site is missing in both.
    pub(crate) fn new(options: &Options, session: &Session) -> Option<Self> {
        let session_origin = session
            .domain
            .as_deref()
            .map(|domain| origin_of(domain, session.port));
        Some(Self {
            origin: options.base_url.clone().or(session_origin)?,
            site: options.site.clone().or_else(|| session.site.clone())?,
            pool: options.pool.clone().or_else(|| session.pool.clone()),
        })
    }

    /// Makes a request to this server.
    pub(crate) fn request(
        &self,
        id: RequestId,
        operation: Operation,
        authorization: Authorization,
        body: String,
    ) -> Request {
        let path = operation.path(&self.site, self.pool.as_deref());
        let url = format!("{}{path}", self.origin);
        Request {
            id,
            operation,
            url,
            authorization,
            body,
        }
    }

    /// Takes over the new pool that the server names (unless the name is much too long), and the new host and port if the page allows them. Without this
    /// check, a message could make the engine send the session id to any host.
    ///
    /// # Errors
    /// The page does not allow the new host and port. Host and port then stay as they are. The new pool counts all the
    /// same, because a pool cannot lead to another host.
    pub(crate) fn migrate(
        &mut self,
        change: &ConfigurationChanged,
        allowed_hosts: &[String],
    ) -> Result<(), Warning> {
        if let Some(pool) = change.new_pool()
            && pool.len() <= MAX_ADDRESS_BYTES
        {
            self.pool = Some(pool.to_owned());
        }
        let current = authority_of(&self.origin);
        let Some(new_origin) = changed_origin(change, current) else {
            return Ok(());
        };
        let mut allowed_origins = allowed_hosts
            .iter()
            .map(|host| origin_of(host.trim(), None));
        if new_origin == origin_of(current, None) {
            Ok(())
        } else if allowed_origins.any(|allowed| allowed == new_origin) {
            self.origin = new_origin;
            Ok(())
        } else {
            let host = authority_of(&new_origin).to_owned();
            Err(Warning::HostNotAllowed { host })
        }
    }
}

/// The origin that a message names; `None` if it names neither a host nor a port. With only a port, the origin has the
/// host of `current_authority`. An empty or much too long host counts as not named, and so does a port outside of 1 to
/// 65,535.
fn changed_origin(change: &ConfigurationChanged, current_authority: &str) -> Option<String> {
    let domain = change
        .domain
        .as_deref()
        .filter(|domain| !split_port(domain).0.is_empty() && domain.len() <= MAX_ADDRESS_BYTES);
    let port = change
        .port
        .and_then(|port| u16::try_from(port).ok())
        .filter(|port| *port != 0);
    match (domain, port) {
        (None, None) => None,
        (Some(domain), port) => Some(origin_of(domain, port)),
        (None, port) => Some(origin_of(split_port(current_authority).0, port)),
    }
}
