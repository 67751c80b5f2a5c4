//! [`Player`]: walks through the steps of a script. It has no clock and performs nothing itself.

use std::rc::Rc;

use crate::deed::{AgentDeed, Deed};
use crate::failure::Failure;
use crate::script::{Expectation, Observer, Script, Step, Task};
use crate::sight::{AgentSight, Sight};

/// How long an agent waits for the offer of a conversation, in ms.
const OFFER_LIMIT_MS: u64 = 15_000;

/// The greatest number of sights in the text of a failure. The newest ones are listed.
const MAX_LISTED: usize = 12;

/// Walks through a script. Its owner calls [`next`](Self::next) in a loop, does what is demanded, and reports with
/// [`saw`](Self::saw) what the participants see.
#[derive(Clone, Debug)]
pub struct Player {
    script: Rc<Script>,
    /// The index of the current step.
    index: usize,
    /// When the current step began: when the step before had ended, and `after` had passed. In ms.
    begun_ms: u64,
    /// What the participants have seen and no step has taken, oldest first.
    seen: Vec<(Observer, Sight)>,
}

/// What the owner of a [`Player`] has to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// Do this, let everything happen that needs no time, and call [`Player::next`] again.
    Perform(Deed),
    /// Wait until somebody sees something, or until this time in ms, and call [`Player::next`] again.
    Wait {
        /// The end of the wait, in ms.
        until_ms: u64,
    },
    /// The script has been played to its end, and everything was as expected.
    Done,
    /// Something was not as expected. The script is over.
    Fail(Failure),
}

/// Whether a step has ended.
enum Progress {
    Ended,
    Perform(Deed),
    WaitsUntil(u64),
    Failed(String),
}

impl Player {
    /// Begins a script at this time, in ms. All times of a player are of one clock, which never goes back.
    pub fn new(script: Rc<Script>, now_ms: u64) -> Self {
        let mut player = Self {
            script,
            index: 0,
            begun_ms: 0,
            seen: Vec::new(),
        };
        player.begin_step(now_ms);
        player
    }

    /// Reports that a participant sees something.
    pub fn saw(&mut self, observer: Observer, sight: Sight) {
        self.seen.push((observer, sight));
    }

    /// Forgets what the visitor has seen in a tab, because the tab is closed or loaded again.
    pub fn forget_tab(&mut self, tab: usize) {
        self.seen
            .retain(|(observer, _)| *observer != Observer::Visitor(tab));
    }

    /// What has to be done at this time, in ms.
    pub fn next(&mut self, now_ms: u64) -> Demand {
        loop {
            let script = Rc::clone(&self.script);
            let Some(step) = script.steps.get(self.index) else {
                return Demand::Done;
            };
            if now_ms < self.begun_ms {
                return Demand::Wait {
                    until_ms: self.begun_ms,
                };
            }
            match self.progress(step, now_ms) {
                Progress::Ended => self.end_step(now_ms),
                Progress::Perform(deed) => {
                    self.end_step(now_ms);
                    return Demand::Perform(deed);
                }
                Progress::WaitsUntil(until_ms) => return Demand::Wait { until_ms },
                Progress::Failed(text) => {
                    return Demand::Fail(Failure {
                        line: step.line,
                        text,
                    });
                }
            }
        }
    }

    /// The failure of the deed that was demanded last. `text` is one or more sentences.
    pub fn failure(&self, text: impl Into<String>) -> Failure {
        let performed = self.index.saturating_sub(1);
        Failure {
            line: self.script.steps.get(performed).map_or(1, |step| step.line),
            text: text.into(),
        }
    }

    fn end_step(&mut self, now_ms: u64) {
        self.index += 1;
        self.begin_step(now_ms);
    }

    fn begin_step(&mut self, now_ms: u64) {
        let step = self.script.steps.get(self.index);
        self.begun_ms = now_ms.saturating_add(step.map_or(0, |step| step.after_ms));
    }

    /// How far the current step is.
    fn progress(&mut self, step: &Step, now_ms: u64) -> Progress {
        match &step.task {
            Task::Do(deed) => {
                // An agent can accept or decline only what was offered.
                if let Deed::Agent(agent, AgentDeed::Accept {} | AgentDeed::Decline {}) = deed {
                    let observer = Observer::Agent(*agent);
                    let is_offer =
                        |sight: &Sight| matches!(sight, Sight::Agent(AgentSight::Offer(_)));
                    if !self.take(observer, is_offer) {
                        let limit_ms = self.begun_ms.saturating_add(OFFER_LIMIT_MS);
                        if now_ms < limit_ms {
                            return Progress::WaitsUntil(limit_ms);
                        }
                        let expected = "the offer of a conversation";
                        return Progress::Failed(self.unseen(observer, expected, OFFER_LIMIT_MS));
                    }
                }
                Progress::Perform(deed.clone())
            }
            Task::Expect(expectation) if expectation.must_be_seen => {
                self.look_for(expectation, now_ms)
            }
            Task::Expect(expectation) => self.look_out(expectation, now_ms),
        }
    }

    /// How far a step is whose sight must be seen.
    fn look_for(&mut self, expectation: &Expectation, now_ms: u64) -> Progress {
        let Expectation {
            observer,
            sight,
            limit_ms,
            ..
        } = expectation;
        if self.take(*observer, |it| it == sight) {
            return Progress::Ended;
        }
        let until_ms = self.begun_ms.saturating_add(*limit_ms);
        if now_ms < until_ms {
            return Progress::WaitsUntil(until_ms);
        }
        Progress::Failed(self.unseen(*observer, &sight.to_string(), *limit_ms))
    }

    /// How far a step is whose sight must not be seen.
    fn look_out(&self, expectation: &Expectation, now_ms: u64) -> Progress {
        let Expectation {
            observer,
            sight,
            limit_ms,
            ..
        } = expectation;
        if self
            .seen
            .iter()
            .any(|(by, it)| by == observer && it == sight)
        {
            return Progress::Failed(format!(
                "{} saw {sight}, against the script.",
                begun(*observer)
            ));
        }
        let until_ms = self.begun_ms.saturating_add(*limit_ms);
        if now_ms < until_ms {
            Progress::WaitsUntil(until_ms)
        } else {
            Progress::Ended
        }
    }

    /// Takes the oldest sight of this observer that fits, with the states before it. Returns whether there was one.
    fn take(&mut self, observer: Observer, fits: impl Fn(&Sight) -> bool) -> bool {
        let mut seen = self.seen.iter();
        let Some(index) = seen.position(|(by, sight)| *by == observer && fits(sight)) else {
            return false;
        };
        let (_, taken) = self.seen.remove(index);
        let mut position = 0;
        self.seen.retain(|(by, sight)| {
            let is_earlier = position < index;
            position += 1;
            !(is_earlier && *by == observer && taken.replaces(sight))
        });
        true
    }

    /// Says what was seen in place of what was expected.
    fn unseen(&self, observer: Observer, expected: &str, limit_ms: u64) -> String {
        let seen: Vec<String> = self
            .seen
            .iter()
            .filter(|(by, _)| *by == observer)
            .map(|(_, sight)| sight.to_string())
            .collect();
        let newest = seen.split_at(seen.len().saturating_sub(MAX_LISTED)).1;
        let instead = if newest.is_empty() {
            "Nothing was seen instead.".to_owned()
        } else {
            format!("Seen instead: {}.", newest.join("; "))
        };
        format!(
            "{} did not see {expected} within {limit_ms} ms. {instead}",
            begun(observer)
        )
    }
}

/// The name of an observer at the beginning of a sentence.
fn begun(observer: Observer) -> String {
    let name = observer.to_string();
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
