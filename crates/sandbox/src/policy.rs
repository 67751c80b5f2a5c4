//! The Content-Security-Policy of the pages of the site (the website that the sandbox serves), and the reports that
//! browsers send when a page violates it. Browser tests fail if there is a report.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::post;

/// The path to which browsers send their reports.
const REPORTS_PATH: &str = "/refused";

/// The reports of the browsers, each the JSON text that the browser sent. All clones share one list.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViolationReports(Arc<Mutex<Vec<String>>>);

impl ViolationReports {
    pub(crate) fn all(&self) -> Vec<String> {
        self.lock().clone()
    }

    fn add(&self, report: String) {
        self.lock().push(report);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds the policy to every response of the site, with the address to which browsers report violations, and collects the
/// reports.
///
/// # Errors
/// A sentence, if the policy contains characters that a header cannot have.
pub(crate) fn with_policy(
    site: Router,
    policy: &str,
    reports: &ViolationReports,
) -> Result<Router, String> {
    let header_value = HeaderValue::from_str(&format!("{policy}; report-uri {REPORTS_PATH}"))
        .map_err(|_| {
            format!("the policy {policy:?} contains characters that a header cannot have.")
        })?;
    let add_header = move |mut response: Response| {
        let header_value = header_value.clone();
        async move {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, header_value);
            response
        }
    };
    let report_route = Router::new()
        .route(REPORTS_PATH, post(receive_report))
        .with_state(reports.clone());
    Ok(site.merge(report_route).layer(map_response(add_header)))
}

async fn receive_report(State(reports): State<ViolationReports>, body: String) -> StatusCode {
    reports.add(body);
    StatusCode::NO_CONTENT
}
