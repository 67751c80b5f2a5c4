//! What can go wrong, told to the person at the keyboard.

use std::{fmt, io, path::Path};

/// What happened and what to do about it, in words.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// A result whose error is a sentence.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// An I/O error, with what was being done to which file.
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("could not {doing} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
