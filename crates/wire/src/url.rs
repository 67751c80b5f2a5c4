//! The addresses of the API: `/engagement/api/{consumer|agent}/{fqSiteName}/v1/{operation}?pool=`.
//! PAGE 000 to 004.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a part of a path: RFC 3986's unreserved characters.
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same for a query; the pages write the colon of a pool (`297:1`) unescaped.
const QUERY: &AsciiSet = &PART.remove(b':');

/// Percent-encodes one part of a path.
pub fn encode_part(text: &str) -> String {
    utf8_percent_encode(text, PART).to_string()
}

/// Percent-encodes one value of a query.
pub fn encode_query(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// Path and query of an operation of one side (`consumer` or `agent`). Without a pool, for sites
/// that have none configured, the query is left out.
pub(crate) fn operation_path(
    side: &str,
    site: &str,
    operation: &str,
    pool: Option<&str>,
) -> String {
    let site = encode_part(site);
    let path = format!("/engagement/api/{side}/{site}/v1/{operation}");
    match pool.filter(|pool| !pool.is_empty()) {
        Some(pool) => format!("{path}?pool={}", encode_query(pool)),
        None => path,
    }
}
