//! Stores the faults that tests plan for the next calls of the API. There are two kinds of faults: wrong answers
//! of the server (`answer_faults.rs`) and faults of the network (`network_faults.rs`). The API has two sides,
//! `consumer` and `agent`; an operation is named `side/name`, for example `consumer/postMessage`.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use pipit_wire::{Refusal, agent, consumer};

use crate::response::bad_request;

/// The selector that matches every call.
const ALL: &str = "*";

/// The selectors that match every call of one side.
const ALL_OF_ONE_SIDE: [&str; 2] = ["consumer/*", "agent/*"];

/// The calls that a fault applies to: the calls of one operation (`consumer/postMessage`), the calls of one side, or all
/// calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CallSelector(String);

impl CallSelector {
    /// Parses a selector: `postMessage` or `consumer/postMessage` for one operation, `consumer/*` or `agent/*` for all
    /// operations of a side, `*` for all. A name without a side means the consumer's operation if both sides have an
    /// operation of that name. An unknown name is refused.
    pub(crate) fn parse(name: &str) -> Result<Self, Refusal> {
        if name == ALL || ALL_OF_ONE_SIDE.contains(&name) {
            return Ok(Self(name.to_owned()));
        }
        let (side, bare_name) = name.split_once('/').unwrap_or(("", name));
        let is_consumer_operation = consumer::Operation::from_name(bare_name).is_some();
        let is_agent_operation = agent::Operation::from_name(bare_name).is_some();
        match side {
            "" | "consumer" if is_consumer_operation => Ok(Self(format!("consumer/{bare_name}"))),
            "" | "agent" if is_agent_operation => Ok(Self(format!("agent/{bare_name}"))),
            _ => Err(bad_request(format!("There is no operation {name:?}."))),
        }
    }

    /// Whether the selector is for this operation alone, given as `side/name`.
    pub(crate) fn is_for(&self, operation: &str) -> bool {
        self.0 == operation
    }

    /// The selectors that match a call of `operation`, given as `side/name`; the most exact one first.
    fn matching(operation: &str) -> [Self; 3] {
        let side = operation.split('/').next().unwrap_or_default();
        [
            operation.to_owned(),
            format!("{side}/{ALL}"),
            ALL.to_owned(),
        ]
        .map(Self)
    }
}

/// The planned faults of one kind, `T`: at most one for each selector.
#[derive(Debug)]
pub(crate) struct FaultPlan<T>(BTreeMap<CallSelector, PlannedFault<T>>);

#[derive(Debug)]
struct PlannedFault<T> {
    fault: T,
    /// The number of calls to which the fault still applies; `None` if it applies to all calls until it is cancelled.
    remaining: Option<NonZeroU32>,
}

impl<T> Default for FaultPlan<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Clone> FaultPlan<T> {
    /// Plans a fault for this number of calls; `None` means all calls until the fault is cancelled. The fault replaces an
    /// earlier one with the same selector.
    pub(crate) fn set(&mut self, calls: CallSelector, fault: T, times: Option<NonZeroU32>) {
        let remaining = times;
        self.0.insert(calls, PlannedFault { fault, remaining });
    }

    /// Cancels the fault with exactly this selector. Only the selector `*` also cancels all other faults.
    pub(crate) fn cancel(&mut self, calls: &CallSelector) {
        if calls.is_for(ALL) {
            self.cancel_all();
        }
        self.0.remove(calls);
    }

    pub(crate) fn cancel_all(&mut self) {
        self.0.clear();
    }

    /// Returns the planned fault for a call of `operation`, and counts the call for that fault. Only faults that meet
    /// `condition` are considered. If several of them match the call, the fault with the most exact selector is returned;
    /// if none matches, the result is `None`.
    pub(crate) fn take_next(
        &mut self,
        operation: &str,
        condition: impl Fn(&T) -> bool,
    ) -> Option<T> {
        let calls = CallSelector::matching(operation)
            .into_iter()
            .find(|calls| {
                self.0
                    .get(calls)
                    .is_some_and(|planned| condition(&planned.fault))
            })?;
        let planned = self.0.get_mut(&calls)?;
        let fault = planned.fault.clone();
        if let Some(remaining) = planned.remaining {
            planned.remaining = NonZeroU32::new(remaining.get() - 1);
            if planned.remaining.is_none() {
                self.0.remove(&calls);
            }
        }
        Some(fault)
    }
}
