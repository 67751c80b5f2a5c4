//! The endpoints `establishSessions`, `agentTokens` and `serviceSettings`, with which a customer's server gets a
//! session for a visitor or an agent. They belong to the *service site* (Oracle's website for the customer). All three
//! require Basic authentication, because only servers may call them. The sandbox's own customer website (`site.rs`)
//! gets its sessions without these endpoints, by [`establish_session`] and [`agent_session`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pipit_switchboard::AgentClaims;
use pipit_wire::session::{
    AGENT_TOKENS_PATH, APPLICATION_CONTEXT_HEADER, AgentTokensResponse, ESTABLISH_SESSIONS_PATH,
    EstablishSessionsRequest, EstablishSessionsResponse, SERVICE_SETTINGS_PATH,
    ServiceSettingsResponse, SessionInformation, SessionServer,
};
use pipit_wire::{AccountId, Fields, Refusal, WireObject as _};

use crate::api_request::ApiRequest;
use crate::app_state::AppState;
use crate::response::{
    ApiResult, bad_request, into_response, json_object, json_text, unauthorized,
};
use crate::{BASIC_PASSWORD, BASIC_USER, SITE_NAME};

/// The address of the chat server, as the answers of this file give it to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerAddress {
    pub(crate) domain: String,
    /// The port; `None` for the default port.
    pub(crate) port: Option<u16>,
}

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
    with_basic_user(http_request, &Method::POST, |request| {
        let context = request
            .header(APPLICATION_CONTEXT_HEADER)
            .unwrap_or_default();
        // The caller names itself in this header, in at most 40 characters.
        if context.chars().count() > 40 {
            return Err(bad_request(format!(
                "The header {APPLICATION_CONTEXT_HEADER} is longer than 40 characters."
            )));
        }
        let body: EstablishSessionsRequest = request.object()?;
        let visitor =
            SessionInformation::from_json(&body.session_information).map_err(|error| {
                bad_request(format!("sessionInformation is no JSON text: {error}."))
            })?;
        Ok(json_object(&establish_session(
            &app,
            &visitor,
            app.server_address(),
        )?))
    })
    .await
}

async fn serve_agent_tokens(State(app): State<Arc<AppState>>, http_request: Request) -> Response {
    with_basic_user(http_request, &Method::POST, |request| {
        let agent = agent_claims(&request.body)?;
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
    with_basic_user(http_request, &Method::GET, |_| {
        let address = app.server_address();
        Ok(json_object(&ServiceSettingsResponse {
            domain: address.domain,
            pool: Some(app.pool()),
            port: address.port.map(i64::from),
            site_name: SITE_NAME.to_owned(),
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
    address: ServerAddress,
) -> Result<EstablishSessionsResponse, Refusal> {
    let server = SessionServer {
        domain: address.domain,
        pool: Some(app.pool()),
        port: address.port.map(i64::from),
        unknown: Fields::default(),
    };
    Ok(EstablishSessionsResponse {
        site_name: SITE_NAME.to_owned(),
        channel_token: app.tokens.sign_for_visitor(visitor, app.clock.now())?,
        session_server_response: server.to_json(),
        unknown: Fields::default(),
    })
}

/// Makes the answer with which an agent's page (the desk) can log on: a token, and the address of the chat server. The
/// format is the sandbox's own, because Oracle's endpoints give the token and the address in two answers.
pub(crate) fn agent_session(app: &AppState, body: &str, address: &ServerAddress) -> ApiResult {
    let agent = agent_claims(body)?;
    let token = app.tokens.sign_for_agent(&agent, app.clock.now())?;
    let answer = serde_json::json!({
        "sessionToken": token.reveal(),
        "domain": address.domain,
        "port": address.port,
        "pool": app.pool(),
        "siteName": SITE_NAME,
        "accountId": agent.account.0,
    });
    Ok(json_text(StatusCode::OK, answer.to_string()))
}

/// Reads the agent from a body such as `{"accountId": 12, "name": "Ana Marques"}`. Both members are optional: the
/// default account is 12, and the default name depends on the account.
fn agent_claims(body: &str) -> Result<AgentClaims, Refusal> {
    let mut fields = match body.trim() {
        "" => Fields::default(),
        text => Fields::from_json(text)
            .map_err(|error| bad_request(format!("The body cannot be read: {error}.")))?,
    };
    let account = AccountId(fields.take("accountId").unwrap_or(12));
    let name = fields.take("name").unwrap_or_else(|| match account.0 {
        12 => "Ana Marques".to_owned(),
        13 => "Ben Okafor".to_owned(),
        other => format!("Agent {other}"),
    });
    Ok(AgentClaims { account, name })
}

/// Checks the Basic authentication and the HTTP method of a request, and then calls `answer`.
async fn with_basic_user(
    http_request: Request,
    method: &Method,
    answer: impl FnOnce(&ApiRequest) -> ApiResult,
) -> Response {
    let request = match ApiRequest::read(http_request).await {
        Ok(request) => request,
        Err(refusal) => return into_response(Err(refusal)),
    };
    if !is_basic_user(&request) {
        return unauthorized();
    }
    into_response(
        request
            .require_method(method)
            .and_then(|()| answer(&request)),
    )
}

fn is_basic_user(request: &ApiRequest) -> bool {
    let value = request.header(header::AUTHORIZATION.as_str());
    let credentials = value.and_then(|value| value.strip_prefix("Basic "));
    let decoded = credentials.and_then(|text| STANDARD.decode(text).ok());
    decoded == Some(format!("{BASIC_USER}:{BASIC_PASSWORD}").into_bytes())
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
                .unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: Some(switchboard.pool().port.unwrap_or(self.api_port)),
        })
    }

    /// The id of the current pool.
    fn pool(&self) -> String {
        self.read(|switchboard, _| switchboard.pool().pool.clone())
    }
}
