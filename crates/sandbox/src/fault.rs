//! Faults on demand: the next calls of an operation fail in a chosen way.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;
use pipit_wire::consumer::{DelayedSurvey, Echo, RequestEngagementResponse, ResultType};
use pipit_wire::{ExceptionCode, Fields, Refusal, SurveyId, WireObject as _, agent, consumer};
use serde::Deserialize;

use crate::answer::{bad_request, json, respond};

/// The body of `POST /sandbox/fault`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct FaultRequest {
    /// An operation's name; with `agent/` before it the agent's, where both sides have one of this
    /// name; `*` for all.
    operation: String,
    /// Answer with this status.
    status: Option<u16>,
    /// Answer `requestEngagement` with 200 and this result.
    result_type: Option<String>,
    /// How often; 0 clears the operation's fault.
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

/// The faults that are still to come, by operation.
#[derive(Debug, Default)]
pub(crate) struct Faults(BTreeMap<String, Fault>);

#[derive(Debug)]
struct Fault {
    kind: Kind,
    times: u32,
}

#[derive(Clone, Debug)]
enum Kind {
    Status(u16),
    Result(ResultType),
}

/// Stands for every operation.
const ALL: &str = "*";

impl Faults {
    pub(crate) fn set(&mut self, request: &FaultRequest) -> Result<(), Refusal> {
        let operation = key(&request.operation)?;
        if request.times == 0 {
            if operation == ALL {
                self.clear();
            }
            self.0.remove(&operation);
            return Ok(());
        }
        let kind = match (request.status, request.result_type.as_deref()) {
            (Some(status @ 400..=599), None) => Kind::Status(status),
            (None, Some(text)) if operation == "consumer/requestEngagement" => {
                Kind::Result(ResultType::from(text))
            }
            _ => {
                return Err(bad_request(
                    "A fault needs either a status from 400 to 599, or, for requestEngagement, a \
                     resultType.",
                ));
            }
        };
        let times = request.times;
        self.0.insert(operation, Fault { kind, times });
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The answer of the fault that this call meets, if any. `operation` is the side and the name.
    pub(crate) fn strike(&mut self, operation: &str) -> Option<Response> {
        let met = [operation, ALL]
            .into_iter()
            .find(|it| self.0.contains_key(*it))?;
        let fault = self.0.get_mut(met)?;
        fault.times -= 1;
        let kind = fault.kind.clone();
        if fault.times == 0 {
            self.0.remove(met);
        }
        Some(match kind {
            Kind::Status(status) => respond(Err(refusal(status))),
            Kind::Result(result) => json(StatusCode::OK, not_started(result).to_json()),
        })
    }
}

/// The operation with its side.
fn key(name: &str) -> Result<String, Refusal> {
    let (side, bare) = name.split_once('/').unwrap_or(("", name));
    let is_consumers = consumer::Operation::from_name(bare).is_some();
    let is_agents = agent::Operation::from_name(bare).is_some();
    match side {
        "" if name == ALL => Ok(ALL.to_owned()),
        "" | "consumer" if is_consumers => Ok(format!("consumer/{bare}")),
        "" | "agent" if is_agents => Ok(format!("agent/{bare}")),
        _ => Err(bad_request(format!("There is no operation {name:?}."))),
    }
}

fn refusal(status: u16) -> Refusal {
    let code = match status {
        403 => ExceptionCode::AccessDenied,
        409 => ExceptionCode::Conflict,
        400..500 => ExceptionCode::BadRequest,
        _ => ExceptionCode::InternalServerError,
    };
    Refusal::new(status, &code, "A fault that was ordered from the sandbox.")
}

/// An engagement that did not begin.
fn not_started(result_type: ResultType) -> RequestEngagementResponse {
    RequestEngagementResponse {
        result_type,
        engagement_id: None,
        session_id: None,
        sneak_preview_state: None,
        sneak_preview_interval: None,
        cancelled_survey_id: SurveyId(0),
        cancelled_survey_auth: String::new(),
        completed_survey_id: SurveyId(0),
        completed_survey_auth: String::new(),
        delayed_survey: DelayedSurvey::default(),
        echo: Echo::default(),
        unknown: Fields::default(),
    }
}
