//! [`ServiceAddress`]: where the chat server is, and to which site on it the agent belongs. A *site* is one customer's part
//! of the chat server.

/// The address of a chat server, and the site on it. Every address of the agent API is built from these parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAddress {
    /// Scheme, host and port, without a slash at the end: `https://chat.example.com`.
    pub base_url: String,
    /// The site's name in the addresses of the API (`fqSiteName` in Oracle's API reference).
    pub site: String,
    /// The pool (a group of chat servers), such as `297:1`. `None` if the addresses of the site name no pool.
    pub pool: Option<String>,
    /// The hosts to which the server may move the agent, such as `chat2.example.com`, or `127.0.0.1:8462` with a port that is
    /// not the default one. A host that is not listed never receives the session id.
    pub allowed_hosts: Vec<String>,
}

impl ServiceAddress {
    /// Makes the address from the parts that the operation `serviceSettings` returns. `domain` is a host without a scheme.
    /// `None` as `port` means the default port of the scheme. An empty `pool` counts as `None`. The scheme is https, except
    /// for this machine, where the sandbox (the chat server for tests) uses http.
    pub fn new(domain: &str, port: Option<u16>, site: &str, pool: Option<&str>) -> Self {
        let port_suffix = port.map(|port| format!(":{port}")).unwrap_or_default();
        Self {
            base_url: format!("{}://{domain}{port_suffix}", scheme_of(domain)),
            site: site.to_owned(),
            pool: pool.filter(|pool| !pool.is_empty()).map(str::to_owned),
            allowed_hosts: Vec::new(),
        }
    }

    /// Moves to another host if it is allowed, and otherwise changes nothing. `port` is a text with digits, as in the server's
    /// message; without one, the scheme's default port is meant.
    pub(crate) fn move_to(&mut self, domain: &str, port: Option<&str>) {
        let host = match port.filter(|port| !port.is_empty()) {
            Some(port) => format!("{domain}:{port}"),
            None => domain.to_owned(),
        };
        if self.allowed_hosts.contains(&host) {
            self.base_url = format!("{}://{host}", scheme_of(domain));
        }
    }
}

/// The scheme is https, except for this machine.
fn scheme_of(domain: &str) -> &'static str {
    match domain {
        "127.0.0.1" | "localhost" | "[::1]" => "http",
        _ => "https",
    }
}

#[cfg(test)]
mod tests {
    use super::ServiceAddress;

    #[test]
    fn http_is_used_for_this_machine_only() {
        let url = |domain, port| ServiceAddress::new(domain, port, "site", None).base_url;
        assert_eq!(url("127.0.0.1", Some(8461)), "http://127.0.0.1:8461");
        assert_eq!(url("localhost", Some(8461)), "http://localhost:8461");
        assert_eq!(url("chat.example.com", None), "https://chat.example.com");
        assert_eq!(
            url("localhost.example.com", Some(444)),
            "https://localhost.example.com:444"
        );
    }

    #[test]
    fn an_empty_pool_counts_as_none() {
        assert_eq!(
            ServiceAddress::new("a.example", None, "site", Some("")).pool,
            None
        );
    }
}
