//! What a world knows of the script that it plays: the faults that the script has planned, and what its agents have seen.

use pipit_script::{AgentSight, NetworkFault};
use pipit_wire::consumer::Operation;

/// The state of a world that plays a script.
#[derive(Debug, Default)]
pub(crate) struct ScriptState {
    /// The planned faults, in the order of the script.
    faults: Vec<PlannedFault>,
    /// What the agents have seen, by the index of the agent, and has not been reported to the player.
    pub(crate) agent_sights: Vec<(usize, AgentSight)>,
}

/// A fault that strikes the next calls of an operation.
#[derive(Debug)]
struct PlannedFault {
    /// The operation, such as `consumer/postMessage`.
    operation: String,
    fault: ScriptFault,
    /// How many calls it still strikes.
    remaining: u32,
}

/// A fault of a script.
#[derive(Clone, Debug)]
pub(crate) enum ScriptFault {
    /// The server answers with this status, and does not process the request.
    Status(u16),
    /// The server answers a start with this result, and begins no conversation.
    Result(String),
    /// Something happens on the way.
    Network(NetworkFault),
}

impl ScriptState {
    /// Plans a fault.
    pub(crate) fn plan(&mut self, operation: &str, fault: ScriptFault, times: u32) {
        self.faults.push(PlannedFault {
            operation: operation.to_owned(),
            fault,
            remaining: times,
        });
    }

    /// Takes the first planned fault of an operation that fits.
    pub(crate) fn take(
        &mut self,
        operation: Operation,
        fits: impl Fn(&ScriptFault) -> bool,
    ) -> Option<ScriptFault> {
        let mut faults = self.faults.iter_mut();
        let planned = faults.find(|planned| {
            planned.operation.strip_prefix("consumer/") == Some(operation.name())
                && fits(&planned.fault)
        })?;
        let fault = planned.fault.clone();
        planned.remaining = planned.remaining.saturating_sub(1);
        self.faults.retain(|planned| planned.remaining > 0);
        Some(fault)
    }
}
