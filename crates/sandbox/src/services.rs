//! The service site's endpoints that hand out sessions: `establishSessions`, `agentTokens`,
//! `serviceSettings`. All need the Basic user: they are for servers.

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

use crate::answer::{Outcome, bad_request, json, object, respond, unauthorized};
use crate::asked::Asked;
use crate::hall::Hall;
use crate::{BASIC_PASSWORD, BASIC_USER, SITE_NAME};

/// Where clients shall find the chat server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) domain: String,
    /// Only where it is not the default one.
    pub(crate) port: Option<u16>,
}

pub(crate) fn router() -> Router<Arc<Hall>> {
    Router::new()
        .route(ESTABLISH_SESSIONS_PATH, any(serve_establish_sessions))
        .route(AGENT_TOKENS_PATH, any(serve_agent_tokens))
        .route(SERVICE_SETTINGS_PATH, any(serve_service_settings))
}

async fn serve_establish_sessions(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    with_basic_user(request, &Method::POST, |asked| {
        let context = asked.header(APPLICATION_CONTEXT_HEADER).unwrap_or_default();
        if context.chars().count() > 40 {
            return Err(bad_request(format!(
                "The header {APPLICATION_CONTEXT_HEADER} is longer than 40 characters."
            )));
        }
        let body: EstablishSessionsRequest = asked.object()?;
        let visitor =
            SessionInformation::from_json(&body.session_information).map_err(|error| {
                bad_request(format!("sessionInformation is no JSON text: {error}."))
            })?;
        Ok(object(&establish_session(&hall, &visitor, hall.place())?))
    })
    .await
}

async fn serve_agent_tokens(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    with_basic_user(request, &Method::POST, |asked| {
        let agent = agent_claims(&asked.body)?;
        Ok(object(&AgentTokensResponse {
            session_token: hall.tokens.for_agent(&agent, hall.clock.now())?,
            unknown: Fields::default(),
        }))
    })
    .await
}

async fn serve_service_settings(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    with_basic_user(request, &Method::GET, |_| {
        let place = hall.place();
        Ok(object(&ServiceSettingsResponse {
            domain: place.domain,
            pool: Some(hall.pool()),
            port: place.port.map(i64::from),
            site_name: SITE_NAME.to_owned(),
            links: Vec::new(),
            unknown: Fields::default(),
        }))
    })
    .await
}

/// Makes a visitor's session, in the raw form of `establishSessions`: JSON in a text.
pub(crate) fn establish_session(
    hall: &Hall,
    visitor: &SessionInformation,
    place: Place,
) -> Result<EstablishSessionsResponse, Refusal> {
    let server = SessionServer {
        domain: place.domain,
        pool: Some(hall.pool()),
        port: place.port.map(i64::from),
        unknown: Fields::default(),
    };
    Ok(EstablishSessionsResponse {
        site_name: SITE_NAME.to_owned(),
        channel_token: hall.tokens.for_visitor(visitor, hall.clock.now())?,
        session_server_response: server.to_json(),
        unknown: Fields::default(),
    })
}

/// Makes what an agent's desk needs to log on: token and place in one.
pub(crate) fn agent_session(hall: &Hall, body: &str, place: &Place) -> Outcome {
    let agent = agent_claims(body)?;
    let token = hall.tokens.for_agent(&agent, hall.clock.now())?;
    let text = serde_json::json!({
        "sessionToken": token.reveal(),
        "domain": place.domain,
        "port": place.port,
        "pool": hall.pool(),
        "siteName": SITE_NAME,
        "accountId": agent.account.0,
    });
    Ok(json(StatusCode::OK, text.to_string()))
}

/// The agent that a body asks for: `{"accountId": 12, "name": "Ana Marques"}`, both optional.
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

async fn with_basic_user(
    request: Request,
    method: &Method,
    answer: impl FnOnce(&Asked) -> Outcome,
) -> Response {
    let asked = match Asked::read(request).await {
        Ok(asked) => asked,
        Err(refusal) => return respond(Err(refusal)),
    };
    if !is_basic_user(&asked) {
        return unauthorized();
    }
    respond(asked.require(method).and_then(|()| answer(&asked)))
}

fn is_basic_user(asked: &Asked) -> bool {
    let value = asked.header(header::AUTHORIZATION.as_str());
    let credentials = value.and_then(|value| value.strip_prefix("Basic "));
    let decoded = credentials.and_then(|text| STANDARD.decode(text).ok());
    decoded == Some(format!("{BASIC_USER}:{BASIC_PASSWORD}").into_bytes())
}

impl Hall {
    /// Where clients find the chat server now.
    pub(crate) fn place(&self) -> Place {
        self.look(|board, _| Place {
            domain: board
                .pool()
                .domain
                .clone()
                .unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: Some(board.pool().port.unwrap_or(self.api_port)),
        })
    }

    fn pool(&self) -> String {
        self.look(|board, _| board.pool().pool.clone())
    }
}
