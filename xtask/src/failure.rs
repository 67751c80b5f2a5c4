//! The error type of all commands. An error is only a text for the person who runs the command, because no command
//! handles different errors differently.

use std::{fmt, io, path::Path};

/// A text that says what went wrong and, if that is known, what to do about it. It is printed after `xtask: `.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// The result of an operation that can fail with a [`Failure`].
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The error of a file operation: `could not {operation} {path}: {error}`.
    pub(crate) fn file(operation: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("could not {operation} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
