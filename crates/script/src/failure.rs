//! Why a script could not be played to its end.

/// The step that failed, and what happened instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the step, from 1.
    pub line: usize,
    /// What happened instead: one or more sentences.
    pub text: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

impl std::error::Error for Failure {}
