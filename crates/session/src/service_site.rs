//! Calls `establishSessions` of the service site. Errors say what failed, and never quote an answer, because the service
//! site may repeat what it was sent: credentials and what the visitor wrote.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use pipit_wire::WireObject;
use pipit_wire::session::{
    APPLICATION_CONTEXT_HEADER, ESTABLISH_SESSIONS_PATH, EstablishSessionsRequest,
    SessionInformation,
};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::settings::ServiceSiteSettings;

/// How this server names itself to the service site, which accepts at most 40 characters.
const APPLICATION_CONTEXT: &str = "Pipit session server";

/// How many calls the service site gets at a time. Further ones wait, within their own time limit.
const MAX_CALLS_AT_ONCE: usize = 64;

/// The longest answer of the service site that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 65_536;

/// How long an unused connection is kept. Many servers close one after 5 s; a call on a closed one fails.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// The service site, with a pool of connections to it.
pub struct ServiceSite {
    settings: ServiceSiteSettings,
    client: reqwest::Client,
    places: Semaphore,
}

/// A session, with the three members that the widget needs and no others.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    site_name: String,
    channel_token: String,
    #[serde(rename = "sessionServerResponse")]
    server_response: String,
}

/// Why the service site gave no session. Its text is for the log.
#[derive(Debug)]
pub enum ServiceFailure {
    /// It did not answer in time.
    Timeout,
    /// It could not be reached.
    NoConnection(String),
    /// It answered with this status.
    Status(u16),
    /// The answer ended early or was too long.
    BrokenAnswer,
    /// The answer is no JSON object with a session.
    NoSession,
}

impl fmt::Display for ServiceFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => formatter.write_str("no answer in time"),
            Self::NoConnection(cause) => write!(formatter, "no connection: {cause}"),
            Self::Status(status @ (401 | 403)) => write!(
                formatter,
                "status {status}: the service site refuses the user or the password, or the user lacks the permission"
            ),
            Self::Status(status @ 300..=399) => {
                write!(
                    formatter,
                    "status {status}: a redirect, which is not followed"
                )
            }
            Self::Status(status) => write!(formatter, "status {status}"),
            Self::BrokenAnswer => formatter.write_str("the answer ended early or was too long"),
            Self::NoSession => formatter.write_str("no session in the answer"),
        }
    }
}

impl ServiceSite {
    /// Prepares the calls. Nothing is sent yet.
    ///
    /// # Errors
    /// A text if the certificates of this machine cannot be read.
    pub fn new(settings: ServiceSiteSettings) -> Result<Self, String> {
        let mut client = reqwest::Client::builder()
            // A redirect could take the password elsewhere.
            .redirect(Policy::none())
            .pool_idle_timeout(IDLE_TIMEOUT);
        if settings.origin.starts_with("http:") {
            // A proxy of the environment would read the password, which only TLS hides from it.
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| causes(&error))?;
        Ok(Self {
            settings,
            client,
            places: Semaphore::new(MAX_CALLS_AT_ONCE),
        })
    }

    /// Asks for a session.
    ///
    /// # Errors
    /// [`ServiceFailure`].
    pub async fn establish_session(
        &self,
        information: &SessionInformation,
    ) -> Result<Session, ServiceFailure> {
        // The limit includes the wait for a place and the whole answer.
        let answer = timeout(self.settings.timeout, self.call(information)).await;
        answer.unwrap_or(Err(ServiceFailure::Timeout))
    }

    async fn call(&self, information: &SessionInformation) -> Result<Session, ServiceFailure> {
        let Ok(_place) = self.places.acquire().await else {
            return Err(ServiceFailure::Timeout);
        };
        let settings = &self.settings;
        let request = self
            .client
            .post(format!("{}{ESTABLISH_SESSIONS_PATH}", settings.origin))
            .basic_auth(&settings.user, Some(settings.password.reveal()))
            .header(CONTENT_TYPE, "application/json")
            .header(APPLICATION_CONTEXT_HEADER, APPLICATION_CONTEXT)
            .body(EstablishSessionsRequest::of(information).to_json());
        let mut response = request.send().await.map_err(|error| {
            let error = error.without_url();
            ServiceFailure::NoConnection(causes(&error))
        })?;
        if !response.status().is_success() {
            return Err(ServiceFailure::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                    body.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                Ok(Some(_)) | Err(_) => return Err(ServiceFailure::BrokenAnswer),
            }
        }
        // The reader's error could quote the answer.
        let session: Option<Session> = serde_json::from_slice(&body).ok();
        session
            .filter(Session::is_complete)
            .ok_or(ServiceFailure::NoSession)
    }
}

impl Session {
    /// The answer for the browser.
    pub(crate) fn to_json(&self) -> String {
        let answer = json!({
            "siteName": self.site_name,
            "channelToken": self.channel_token,
            "sessionServerResponse": self.server_response,
        });
        answer.to_string()
    }

    fn is_complete(&self) -> bool {
        let members = [&self.site_name, &self.channel_token, &self.server_response];
        members.iter().all(|member| !member.is_empty())
    }
}

/// An error with its causes. The errors of a connection quote nothing that was sent.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
