//! A script as it is after reading.

use serde_json::{Map, Value};

use crate::deed::{AgentName, Deed};
use crate::sight::Sight;

/// A conversation that can be played.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// What happens, in one sentence.
    pub title: String,
    /// Settings of the chat server that differ from its defaults, by their names in `docs/sandbox.md`.
    pub settings: Map<String, Value>,
    /// The steps, in their order. There is at least one.
    pub steps: Vec<Step>,
}

impl Script {
    /// The script without what the visitor must or must not see, for a player who cannot see it. The time passes all the same
    /// in which something must not be seen.
    #[must_use]
    pub fn without_sights_of_visitor(mut self) -> Self {
        let mut skipped_ms = 0;
        self.steps.retain_mut(|step| {
            if let Task::Expect(Expectation {
                observer: Observer::Visitor(_),
                must_be_seen,
                limit_ms,
                ..
            }) = &step.task
            {
                let during_ms = if *must_be_seen { 0 } else { *limit_ms };
                skipped_ms += step.after_ms + during_ms;
                false
            } else {
                step.after_ms += std::mem::take(&mut skipped_ms);
                true
            }
        });
        self
    }
}

/// One row of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The number of the line on which the row begins, from 1.
    pub line: usize,
    /// The time between the end of the previous step and this one, in ms.
    pub after_ms: u64,
    /// What the row says.
    pub task: Task,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Somebody does something.
    Do(Deed),
    /// Somebody sees something, or must not see it.
    Expect(Expectation),
}

/// What somebody sees, or must not see.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Who looks.
    pub observer: Observer,
    /// What is seen.
    pub sight: Sight,
    /// Whether it must be seen. If not, it must not be seen.
    pub must_be_seen: bool,
    /// How long to wait for it, or how long it must not be seen, in ms.
    pub limit_ms: u64,
}

/// Who sees something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Observer {
    /// The visitor, in the browser tab with this number, from 1.
    Visitor(usize),
    /// An agent.
    Agent(AgentName),
}

impl std::fmt::Display for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Visitor(1) => f.write_str("the visitor"),
            Self::Visitor(tab) => write!(f, "the visitor in tab {tab}"),
            Self::Agent(AgentName::First) => f.write_str("the agent"),
            Self::Agent(AgentName::Second) => f.write_str("the second agent"),
        }
    }
}
