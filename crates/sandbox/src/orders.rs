//! What was ordered for calls to come: of which operation, and how often.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use pipit_wire::{Refusal, agent, consumer};

use crate::answer::bad_request;

/// Which calls an order is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Calls(String);

/// Every call.
const ALL: &str = "*";

/// Every call of a side.
const SIDES: [&str; 2] = ["consumer/*", "agent/*"];

impl Calls {
    /// The calls of an operation's name; with `agent/` before it the agent's, where both sides have
    /// one of this name; `consumer/*` and `agent/*` for all of a side; `*` for all.
    pub(crate) fn named(name: &str) -> Result<Self, Refusal> {
        if name == ALL || SIDES.contains(&name) {
            return Ok(Self(name.to_owned()));
        }
        let (side, bare) = name.split_once('/').unwrap_or(("", name));
        let is_consumers = consumer::Operation::from_name(bare).is_some();
        let is_agents = agent::Operation::from_name(bare).is_some();
        match side {
            "" | "consumer" if is_consumers => Ok(Self(format!("consumer/{bare}"))),
            "" | "agent" if is_agents => Ok(Self(format!("agent/{bare}"))),
            _ => Err(bad_request(format!("There is no operation {name:?}."))),
        }
    }

    /// Whether these are the calls of one operation, named with its side.
    pub(crate) fn are_of(&self, operation: &str) -> bool {
        self.0 == operation
    }

    /// Those that a call belongs to, the most exact first. `operation` is the side and the name.
    fn with(operation: &str) -> [Self; 3] {
        let side = operation.split('/').next().unwrap_or_default();
        [
            operation.to_owned(),
            format!("{side}/{ALL}"),
            ALL.to_owned(),
        ]
        .map(Self)
    }
}

/// The orders that stand, one for the same calls.
#[derive(Debug)]
pub(crate) struct Orders<T>(BTreeMap<Calls, Order<T>>);

#[derive(Debug)]
struct Order<T> {
    what: T,
    /// How often it is still carried out; `None` until it is cancelled.
    left: Option<NonZeroU32>,
}

impl<T> Default for Orders<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Clone> Orders<T> {
    /// Orders something, so often or until it is cancelled, in place of what stood.
    pub(crate) fn place(&mut self, calls: Calls, what: T, times: Option<NonZeroU32>) {
        self.0.insert(calls, Order { what, left: times });
    }

    /// Takes back what stands for these calls; for all calls, everything.
    pub(crate) fn cancel(&mut self, calls: &Calls) {
        if calls.are_of(ALL) {
            self.cancel_all();
        }
        self.0.remove(calls);
    }

    pub(crate) fn cancel_all(&mut self) {
        self.0.clear();
    }

    /// What is ordered for this call and fits it, counted as carried out. `operation` is the side
    /// and the name.
    pub(crate) fn next(&mut self, operation: &str, fits: impl Fn(&T) -> bool) -> Option<T> {
        let mut meant = Calls::with(operation).into_iter();
        let calls = meant.find(|calls| self.0.get(calls).is_some_and(|it| fits(&it.what)))?;
        let order = self.0.get_mut(&calls)?;
        let what = order.what.clone();
        if let Some(left) = order.left {
            order.left = NonZeroU32::new(left.get() - 1);
            if order.left.is_none() {
                self.0.remove(&calls);
            }
        }
        Some(what)
    }
}
