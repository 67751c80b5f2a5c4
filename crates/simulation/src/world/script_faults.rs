//! Carries out the faults that a script has planned. In a random world there are none, and each function lets everything
//! pass.

use pipit_engine::Outcome;
use pipit_script::{Direction, NetworkFault, SubstituteBody};
use pipit_wire::WireObject as _;
use pipit_wire::consumer::{Echo, Operation, RequestEngagementResponse, ResultType};

use super::World;
use super::at_server::{answer, refusal};
use crate::script_state::ScriptFault;

impl World {
    /// The fault that keeps a request from the server. `None` if the request reaches the server. The inner value is the
    /// outcome of the request; `None` if the request is never answered.
    #[allow(
        clippy::option_option,
        reason = "the outer one is the fault, the inner one the outcome"
    )]
    pub(super) fn scripted_break_of_request(
        &mut self,
        operation: Operation,
    ) -> Option<Option<Outcome>> {
        let is_before =
            |fault: &ScriptFault| matches!(fault, ScriptFault::Network(it) if !it.lets_process());
        let fault = self.script.as_mut()?.take(operation, is_before)?;
        let ScriptFault::Network(fault) = fault else {
            return None;
        };
        Some(match fault {
            NetworkFault::Refuse {
                status,
                retry_after,
            } => {
                let pause_ms = retry_after.map(|seconds| u64::from(seconds) * 1_000);
                Some(answer(status, pause_ms, "A planned fault.".to_owned()))
            }
            NetworkFault::SomebodyElse { sends, .. } => Some(substitute(sends)),
            NetworkFault::BlackHole(_) => None,
            _ => Some(Outcome::Lost),
        })
    }

    /// The answer with which the server lets a request fail, without processing it. `None` if the script has planned none.
    pub(super) fn scripted_failure(&mut self, operation: Operation) -> Option<Outcome> {
        let is_failure = |fault: &ScriptFault| !matches!(fault, ScriptFault::Network(_));
        match self.script.as_mut()?.take(operation, is_failure)? {
            ScriptFault::Status(status) => Some(answer(status, None, refusal(status).body())),
            ScriptFault::Result(text) => {
                let result = ResultType::from(text.as_str());
                let body = RequestEngagementResponse::not_started(result, Echo::default());
                Some(answer(200, None, body.to_json()))
            }
            ScriptFault::Network(_) => None,
        }
    }

    /// What becomes of an answer on its way, and by how many ms it is late. `None` if it does not arrive and nobody notices.
    pub(super) fn scripted_break_of_answer(
        &mut self,
        operation: Operation,
        outcome: Outcome,
    ) -> Option<(u64, Outcome)> {
        let is_after =
            |fault: &ScriptFault| matches!(fault, ScriptFault::Network(it) if it.lets_process());
        let script = self.script.as_mut();
        let fault = script.and_then(|script| script.take(operation, is_after));
        let Some(ScriptFault::Network(fault)) = fault else {
            return Some((0, outcome));
        };
        match (fault, outcome) {
            (NetworkFault::DelayMs(delay_ms), outcome) => Some((delay_ms, outcome)),
            (NetworkFault::BlackHole(Direction::Out), _) => None,
            (NetworkFault::SomebodyElse { sends, .. }, _) => Some((0, substitute(sends))),
            (NetworkFault::Cut, Outcome::Answered { status, body, .. }) => {
                let half = body.chars().take(body.chars().count() / 2).collect();
                Some((0, answer(status, None, half)))
            }
            _ => Some((0, Outcome::Lost)),
        }
    }
}

/// What somebody else sends in the server's place.
fn substitute(sends: SubstituteBody) -> Outcome {
    let (status, body) = match sends {
        SubstituteBody::Html => (200, "<!doctype html><title>Sign in</title>"),
        SubstituteBody::Json => (200, r#"{"ok":true}"#),
        SubstituteBody::Text => (200, "offline"),
        SubstituteBody::Empty => (200, ""),
        SubstituteBody::NoContent => (204, ""),
    };
    answer(status, None, body.to_owned())
}
