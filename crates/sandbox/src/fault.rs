//! Faults on demand: the next calls of an operation fail in a chosen way.

use std::num::NonZeroU32;

use axum::http::StatusCode;
use axum::response::Response;
use pipit_wire::consumer::{DelayedSurvey, Echo, RequestEngagementResponse, ResultType};
use pipit_wire::{ExceptionCode, Fields, Refusal, SurveyId, WireObject as _};
use serde::Deserialize;

use crate::answer::{bad_request, json, respond};
use crate::orders::{Calls, Orders};

/// The body of `POST /sandbox/fault`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct FaultRequest {
    /// See [`Calls::named`].
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

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults(Orders<Kind>);

#[derive(Clone, Debug)]
enum Kind {
    Status(u16),
    Result(ResultType),
}

impl Faults {
    pub(crate) fn set(&mut self, request: &FaultRequest) -> Result<(), Refusal> {
        let calls = Calls::named(&request.operation)?;
        let Some(times) = NonZeroU32::new(request.times) else {
            self.0.cancel(&calls);
            return Ok(());
        };
        let kind = match (request.status, request.result_type.as_deref()) {
            (Some(status @ 400..=599), None) => Kind::Status(status),
            (None, Some(text)) if calls.are_of("consumer/requestEngagement") => {
                Kind::Result(ResultType::from(text))
            }
            _ => {
                return Err(bad_request(
                    "A fault needs either a status from 400 to 599, or, for requestEngagement, a \
                     resultType.",
                ));
            }
        };
        self.0.place(calls, kind, Some(times));
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.cancel_all();
    }

    /// The answer of the fault that this call meets, if any. `operation` is the side and the name.
    pub(crate) fn strike(&mut self, operation: &str) -> Option<Response> {
        Some(match self.0.next(operation, |_| true)? {
            Kind::Status(status) => respond(Err(refusal(status))),
            Kind::Result(result) => json(StatusCode::OK, not_started(result).to_json()),
        })
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
