//! Where the chat server is, and where it may move to.

use pipit_wire::Secret;
use pipit_wire::consumer::{ConfigurationChanged, Operation};
use pipit_wire::session::Session;

use crate::{Authorization, Options, Request, RequestId, Warning};

/// The chat server's address for one engagement.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    origin: String,
    site: String,
    pool: Option<String>,
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
        let port = change.port.and_then(|port| u16::try_from(port).ok());
        let domain = change.domain.as_deref().filter(|domain| !domain.is_empty());
        if domain.is_none() && port.is_none() {
            return Ok(());
        }
        let domain = domain.unwrap_or_else(|| host(&self.origin).0);
        let moved = origin(domain, port);
        if moved == self.origin || is_allowed(&moved, allowed_hosts) {
            self.origin = moved;
            return Ok(());
        }
        let (_, host_and_port) = moved.split_once("://").unwrap_or(("", &moved));
        Err(Warning::HostNotAllowed {
            host: host_and_port.to_owned(),
        })
    }
}

/// Whether a host is this machine, the only place where plain http is used.
pub fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn origin(domain: &str, port: Option<u16>) -> String {
    let (host_only, _) = split_port(domain);
    let scheme = if is_local(host_only) { "http" } else { "https" };
    match port.filter(|port| !matches!((scheme, port), ("https", 443) | ("http", 80))) {
        Some(port) => format!("{scheme}://{host_only}:{port}"),
        None => format!("{scheme}://{domain}"),
    }
}

/// Host and port of an origin.
fn host(origin: &str) -> (&str, Option<&str>) {
    let (_, authority) = origin.split_once("://").unwrap_or(("", origin));
    split_port(authority)
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    }
}

/// `host` allows the default port, `host:port` that port.
fn is_allowed(origin: &str, allowed_hosts: &[String]) -> bool {
    let moved = host(origin);
    let is_plain = moved.0.bytes().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'[' | b']' | b':')
    });
    is_plain
        && allowed_hosts.iter().any(|allowed| {
            let (host, port) = split_port(allowed.trim());
            host.eq_ignore_ascii_case(moved.0) && port == moved.1
        })
}
