//! Where the chat server is.

/// A chat server and a site on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Scheme, host and port, without a slash at its end: `https://chat.example.com`.
    pub base_url: String,
    /// The site's name in the addresses (`fqSiteName`).
    pub site: String,
    /// The pool, such as `297:1`; a site may have none.
    pub pool: Option<String>,
}

impl Service {
    /// The server that `serviceSettings` names: a host without a scheme, and a port only where it
    /// is not the default one. https, but plain http on this machine, where the sandbox is.
    pub fn at(domain: &str, port: Option<u16>, site: &str, pool: Option<&str>) -> Self {
        let scheme = match domain {
            "127.0.0.1" | "localhost" | "[::1]" => "http",
            _ => "https",
        };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Self {
            base_url: format!("{scheme}://{domain}{port}"),
            site: site.to_owned(),
            pool: pool.filter(|pool| !pool.is_empty()).map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Service;

    #[test]
    fn only_this_machine_is_spoken_to_in_plain_http() {
        let url = |domain, port| Service::at(domain, port, "site", None).base_url;
        assert_eq!(url("127.0.0.1", Some(8461)), "http://127.0.0.1:8461");
        assert_eq!(url("localhost", Some(8461)), "http://localhost:8461");
        assert_eq!(url("chat.example.com", None), "https://chat.example.com");
        assert_eq!(
            url("localhost.example.com", Some(444)),
            "https://localhost.example.com:444"
        );
    }

    #[test]
    fn an_empty_pool_is_no_pool() {
        assert_eq!(Service::at("a.example", None, "site", Some("")).pool, None);
    }
}
