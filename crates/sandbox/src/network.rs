//! The middleware that applies faults of the network, such as lost answers, to the calls of the API's operations. Tests
//! plan the faults. The faults themselves are in `network_faults.rs`.

use std::future::ready;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app_state::AppState;

/// Applies at most one planned fault to a call. A fault that prevents the server from processing the request must be
/// planned before the request arrives. All other faults are looked up only when the answer is ready. Therefore they also
/// apply to a poll (`getMessages`) that the server was already holding when the test planned the fault.
pub(crate) async fn apply(
    State(app): State<Arc<AppState>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(operation) = operation_name(request.uri().path()) else {
        return next.run(request).await;
    };
    let request_fault = app.network_faults().take_for_request(&operation);
    if let Some(fault) = request_fault {
        return fault.apply_to(&app.clock, next.run(request)).await;
    }
    let answer = next.run(request).await;
    let answer_fault = app.network_faults().take_for_answer(&operation);
    match answer_fault {
        Some(fault) => fault.apply_to(&app.clock, ready(answer)).await,
        None => answer,
    }
}

/// The name `side/name` of the operation at `/engagement/api/{side}/{site}/v1/{name}`. `None` for addresses outside
/// `/engagement/api/`, to which no fault applies.
fn operation_name(path: &str) -> Option<String> {
    let mut parts = path.strip_prefix("/engagement/api/")?.split('/');
    Some(format!("{}/{}", parts.next()?, parts.next_back()?))
}
