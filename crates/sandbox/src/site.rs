//! The site: a customer's website and its backend.

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

use crate::answer::{Outcome, json, object, respond};
use crate::asked::Asked;
use crate::hall::Hall;
use crate::services::{Place, agent_session, establish_session};
use crate::{files, survey};

/// The site's files, its backend, and the service site's pages, which pages here may link to by a relative
/// address.
pub(crate) fn router(hall: &Arc<Hall>, directory: &Path) -> Router {
    Router::new()
        .route("/session", any(serve_session))
        .route("/agent-token", any(serve_agent_token))
        .route("/message", any(serve_message))
        .merge(survey::router())
        .merge(files::uploads())
        .merge(files::service_site())
        .merge(public_files(directory))
        .layer(map_response(always_fresh))
        .with_state(Arc::clone(hall))
}

/// A page of another origin may read them, as it may on a host that has a widget's files for many sites.
fn public_files(directory: &Path) -> Router<Arc<Hall>> {
    Router::new()
        .fallback_service(ServeDir::new(directory))
        .layer(map_response(for_all_origins))
}

/// The same backend for pages that reach everything through one proxy, such as Trunk's: the chat
/// server's place is then the page's own origin.
pub(crate) fn proxied_backend() -> Router<Arc<Hall>> {
    Router::new()
        .route("/session", any(serve_proxied_session))
        .route("/agent-token", any(serve_proxied_agent_token))
}

async fn serve_session(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    respond(session(&hall, request, |hall, _| hall.place()).await)
}

async fn serve_agent_token(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    respond(agent_token(&hall, request, |hall, _| hall.place()).await)
}

async fn serve_proxied_session(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    respond(session(&hall, request, origin).await)
}

async fn serve_proxied_agent_token(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    respond(agent_token(&hall, request, origin).await)
}

async fn serve_message(request: Request) -> Response {
    respond(message(request).await)
}

/// A message for when somebody is there: read, and forgotten.
async fn message(request: Request) -> Outcome {
    let asked = Asked::read(request).await?;
    asked.require(&Method::POST)?;
    asked.object::<SessionInformation>()?;
    Ok(json(StatusCode::OK, "{}".to_owned()))
}

async fn session(hall: &Hall, request: Request, place: fn(&Hall, &Asked) -> Place) -> Outcome {
    let asked = Asked::read(request).await?;
    asked.require(&Method::POST)?;
    let visitor: SessionInformation = asked.object()?;
    Ok(object(&establish_session(
        hall,
        &visitor,
        place(hall, &asked),
    )?))
}

async fn agent_token(hall: &Hall, request: Request, place: fn(&Hall, &Asked) -> Place) -> Outcome {
    let asked = Asked::read(request).await?;
    asked.require(&Method::POST)?;
    agent_session(hall, &asked.body, &place(hall, &asked))
}

/// The place that the page itself came from.
fn origin(hall: &Hall, asked: &Asked) -> Place {
    let origin = asked.header(header::ORIGIN.as_str());
    let uri = origin.and_then(|origin| origin.parse::<Uri>().ok());
    let place = uri.and_then(|uri| {
        Some(Place {
            domain: uri.host()?.to_owned(),
            port: uri.port_u16(),
        })
    });
    place.unwrap_or_else(|| hall.place())
}

/// A site that is being worked on is never taken from a cache unasked.
async fn for_all_origins(mut response: Response) -> Response {
    let all = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, all);
    response
}

async fn always_fresh(mut response: Response) -> Response {
    let no_cache = HeaderValue::from_static("no-cache");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_cache);
    response
}
