//! The consumer's operations over HTTP.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::Method;
use axum::response::Response;
use pipit_switchboard::Consumer;
use pipit_wire::consumer::{Method as OperationMethod, Operation};
use pipit_wire::{Refusal, WireObject};

use crate::SITE_NAME;
use crate::answer::{Outcome, not_found, object, respond};
use crate::asked::Asked;
use crate::hall::{Hall, hold};

/// The header with the consumer's session. FOUND.
const SESSION_HEADER: &str = "SessionId";

pub(crate) async fn serve(
    State(hall): State<Arc<Hall>>,
    Path((site, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    respond(answer(&hall, &site, &name, request).await)
}

async fn answer(hall: &Hall, site: &str, name: &str, request: Request) -> Outcome {
    let asked = Asked::read(request).await?;
    let operation = Operation::from_name(name)
        .ok_or_else(|| not_found(&format!("The consumer API has no operation {name:?}.")))?;
    check_site(site)?;
    asked.require(match operation.method() {
        OperationMethod::Get => &Method::GET,
        OperationMethod::Post => &Method::POST,
    })?;
    if let Some(fault) = hall.faults().strike(&format!("consumer/{name}")) {
        return Ok(fault);
    }
    match operation {
        Operation::RequestEngagement => {
            let token = asked.bearer()?;
            let request = asked.object()?;
            let pool = asked.pool();
            Ok(object(&hall.call(|board, now| {
                board.check_pool(pool, now)?;
                let claims = hall.tokens.visitor(token, now)?;
                board.request_engagement(&claims, &request, now)
            })?))
        }
        Operation::GetMessages => {
            let session = asked.required_header(SESSION_HEADER)?;
            let request = asked.object()?;
            let poll = hall.call(|board, now| {
                let consumer = board.consumer(session, now)?;
                consumer.get_messages(&request, asked.pool())
            })?;
            Ok(object(&hold(hall, poll).await))
        }
        Operation::PostMessage => in_session(hall, &asked, |consumer, request| {
            consumer.post_message(&request)
        }),
        Operation::Activity => in_session(hall, &asked, |consumer, request| {
            consumer.activity(&request)
        }),
        Operation::ConcludeEngagement => in_session(hall, &asked, |consumer, request| {
            consumer.conclude_engagement(&request)
        }),
        Operation::GetQueueStats => {
            let request = asked.request_parameter()?;
            Ok(object(&hall.call(|board, now| {
                board.check_pool(asked.pool(), now)?;
                Ok::<_, Refusal>(board.queue_stats(&request))
            })?))
        }
        Operation::GetEngagementQueue => {
            let request = asked.request_parameter()?;
            Ok(object(
                &hall.call(|board, _| board.engagement_queue(&request)),
            ))
        }
    }
}

/// An operation of a consumer with a session.
fn in_session<Q: WireObject, A: WireObject>(
    hall: &Hall,
    asked: &Asked,
    operation: impl FnOnce(Consumer<'_>, Q) -> Result<A, Refusal>,
) -> Outcome {
    let session = asked.required_header(SESSION_HEADER)?;
    let request = asked.object()?;
    Ok(object(&hall.call(|board, now| {
        board.check_pool(asked.pool(), now)?;
        operation(board.consumer(session, now)?, request)
    })?))
}

/// Refuses the addresses of other sites.
pub(crate) fn check_site(site: &str) -> Result<(), Refusal> {
    if site == SITE_NAME {
        return Ok(());
    }
    Err(not_found(&format!(
        "There is no site {site:?} here. The sandbox's is {SITE_NAME}."
    )))
}
