//! The endpoints `establishSessions`, `agentTokens` and `serviceSettings`, with which a customer's server gets a
//! session for a visitor or an agent. They belong to the *service site* (Oracle's website for the customer). All three
//! require Basic authentication, because only servers may call them. The sandbox's own customer website (`site.rs`)
//! gets its sessions without these endpoints, by [`establish_session`] and [`agent_session`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use pipit_switchboard::{AgentClaims, Strictness, check_session_information};
use pipit_wire::session::{
    AGENT_TOKENS_PATH, APPLICATION_CONTEXT_HEADER, AgentTokensResponse, ESTABLISH_SESSIONS_PATH,
    EstablishSessionsRequest, EstablishSessionsResponse, SERVICE_SETTINGS_PATH,
    ServiceSettingsResponse, SessionInformation,
};
use pipit_wire::{Fields, Refusal};
use serde_json::json;

use crate::agent_account::agent_of_account;
use crate::api_request::{ApiRequest, read_members, read_object};
use crate::app_state::AppState;
use crate::basic_user::basic_agent;
use crate::operations::path_and_query;
use crate::response::{
    ApiResult, bad_request, into_response, json_object, json_text, refuse, unauthorized,
};
use crate::server_address::ServerAddress;

pub(crate) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route(ESTABLISH_SESSIONS_PATH, any(serve_establish_sessions))
        .route(AGENT_TOKENS_PATH, any(serve_agent_tokens))
        .route(SERVICE_SETTINGS_PATH, any(serve_service_settings))
}

async fn serve_establish_sessions(
    State(app): State<Arc<AppState>>,
    http_request: Request,
) -> Response {
    with_basic_user(&app, http_request, &Method::POST, |request, _| {
        let body: EstablishSessionsRequest = request.object(|_| Ok(()))?;
        let members = read_members("sessionInformation", &body.session_information)?;
        check_session_information(&members)?;
        let visitor = read_object(members)?;
        let session = establish_session(&app, &visitor, &app.server_address())?;
        Ok(json_object(&session))
    })
    .await
}

async fn serve_agent_tokens(State(app): State<Arc<AppState>>, http_request: Request) -> Response {
    with_basic_user(&app, http_request, &Method::POST, |request, user| {
        require_application_context(&app, request)?;
        let agent = if request.body.is_empty() {
            user
        } else if app.strictness == Strictness::Lenient {
            agent_claims(&app, request)?
        } else {
            return Err(
                bad_request("agentTokens takes no body: the Basic user is the agent.").into(),
            );
        };
        Ok(json_object(&AgentTokensResponse {
            session_token: app.tokens.sign_for_agent(&agent, app.clock.now())?,
            unknown: Fields::default(),
        }))
    })
    .await
}

async fn serve_service_settings(
    State(app): State<Arc<AppState>>,
    http_request: Request,
) -> Response {
    with_basic_user(&app, http_request, &Method::GET, |request, _| {
        require_application_context(&app, request)?;
        let address = app.server_address();
        Ok(json_object(&ServiceSettingsResponse {
            domain: address.domain,
            pool: Some(app.pool()),
            port: address.port.map(i64::from),
            site_name: app.site_name.clone(),
            links: Vec::new(),
            unknown: Fields::default(),
        }))
    })
    .await
}

/// Makes a visitor's session. The result is the answer of `establishSessions`; its member `sessionServerResponse` is a
/// text that contains JSON.
pub(crate) fn establish_session(
    app: &AppState,
    visitor: &SessionInformation,
    address: &ServerAddress,
) -> Result<EstablishSessionsResponse, Refusal> {
    // The port is a text here: Oracle's own sample ignores a number. (INFERRED from the sample) In `serviceSettings` it is
    // a number.
    let port = address.port.map(|port| port.to_string());
    let server = json!({ "domain": address.domain, "pool": app.pool(), "port": port });
    Ok(EstablishSessionsResponse {
        site_name: app.site_name.clone(),
        channel_token: app.tokens.sign_for_visitor(visitor, app.clock.now())?,
        session_server_response: server.to_string(),
        unknown: Fields::default(),
    })
}

/// Makes the answer with which an agent's page (the desk) can log on: a token, and the address of the chat server. The
/// format is the sandbox's own, because Oracle's endpoints give the token and the address in two answers.
pub(crate) fn agent_session(
    app: &AppState,
    request: &ApiRequest,
    address: &ServerAddress,
) -> ApiResult {
    let agent = agent_claims(app, request)?;
    let token = app.tokens.sign_for_agent(&agent, app.clock.now())?;
    let answer = json!({
        "sessionToken": token.reveal(),
        "domain": address.domain,
        "port": address.port,
        "pool": app.pool(),
        "siteName": app.site_name,
        "accountId": agent.account.0,
    });
    Ok(json_text(StatusCode::OK, answer.to_string()))
}

/// Reads the agent from a body such as `{"accountId": 12, "name": "Ana Marques"}`. Both members are optional: the
/// default account is that of the first agent, and the default name depends on the account.
fn agent_claims(app: &AppState, request: &ApiRequest) -> Result<AgentClaims, Refusal> {
    let mut fields = Fields(request.members()?);
    let first = app.agents.first().map_or(12, |agent| agent.account);
    let account = fields.take("accountId").unwrap_or(first);
    let known = agent_of_account(&app.agents, account);
    Ok(AgentClaims {
        name: fields.take("name").unwrap_or(known.name),
        ..known
    })
}

/// Checks the Basic authentication and the HTTP method of a request, and then calls `answer` with the request and the
/// agent who is the Basic user.
async fn with_basic_user(
    app: &AppState,
    http_request: Request,
    method: &Method,
    answer: impl FnOnce(&ApiRequest, AgentClaims) -> ApiResult,
) -> Response {
    let path = path_and_query(&http_request);
    let request = match ApiRequest::read(http_request).await {
        Ok(request) => request,
        Err(refusal) => return refuse(refusal),
    };
    let (method_name, now) = (request.method.as_str(), app.clock.now());
    let exchange = app.exchanges.begin(method_name, &path, &request.body, now);
    let response = answer_basic_user(app, &request, method, answer);
    exchange.finish(response).await
}

fn answer_basic_user(
    app: &AppState,
    request: &ApiRequest,
    method: &Method,
    answer: impl FnOnce(&ApiRequest, AgentClaims) -> ApiResult,
) -> Response {
    let Some(user) = basic_agent(&app.agents, request) else {
        return unauthorized();
    };
    into_response(
        request
            .require_method(method)
            .and_then(|()| Ok(check_application_context(request)?))
            .and_then(|()| answer(request, user)),
    )
}

/// Refuses a request whose header with the caller's name is too long. The caller names itself there in at most 40
/// characters. (FOUND)
fn check_application_context(request: &ApiRequest) -> Result<(), Refusal> {
    let context = request.header(APPLICATION_CONTEXT_HEADER);
    if context.unwrap_or_default().chars().count() > 40 {
        return Err(bad_request(format!(
            "The header {APPLICATION_CONTEXT_HEADER} is longer than 40 characters."
        )));
    }
    Ok(())
}

/// Refuses a request without the header in which the caller names itself, unless the sandbox is lenient. (FOUND: the
/// operations of agents require it.)
fn require_application_context(app: &AppState, request: &ApiRequest) -> Result<(), Refusal> {
    let context = request.header(APPLICATION_CONTEXT_HEADER);
    if context.is_none_or(str::is_empty) && app.strictness == Strictness::Strict {
        return Err(bad_request(format!(
            "The header {APPLICATION_CONTEXT_HEADER} is missing: the caller names itself there, in 1 \
             to 40 characters."
        )));
    }
    Ok(())
}

impl AppState {
    /// The current address of the chat server. The switch `/sandbox/migrate` changes it when it moves the customer's
    /// account to a pool (group of chat servers) that has another address.
    pub(crate) fn server_address(&self) -> ServerAddress {
        self.read(|switchboard, _| ServerAddress {
            domain: switchboard
                .pool()
                .domain
                .clone()
                .unwrap_or_else(|| self.address.domain.clone()),
            port: switchboard.pool().port.or(self.address.port),
        })
    }

    /// The id of the current pool.
    fn pool(&self) -> String {
        self.read(|switchboard, _| switchboard.pool().pool.clone())
    }
}
