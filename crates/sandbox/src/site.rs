//! The routes of the *site*, a server that plays a customer's website: the site's files and the site's backend. The
//! backend gives the site's pages the sessions and tokens that the pages need for the chat server.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::any;
use pipit_switchboard::check_session_information;
use pipit_wire::session::SessionInformation;
use tower_http::services::ServeDir;

use crate::api_request::{ApiRequest, read_object};
use crate::app_state::AppState;
use crate::response::{ApiResult, into_response, json_object, json_text};
use crate::services::{ServerAddress, agent_session, establish_session};
use crate::{files, survey};

/// The routes of the site's files and backend, and of the uploads of visitors. The survey page and the files of the
/// service site (Oracle's website for the customer) are served here too, so that the site's pages can link to them by
/// relative addresses.
pub(crate) fn router(app: &Arc<AppState>, directory: &Path) -> Router {
    Router::new()
        .route("/session", any(serve_session))
        .route("/agent-token", any(serve_agent_token))
        .route("/message", any(serve_message))
        .merge(survey::router())
        .merge(files::uploads())
        .merge(files::service_site())
        .merge(public_files(directory))
        .layer(map_response(without_cache))
        .with_state(Arc::clone(app))
}

/// The site's files. Pages of all origins may read them, because a customer's page may load the widget's files from
/// another host.
fn public_files(directory: &Path) -> Router<Arc<AppState>> {
    Router::new()
        .fallback_service(ServeDir::new(directory))
        .layer(map_response(allow_all_origins))
}

/// The routes for sessions and tokens, for pages that reach the site and the chat server through one proxy, such as the
/// proxy of the build tool Trunk. These pages get their own origin as the address of the chat server.
pub(crate) fn proxied_backend() -> Router<Arc<AppState>> {
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

/// Lets pages of all origins read the response.
async fn allow_all_origins(mut response: Response) -> Response {
    let all = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, all);
    response
}

/// Makes browsers ask the server before they use a cached file, so that a page under development is never stale.
async fn without_cache(mut response: Response) -> Response {
    let no_cache = HeaderValue::from_static("no-cache");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_cache);
    response
}
