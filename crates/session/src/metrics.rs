//! Counts what happens, in the text format of Prometheus. No label has anything of a visitor.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::login::SignIn;

/// The upper limits of the histogram of the service site's answers, in s.
const SECONDS: [f64; 8] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The labels of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    status: u16,
    /// The code of a refusal; empty if there was none.
    error: &'static str,
}

/// The label of a login.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LoginLabels {
    result: &'static str,
}

/// All counters.
pub(crate) struct Metrics {
    registry: Registry,
    answers: Family<AnswerLabels, Counter>,
    logins: Family<LoginLabels, Counter>,
    service_seconds: Histogram,
    calls_in_progress: Gauge,
    clients: Gauge,
}

/// A call of the service site that has not ended. Dropping it ends the count.
pub(crate) struct CallInProgress<'a>(&'a Gauge);

impl Drop for CallInProgress<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("pipit_session");
        let answers = Family::default();
        let logins = Family::default();
        let service_seconds = Histogram::new(SECONDS);
        let calls_in_progress = Gauge::default();
        let clients = Gauge::default();
        registry.register("answers", "Answers to browsers", answers.clone());
        registry.register(
            "logins",
            "Requests by their login: anonymous, signed_in or refused",
            logins.clone(),
        );
        registry.register(
            "service_seconds",
            "How long establishSessions took",
            service_seconds.clone(),
        );
        registry.register(
            "calls_in_progress",
            "Calls of establishSessions that wait for an answer",
            calls_in_progress.clone(),
        );
        registry.register(
            "clients",
            "Clients whose requests are counted for the limit",
            clients.clone(),
        );
        Self {
            registry,
            answers,
            logins,
            service_seconds,
            calls_in_progress,
            clients,
        }
    }

    pub(crate) fn count_answer(&self, status: u16, error: &'static str) {
        let labels = AnswerLabels { status, error };
        self.answers.get_or_create(&labels).inc();
    }

    pub(crate) fn count_login(&self, sign_in: &SignIn) {
        let result = match sign_in {
            SignIn::Anonymous => "anonymous",
            SignIn::Refused => "refused",
            SignIn::SignedIn(_) => "signed_in",
        };
        self.logins.get_or_create(&LoginLabels { result }).inc();
    }

    pub(crate) fn begin_call(&self) -> CallInProgress<'_> {
        self.calls_in_progress.inc();
        CallInProgress(&self.calls_in_progress)
    }

    pub(crate) fn observe_service(&self, duration: Duration) {
        self.service_seconds.observe(duration.as_secs_f64());
    }

    /// All counters as text. `client_count` is how many clients are remembered.
    pub(crate) fn text(&self, client_count: usize) -> String {
        self.clients
            .set(i64::try_from(client_count).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
