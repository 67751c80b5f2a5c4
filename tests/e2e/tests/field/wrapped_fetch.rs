//! Case 10: a page that replaces `fetch`.
