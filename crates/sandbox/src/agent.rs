//! The agent's operations over HTTP.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::Method;
use axum::response::Response;
use pipit_switchboard::Agent;
use pipit_wire::agent::{ACCOUNT_HEADER, Operation, SESSION_HEADER};
use pipit_wire::{AccountId, ExceptionCode, Refusal, WireObject};

use crate::answer::{Outcome, not_found, object, respond};
use crate::asked::Asked;
use crate::consumer::check_site;
use crate::hall::{Hall, hold};

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
        .ok_or_else(|| not_found(&format!("The agent API has no operation {name:?}.")))?;
    check_site(site)?;
    asked.require(&Method::POST)?;
    if let Some(fault) = hall.faults().strike(&format!("agent/{name}")) {
        return Ok(fault);
    }
    match operation {
        Operation::CreateAutomatedAgentSession => {
            let token = asked.bearer()?;
            let request = asked.object()?;
            Ok(object(&hall.call(|board, now| {
                board.check_pool(asked.pool(), now)?;
                let claims = hall.tokens.agent(token, now)?;
                board.create_agent_session(&claims, &request, now)
            })?))
        }
        Operation::GetMessages => {
            let (session, account) = credentials(&asked)?;
            let request = asked.object()?;
            let poll = hall.call(|board, now| {
                let agent = board.agent(session, account, now)?;
                agent.get_messages(&request, asked.pool())
            })?;
            Ok(object(&hold(hall, poll).await))
        }
        Operation::SetActivityStatus => in_session(hall, &asked, |agent, request| {
            agent.set_activity_status(&request)
        }),
        Operation::RequestAssignment => in_session(hall, &asked, |agent, request| {
            agent.request_assignment(&request)
        }),
        Operation::AssignmentAcknowledgement => in_session(hall, &asked, |agent, request| {
            agent.assignment_acknowledgement(&request)
        }),
        Operation::PostMessage => {
            in_session(hall, &asked, |agent, request| agent.post_message(&request))
        }
        Operation::SetInteractionStatus => in_session(hall, &asked, |agent, request| {
            agent.set_interaction_status(&request)
        }),
        Operation::ConcludeChat => {
            in_session(hall, &asked, |agent, request| agent.conclude_chat(&request))
        }
        Operation::ReleaseChat => {
            in_session(hall, &asked, |agent, request| agent.release_chat(&request))
        }
        Operation::Logoff => in_session(hall, &asked, |agent, request| agent.logoff(&request)),
    }
}

/// An operation of an agent with a session.
fn in_session<Q: WireObject, A: WireObject>(
    hall: &Hall,
    asked: &Asked,
    operation: impl FnOnce(Agent<'_>, Q) -> Result<A, Refusal>,
) -> Outcome {
    let (session, account) = credentials(asked)?;
    let request = asked.object()?;
    Ok(object(&hall.call(|board, now| {
        board.check_pool(asked.pool(), now)?;
        operation(board.agent(session, account, now)?, request)
    })?))
}

fn credentials(asked: &Asked) -> Result<(&str, AccountId), Refusal> {
    let session = asked.required_header(SESSION_HEADER)?;
    let account = asked.required_header(ACCOUNT_HEADER)?;
    let account = account.trim().parse().map(AccountId).map_err(|_| {
        Refusal::new(
            403,
            &ExceptionCode::AccessDenied,
            format!("The header {ACCOUNT_HEADER} must be an account's number."),
        )
    })?;
    Ok((session, account))
}
