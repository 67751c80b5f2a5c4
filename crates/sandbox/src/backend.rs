//! The routes of a customer's backend. It gives the pages of the customer's website the sessions and tokens that they need
//! for the chat server, and accepts what visitors upload or leave as a message.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::any;
use pipit_switchboard::check_session_information;
use pipit_wire::session::SessionInformation;

use crate::api_request::{ApiRequest, read_object};
use crate::app_state::AppState;
use crate::files;
use crate::response::{ApiResult, into_response, json_object, json_text};
use crate::server_address::ServerAddress;
use crate::services::{agent_session, establish_session};

/// The routes of the backend.
pub(crate) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/session", any(serve_session))
        .route("/agent-token", any(serve_agent_token))
        .route("/message", any(serve_message))
        .merge(files::uploads())
}

/// The routes for sessions and tokens, for pages that reach the site and the chat server through one proxy, such as the
/// proxy of the build tool Trunk. These pages get their own origin as the address of the chat server.
pub(crate) fn behind_proxy() -> Router<Arc<AppState>> {
    Router::new()
        .route("/session", any(serve_proxied_session))
        .route("/agent-token", any(serve_proxied_agent_token))
}

async fn serve_session(State(app): State<Arc<AppState>>, http_request: Request) -> Response {
    into_response(session(&app, http_request, |app, _| app.server_address()).await)
}

async fn serve_agent_token(State(app): State<Arc<AppState>>, http_request: Request) -> Response {
    into_response(agent_token(&app, http_request, |app, _| app.server_address()).await)
}

async fn serve_proxied_session(
    State(app): State<Arc<AppState>>,
    http_request: Request,
) -> Response {
    into_response(session(&app, http_request, page_origin).await)
}

async fn serve_proxied_agent_token(
    State(app): State<Arc<AppState>>,
    http_request: Request,
) -> Response {
    into_response(agent_token(&app, http_request, page_origin).await)
}

async fn serve_message(http_request: Request) -> Response {
    into_response(message(http_request).await)
}

/// Accepts a message that a visitor leaves when no agent is available. The message has the same members as the
/// visitor's data for a session. The function only checks whether the message can be read, and stores nothing.
async fn message(http_request: Request) -> ApiResult {
    let request = ApiRequest::read(http_request).await?;
    request.require_method(&Method::POST)?;
    request.object::<SessionInformation>(check_session_information)?;
    Ok(json_text(StatusCode::OK, "{}".to_owned()))
}

/// Answers with a visitor's session. `address` chooses the address of the chat server that the answer contains.
async fn session(
    app: &AppState,
    http_request: Request,
    address: fn(&AppState, &ApiRequest) -> ServerAddress,
) -> ApiResult {
    let request = ApiRequest::read(http_request).await?;
    request.require_method(&Method::POST)?;
    let mut members = request.members()?;
    // The page may have an id from an attribute, and attributes are texts. The customer's backend knows that.
    for (name, value) in &mut members {
        let number = value.as_str().and_then(|text| text.parse::<i64>().ok());
        if let Some(number) = number.filter(|_| name.ends_with("Id")) {
            *value = number.into();
        }
    }
    check_session_information(&members)?;
    let visitor: SessionInformation = read_object(members)?;
    Ok(json_object(&establish_session(
        app,
        &visitor,
        &address(app, &request),
    )?))
}

/// Answers with an agent's token and what else an agent's page needs to log on. `address` chooses the address of the chat
/// server that the answer contains. Everybody gets a token, because a demo has no list of agents to check.
async fn agent_token(
    app: &AppState,
    http_request: Request,
    address: fn(&AppState, &ApiRequest) -> ServerAddress,
) -> ApiResult {
    let request = ApiRequest::read(http_request).await?;
    request.require_method(&Method::POST)?;
    agent_session(app, &request, &address(app, &request))
}

/// The host and port of the page that sends the request, from the header `Origin`. If the header is missing or has no
/// host, the result is the address of the chat server.
fn page_origin(app: &AppState, request: &ApiRequest) -> ServerAddress {
    let origin = request.header(header::ORIGIN.as_str());
    let uri = origin.and_then(|origin| origin.parse::<Uri>().ok());
    let address = uri.and_then(|uri| {
        Some(ServerAddress {
            domain: uri.host()?.to_owned(),
            port: uri.port_u16(),
        })
    });
    address.unwrap_or_else(|| app.server_address())
}
