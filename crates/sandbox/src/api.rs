//! The routes of the API, and the tasks that run beside them. Both are the same in a server with ports (`server.rs`) and
//! in one without a network (`local_server.rs`).
//!
//! `{site}` in a route is not a website, but the name of the customer's account.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any;

use crate::agent::AgentSide;
use crate::app_state::{AppState, run_timeouts};
use crate::consumer::ConsumerSide;
use crate::{
    automated_agent, backend, cors, files, live_page, network, operations, response, services,
    survey, switches,
};

/// A task that runs until the sandbox stops.
pub(crate) type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The routes of the API. Those under `/behind-proxy` are for pages that reach the API and the site through one proxy.
pub(crate) fn router(app: &Arc<AppState>) -> Router {
    Router::new()
        .route(
            "/engagement/api/consumer/{site}/v1/{operation}",
            any(operations::serve::<ConsumerSide>),
        )
        .route(
            "/engagement/api/agent/{site}/v1/{operation}",
            any(operations::serve::<AgentSide>),
        )
        .route("/sandbox/{switch}", any(switches::serve))
        // The page that shows what happens.
        .merge(live_page::router())
        // Oracle's endpoints that create the sessions of visitors and agents.
        .merge(services::router())
        // The page of the survey that a visitor may get after a chat.
        .merge(survey::router())
        // The route of the service site from which the agents' files are fetched.
        .merge(files::service_site())
        // The customer's backend, for pages whose own server has none.
        .merge(backend::router())
        .nest("/behind-proxy", backend::behind_proxy())
        .fallback(response::unknown_address)
        .layer(from_fn_with_state(Arc::clone(app), network::apply))
        .layer(from_fn_with_state(Arc::clone(app), cors::apply))
        .with_state(Arc::clone(app))
}

/// The tasks that run beside the routes: the chat's time-outs, which are applied when they are due even while no request
/// arrives, and the agents whom the sandbox plays itself.
pub(crate) fn tasks(app: &Arc<AppState>) -> Vec<Task> {
    let mut tasks: Vec<Task> = vec![Box::pin(run_timeouts(Arc::clone(app)))];
    tasks.extend(automated_agent::tasks(app).map(|task| -> Task { Box::pin(task) }));
    tasks
}
