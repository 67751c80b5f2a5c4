//! The Content-Security-Policy of the site's pages, and what browsers say that they have refused because of it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::post;

/// Where browsers report to.
const REPORTS: &str = "/refused";

/// What browsers have reported: JSON, a text each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refused(Arc<Mutex<Vec<String>>>);

impl Refused {
    pub(crate) fn all(&self) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.clone()
    }

    fn add(&self, report: String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(report);
    }
}

/// Has all that a site serves come with this policy, and takes the reports. An error says, in a sentence, what is wrong
/// with the policy.
pub(crate) fn guard(site: Router, policy: &str, refused: &Refused) -> Result<Router, String> {
    let told = HeaderValue::from_str(&format!("{policy}; report-uri {REPORTS}"));
    let told = told.map_err(|_| format!("the policy {policy:?} cannot stand in a header."))?;
    let with_policy = move |mut response: Response| {
        let told = told.clone();
        async move {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, told);
            response
        }
    };
    let reports = Router::new()
        .route(REPORTS, post(report))
        .with_state(refused.clone());
    Ok(site.merge(reports).layer(map_response(with_policy)))
}

async fn report(State(refused): State<Refused>, body: String) -> StatusCode {
    refused.add(body);
    StatusCode::NO_CONTENT
}
