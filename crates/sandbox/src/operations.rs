//! Serves the operations of the chat REST API. This file checks the address and the method in the same way for consumers
//! (visitors' clients) and agents; `consumer.rs` and `agent.rs` then perform the operation.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::Method;
use axum::response::Response;
use pipit_switchboard::Strictness;

use crate::api_request::ApiRequest;
use crate::app_state::AppState;
use crate::response::{ApiResult, Refused, into_response, not_found, refuse, unreadable_address};

/// One side of the API: the consumers' or the agents'. Each side has its own operations.
pub(crate) trait Side {
    /// The side's name in addresses, and in requests that plan faults (`/sandbox/fault`, `/sandbox/network`).
    const NAME: &'static str;

    /// The side's operations: an enum with one variant for each.
    type Operation: Send;

    /// Finds an operation by its name in the address; `None` if the side has no such operation.
    fn operation(name: &str) -> Option<Self::Operation>;

    /// The HTTP method of an operation.
    fn method(operation: &Self::Operation) -> Method;

    /// Whether an operation may also be called with POST if the sandbox is lenient.
    fn is_called_with_post(operation: &Self::Operation) -> bool;

    /// Adds a note to a refusal whose status or code the reference does not list for the operation.
    fn noted(operation: &Self::Operation, refused: Refused) -> Refused;

    /// Performs an operation whose address and method have been checked.
    fn perform(
        operation: Self::Operation,
        app: &AppState,
        request: &ApiRequest,
    ) -> impl Future<Output = ApiResult> + Send;
}

/// Handles a request to `/engagement/api/{side}/{site}/v1/{operation}`. Each side has its own route, so the router
/// passes only the site and the operation. The site is the name that Oracle gives to the customer, by default `pipit_demo`.
pub(crate) async fn serve<S: Side>(
    State(app): State<Arc<AppState>>,
    address: Result<Path<(String, String)>, PathRejection>,
    http_request: Request,
) -> Response {
    let Ok(Path((site, name))) = address else {
        return unreadable_address();
    };
    let path = path_and_query(&http_request);
    let request = match ApiRequest::read(http_request).await {
        Ok(request) => request,
        Err(refusal) => return refuse(refusal),
    };
    let exchange = app.exchanges.begin(
        request.method.as_str(),
        &path,
        &request.body,
        app.clock.now(),
    );
    let result = answer::<S>(&app, &site, &name, &request).await;
    let result = result.map_err(|refused| match S::operation(&name) {
        Some(operation) => S::noted(&operation, refused),
        None => refused,
    });
    exchange.finish(into_response(result)).await
}

/// The path and the query of a request, as its client wrote them.
pub(crate) fn path_and_query(request: &Request) -> String {
    request
        .uri()
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// Checks a request, and performs the operation `name`, unless a test has planned a wrong answer for this call.
async fn answer<S: Side>(
    app: &AppState,
    site: &str,
    name: &str,
    request: &ApiRequest,
) -> ApiResult {
    let operation = S::operation(name)
        .ok_or_else(|| not_found(&format!("The {} API has no operation {name:?}.", S::NAME)))?;
    if site != app.site_name {
        return Err(not_found(&format!(
            "There is no site {site:?} here. The sandbox's site is {}.",
            app.site_name
        ))
        .into());
    }
    let is_lenient_post = app.strictness == Strictness::Lenient
        && request.method == Method::POST
        && S::is_called_with_post(&operation);
    if !is_lenient_post {
        request.require_method(&S::method(&operation))?;
    }
    // A planned wrong answer is sent instead of performing the operation.
    let full_name = format!("{}/{name}", S::NAME);
    if let Some(answer) = app.answer_faults().take_answer(&full_name) {
        return Ok(answer);
    }
    S::perform(operation, app, request).await
}
