//! Addresses as text: compares origins, and decides which addresses are safe to open.
//!
//! The `url` crate would do the same, at the price of 57 kB of brotli.

/// Whether a host is this machine. Only this machine is reached by plain http; other hosts need https.
pub fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether an address is https, or http on this machine, and contains no character that two parsers
/// could read differently.
pub(crate) fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, _) = split_port(authority);
    let is_unambiguous = !host.is_empty() && !url.contains(['\\', ' ', '\t', '\n', '\r', '@']);
    is_unambiguous && (scheme == "https" || (scheme == "http" && is_local(host)))
}

/// Scheme, host and port in a form that can be compared: in lower case, without the scheme's default
/// port. A port in `authority` counts only when `port` is `None`.
pub(crate) fn origin_of(authority: &str, port: Option<u16>) -> String {
    let (host, own_port) = split_port(authority);
    let host = host.to_ascii_lowercase();
    let (scheme, default_port) = if is_local(&host) {
        ("http", "80")
    } else {
        ("https", "443")
    };
    let given_port = port.map(|port| port.to_string());
    match given_port.as_deref().or(own_port) {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    }
}

/// Host and port of an origin: what follows its scheme.
pub(crate) fn authority_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, rest)| rest)
}

/// Splits an authority into its host and, if it has one, its port.
pub(crate) fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    }
}
