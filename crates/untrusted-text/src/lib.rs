//! Makes texts from outside safe to keep and to show. Such a text comes from the chat server, from an agent, from
//! another tab or from the browser's storage. It may be huge, may freeze the browser when it is drawn, or may pretend to
//! be something else.
//!
//! This crate is the one place that says how much of a text is kept:
//!
//! | What | Limit |
//! |---|---|
//! | characters of a text | [`MAX_CHARS`] |
//! | lines of a text | [`MAX_LINES`] |
//! | marks behind a letter | [`MAX_MARKS`] |
//! | characters of a name | [`MAX_NAME_CHARS`] |
//! | characters of a file name | [`MAX_FILE_NAME_CHARS`] |
//! | bytes of an address, or of a value that becomes part of one | [`MAX_ADDRESS_BYTES`] |
//!
//! The engine calls [`bounded`], [`clean_name`] and [`clean_file_name`] for each text when it enters, so that storage,
//! other tabs, page events and views never have a longer one. `pipit-rich-text` applies the limit of marks again after
//! it has decoded HTML entities.
//!
//! The time of every function is proportional to the length of its text, or less: text beyond a limit is not read.

mod bounded;
mod character;
mod cluster;
mod file_name;
mod look_alike;
mod mark;
mod name;
mod shared;

pub use bounded::{MAX_ADDRESS_BYTES, MAX_CHARS, MAX_LINES, bounded, is_too_long};
pub use character::{is_blank, is_invisible, is_removed, may_be_letter};
pub use cluster::{ClusterLimit, MAX_MARKS, joins};
pub use file_name::{MAX_FILE_NAME_CHARS, clean_file_name};
pub use look_alike::looks_like;
pub use name::{MAX_NAME_CHARS, clean_name};
pub use shared::changed_by;
