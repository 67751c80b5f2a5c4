//! The name of a tab among the other tabs of its site.

/// Identifies a tab for as long as its page is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TabId(pub(super) i64);
