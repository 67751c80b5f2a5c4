//! The error type of the commands: a sentence for the person at the keyboard.

use std::{fmt, io, path::Path};

/// One or more sentences: what happened, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// A result whose error is a sentence.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A failed file operation: `could not {doing} {path}: {error}`.
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("could not {doing} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
