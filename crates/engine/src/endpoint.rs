//! Where the chat server is, and where it may move to.

use pipit_wire::Secret;
use pipit_wire::consumer::{ConfigurationChanged, Operation};
use pipit_wire::session::Session;

use crate::{Authorization, Options, Request, RequestId, Warning};

/// The chat server's address for one engagement.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) origin: String,
    pub(crate) site: String,
    pub(crate) pool: Option<String>,
}

impl Endpoint {
    /// From what the page configures and, where it leaves something open, the session tells.
    pub(crate) fn new(options: &Options, session: &Session) -> Option<Self> {
        let told = session
            .domain
            .as_deref()
            .map(|domain| origin(domain, session.port));
        Some(Self {
            origin: options.base_url.clone().or(told)?,
            site: options.site.clone().or_else(|| session.site.clone())?,
            pool: options.pool.clone().or_else(|| session.pool.clone()),
        })
    }

    /// A request of this engagement.
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

    /// A request in an existing session.
    pub(crate) fn session_request(
        &self,
        id: RequestId,
        operation: Operation,
        session: &Secret,
        body: String,
    ) -> Request {
        self.request(id, operation, Authorization::Session(session.clone()), body)
    }

    /// Follows the server to another pool, and to another host only when the page allows it: else
    /// a message could lead the session id away.
    pub(crate) fn migrate(
        &mut self,
        change: &ConfigurationChanged,
        allowed_hosts: &[String],
    ) -> Result<(), Warning> {
        if let Some(pool) = change.new_pool() {
            self.pool = Some(pool.to_owned());
        }
        let domain = change.domain.as_deref();
        let domain = domain.filter(|domain| !split_port(domain).0.is_empty());
        let port = change.port.and_then(|port| u16::try_from(port).ok());
        let port = port.filter(|port| *port != 0);
        let here = authority(&self.origin);
        let moved = match (domain, port) {
            (None, None) => return Ok(()),
            (Some(domain), port) => origin(domain, port),
            (None, port) => origin(split_port(here).0, port),
        };
        let mut allowed = allowed_hosts.iter().map(|host| host.trim());
        if moved == origin(here, None) {
            Ok(())
        } else if allowed.any(|host| origin(host, None) == moved) {
            self.origin = moved;
            Ok(())
        } else {
            let host = authority(&moved).to_owned();
            Err(Warning::HostNotAllowed { host })
        }
    }
}

/// Whether a host is this machine, the only place where plain http is used.
pub fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Scheme, host and port in one form, so that two of them can be compared: in small letters,
/// without the port that the scheme means anyway.
fn origin(domain: &str, port: Option<u16>) -> String {
    let (host, own_port) = split_port(domain);
    let host = host.to_ascii_lowercase();
    let (scheme, usual_port) = if is_local(&host) {
        ("http", "80")
    } else {
        ("https", "443")
    };
    let port = port.map(|port| port.to_string());
    match port.as_deref().or(own_port) {
        Some(port) if port != usual_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    }
}

/// Host and port of an origin.
fn authority(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, rest)| rest)
}

/// Host and port of what stands between the scheme and the path.
pub(crate) fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    }
}
