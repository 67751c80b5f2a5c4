//! The routes of the site: a customer's website, with its files, and the backend that makes sessions for its pages.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::any;
use pipit_wire::session::SessionInformation;
use tower_http::services::ServeDir;

use crate::api_request::ApiRequest;
use crate::app_state::AppState;
use crate::response::{ApiResult, into_response, json_object, json_text};
use crate::services::{ServerAddress, agent_session, establish_session};
use crate::{files, survey};

/// The site's files and backend, and the pages of the service site, so that the site can link to them by relative
/// addresses.
pub(crate) fn router(app: &Arc<AppState>, directory: &Path) -> Router {
    Router::new()
        .route("/session", any(serve_session))
        .route("/agent-token", any(serve_agent_token))
        .route("/message", any(serve_message))
        .merge(survey::router())
        .merge(files::uploads())
        .merge(files::service_site())
        .merge(public_files(directory))
        .layer(map_response(always_fresh))
        .with_state(Arc::clone(app))
}

/// The site's files. Pages of other origins may read them, as on a host that serves a widget's files for many sites.
fn public_files(directory: &Path) -> Router<Arc<AppState>> {
    Router::new()
        .fallback_service(ServeDir::new(directory))
        .layer(map_response(for_all_origins))
}

/// The same backend for pages that reach everything through one proxy, such as Trunk's. For them the chat server's
/// address is the page's own origin.
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

/// Accepts a message that a visitor leaves when no agent is available. It is checked and not stored.
async fn message(http_request: Request) -> ApiResult {
    let request = ApiRequest::read(http_request).await?;
    request.require(&Method::POST)?;
    request.object::<SessionInformation>()?;
    Ok(json_text(StatusCode::OK, "{}".to_owned()))
}

async fn session(
    app: &AppState,
    http_request: Request,
    address: fn(&AppState, &ApiRequest) -> ServerAddress,
) -> ApiResult {
    let request = ApiRequest::read(http_request).await?;
    request.require(&Method::POST)?;
    let visitor: SessionInformation = request.object()?;
    Ok(json_object(&establish_session(
        app,
        &visitor,
        address(app, &request),
    )?))
}

async fn agent_token(
    app: &AppState,
    http_request: Request,
    address: fn(&AppState, &ApiRequest) -> ServerAddress,
) -> ApiResult {
    let request = ApiRequest::read(http_request).await?;
    request.require(&Method::POST)?;
    agent_session(app, &request.body, &address(app, &request))
}

/// The address of the origin from which the page was loaded.
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
async fn for_all_origins(mut response: Response) -> Response {
    let all = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, all);
    response
}

/// Makes browsers ask the server before they use a cached file, so that a page under development is never stale.
async fn always_fresh(mut response: Response) -> Response {
    let no_cache = HeaderValue::from_static("no-cache");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_cache);
    response
}
