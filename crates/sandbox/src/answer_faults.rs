//! Wrong answers that tests plan with `POST /sandbox/fault`. The next calls of an operation, of one side of the API (the
//! visitors' or the agents' operations) or of the whole API are answered with an error status. Calls of
//! `requestEngagement` can also be answered with a result that says that no engagement (conversation) has begun.

use std::num::NonZeroU32;

use axum::http::StatusCode;
use axum::response::Response;
use pipit_wire::consumer::{Echo, RequestEngagementResponse, ResultType};
use pipit_wire::{ExceptionCode, Refusal, WireObject as _};
use serde::Deserialize;

use crate::fault_plan::{CallSelector, FaultPlan};
use crate::response::{bad_request, json_text, refuse};

/// The body of `POST /sandbox/fault`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct FaultRequest {
    /// The calls to which the fault applies, such as `consumer/postMessage` or `*`; see [`CallSelector::parse`].
    operation: String,
    /// The error status of the answer, from 400 to 599. A request gives either this or `result_type`, unless `times` is
    /// 0.
    status: Option<u16>,
    /// The `resultType` of an answer to `requestEngagement`, such as `FAIL_OUT_OF_HOURS`. The answer has status 200 and
    /// names no engagement. The text is not checked: a test can plan a result that the API does not know.
    result_type: Option<String>,
    /// The number of calls to which the fault applies, by default 1; 0 cancels the fault.
    #[serde(default = "once")]
    times: u32,
}

/// The default of [`FaultRequest::times`].
fn once() -> u32 {
    1
}

/// The planned wrong answers.
#[derive(Debug, Default)]
pub(crate) struct AnswerFaults(FaultPlan<AnswerFault>);

/// A planned wrong answer.
#[derive(Clone, Debug)]
enum AnswerFault {
    /// An error status, with an error of the API in the body.
    Status(u16),
    /// Status 200, with this result and without an engagement.
    Result(ResultType),
}

impl AnswerFaults {
    /// Plans a fault. If `times` is 0, cancels the fault that was planned for the same `operation`, and for the operation
    /// `*` cancels all faults.
    pub(crate) fn set(&mut self, request: &FaultRequest) -> Result<(), Refusal> {
        let calls = CallSelector::parse(&request.operation)?;
        let Some(times) = NonZeroU32::new(request.times) else {
            self.0.cancel(&calls);
            return Ok(());
        };
        let fault = match (request.status, request.result_type.as_deref()) {
            (Some(status @ 400..=599), None) => AnswerFault::Status(status),
            (None, Some(text)) if calls.is_for("consumer/requestEngagement") => {
                AnswerFault::Result(ResultType::from(text))
            }
            _ => {
                return Err(bad_request(
                    "A fault needs either a status from 400 to 599, or, for requestEngagement, a \
                     resultType.",
                ));
            }
        };
        self.0.set(calls, fault, Some(times));
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.cancel_all();
    }

    /// Returns the wrong answer that is planned for this call, and counts the call; `None` if no wrong answer is
    /// planned. `operation` is `side/name`, for example `consumer/postMessage`.
    pub(crate) fn take_answer(&mut self, operation: &str) -> Option<Response> {
        Some(match self.0.take_next(operation, |_| true)? {
            AnswerFault::Status(status) => refuse(refusal(status)),
            AnswerFault::Result(result) => json_text(
                StatusCode::OK,
                RequestEngagementResponse::not_started(result, Echo::default()).to_json(),
            ),
        })
    }
}

/// A refusal with this status, and with a code of the API that fits the status.
fn refusal(status: u16) -> Refusal {
    let code = match status {
        403 => ExceptionCode::AccessDenied,
        409 => ExceptionCode::Conflict,
        400..500 => ExceptionCode::BadRequest,
        _ => ExceptionCode::InternalServerError,
    };
    Refusal::new(status, &code, "A planned fault of the sandbox.")
}
