//! Brings origins into a form in which they can be compared, and decides which addresses are safe to open. Addresses
//! are handled as plain text, because the `url` crate would add 57 kB (compressed with brotli) to the WASM.
//!
//! An *authority* is a host, or a host and a port: `host` or `host:port`.

use pipit_untrusted_text::MAX_ADDRESS_BYTES;

/// Whether a host, in lower case, is this machine. Only this machine may be reached by http; every other host needs
/// https.
pub fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether an address is safe to open. It must name a host, and use https, or http on this machine. It must not contain
/// a backslash, white space or an `@`, because two parsers could find two different hosts in an address with such a
/// character. It must not be longer than [`MAX_ADDRESS_BYTES`].
pub(crate) fn is_safe(url: &str) -> bool {
    if url.len() > MAX_ADDRESS_BYTES {
        return false;
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, _) = split_port(authority);
    let is_unambiguous = !host.is_empty() && !url.contains(['\\', ' ', '\t', '\n', '\r', '@']);
    is_unambiguous && (scheme == "https" || (scheme == "http" && is_local(host)))
}

/// The origin of an authority in a form that can be compared: in lower case, without the scheme's default
/// port. The scheme is http for this machine, and https for every other host. A port in `authority` counts
/// only if `port` is `None`.
pub(crate) fn origin_of(authority: &str, port: Option<u16>) -> String {
    let (host, authority_port) = split_port(authority);
    let host = host.to_ascii_lowercase();
    let (scheme, default_port) = if is_local(&host) {
        ("http", "80")
    } else {
        ("https", "443")
    };
    let given_port = port.map(|port| port.to_string());
    match given_port.as_deref().or(authority_port) {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    }
}

/// The authority of an origin: the part after the scheme. A text without a scheme is returned as it is.
pub(crate) fn authority_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, rest)| rest)
}

/// Splits an authority into its host and its port. The port is `None` without a colon, and empty if nothing follows the
/// colon.
pub(crate) fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    }
}
