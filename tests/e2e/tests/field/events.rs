//! Cases 2, 7, 11 and 14: events, the focus and selected text.
