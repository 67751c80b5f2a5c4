//! [`Statement`]: one thing that the reference says, and [`Report`]: what became of each of them.

use std::collections::BTreeMap;

/// One thing that the reference says about the server, and that a client can observe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The page and a number, such as `003.8`. The pages are 000 to 004; `F` stands for the family of related operations.
    pub id: &'static str,
    /// What the reference says.
    pub text: &'static str,
    /// What the answer must be.
    pub expected: &'static str,
}

impl Statement {
    /// The page, such as `003`, or `F`.
    pub fn page(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }
}

/// Short for a statement.
pub(crate) const fn statement(
    id: &'static str,
    text: &'static str,
    expected: &'static str,
) -> Statement {
    Statement { id, text, expected }
}

/// What was seen of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server does what the statement says. The text is what was seen.
    Passed(String),
    /// It does something else. The text is what was seen.
    Failed(String),
    /// The statement was not tried. The text says why.
    NotTried(String),
}

impl Outcome {
    /// What was seen, or why nothing was.
    pub fn seen(&self) -> &str {
        match self {
            Self::Passed(seen) | Self::Failed(seen) | Self::NotTried(seen) => seen,
        }
    }
}

/// The outcome of each statement.
#[derive(Clone, Debug, Default)]
pub struct Report {
    outcomes: BTreeMap<&'static str, Outcome>,
    /// What was left behind at the server because ending it failed. Empty if all is clean.
    pub left_behind: Vec<String>,
}

impl Report {
    /// Records what was seen. If a statement is recorded more than once, the first failure stays.
    pub(crate) fn record(&mut self, id: &'static str, result: Result<String, String>) {
        let outcome = match result {
            Ok(seen) => Outcome::Passed(seen),
            Err(seen) => Outcome::Failed(seen),
        };
        let has_failed = matches!(self.outcomes.get(id), Some(Outcome::Failed(_)));
        if !has_failed {
            self.outcomes.insert(id, outcome);
        }
    }

    /// Records why statements were not tried.
    pub(crate) fn skip(&mut self, id: &'static str, reason: &str) {
        let not_tried = || Outcome::NotTried(reason.to_owned());
        self.outcomes.entry(id).or_insert_with(not_tried);
    }

    /// The outcome of a statement.
    pub fn outcome(&self, id: &str) -> Outcome {
        let not_reached = || Outcome::NotTried("an earlier step failed".to_owned());
        self.outcomes.get(id).cloned().unwrap_or_else(not_reached)
    }

    /// The ids of the statements that failed.
    pub fn failed(&self) -> Vec<&'static str> {
        let outcomes = self.outcomes.iter();
        outcomes
            .filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
            .map(|(id, _)| *id)
            .collect()
    }
}
