//! Builds the path and the query of the API's addresses:
//! `/engagement/api/{consumer|agent}/{fqSiteName}/v1/{operation}?pool=`. All five pages of Oracle's API reference that
//! this crate uses document this form. `consumer` stands for the visitor's side, and `fqSiteName` for the name of the
//! customer's site at Oracle. A *pool* is a group of chat servers.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that are escaped in a path segment: all except those that RFC 3986 calls unreserved.
const PATH_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The characters that are escaped in a query value. The colon is not escaped, because Oracle's API reference does not
/// escape the colon of a pool (`297:1`).
const QUERY_VALUE: &AsciiSet = &PATH_SEGMENT.remove(b':');

/// Percent-encodes one segment of a path.
pub fn encode_path_segment(text: &str) -> String {
    utf8_percent_encode(text, PATH_SEGMENT).to_string()
}

/// Percent-encodes the value of a query parameter.
pub fn encode_query_value(text: &str) -> String {
    utf8_percent_encode(text, QUERY_VALUE).to_string()
}

/// The path and the query of an operation. `side` is `consumer` or `agent`. Some sites have no pool: if `pool` is
/// `None` or empty, the result has no query.
pub(crate) fn operation_path(
    side: &str,
    site: &str,
    operation: &str,
    pool: Option<&str>,
) -> String {
    let encoded_site = encode_path_segment(site);
    let path = format!("/engagement/api/{side}/{encoded_site}/v1/{operation}");
    match pool.filter(|pool| !pool.is_empty()) {
        Some(pool) => format!("{path}?pool={}", encode_query_value(pool)),
        None => path,
    }
}

/// Appends the query parameter `request`, with this JSON text as its value, to a path that may have a query already.
pub(crate) fn with_request(path: &str, json: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}request={}", encode_query_value(json))
}
