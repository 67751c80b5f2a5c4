//! The routes of the *site*, a server that plays a customer's website: the site's files and, from `backend.rs`, the
//! site's backend.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use tower_http::services::ServeDir;

use crate::app_state::AppState;
use crate::{backend, files, survey};

/// The routes of the site's files and backend, and of the uploads of visitors. The survey page and the files of the
/// service site (Oracle's website for the customer) are served here too, so that the site's pages can link to them by
/// relative addresses.
pub(crate) fn router(app: &Arc<AppState>, directory: &Path) -> Router {
    Router::new()
        .merge(backend::router())
        .merge(survey::router())
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
