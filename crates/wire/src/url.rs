//! Builds the addresses of the API:
//! `/engagement/api/{consumer|agent}/{fqSiteName}/v1/{operation}?pool=`. PAGE 000 to 004.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that are escaped in a path segment: all but RFC 3986's unreserved ones.
const PATH_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The characters that are escaped in a query value. The colon is not, because the pages write that of a
/// pool (`297:1`) unescaped.
const QUERY_VALUE: &AsciiSet = &PATH_SEGMENT.remove(b':');

/// Percent-encodes one segment of a path.
pub fn encode_path_segment(text: &str) -> String {
    utf8_percent_encode(text, PATH_SEGMENT).to_string()
}

/// Percent-encodes the value of a query parameter.
pub fn encode_query_value(text: &str) -> String {
    utf8_percent_encode(text, QUERY_VALUE).to_string()
}

/// Path and query of an operation. `side` is `consumer` or `agent`. Without a pool, which some sites have
/// not configured, the query is left out.
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
