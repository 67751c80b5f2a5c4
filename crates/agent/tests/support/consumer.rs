//! A visitor for the tests of the agent's client.

use pipit_wire::consumer::{
    ActivityRequest, ClientRequest, ConsumerMode, GetMessagesResponse, Operation,
    PostMessageRequest, RequestEngagementResponse, SystemMessage,
};
use pipit_wire::session::{
    ESTABLISH_SESSIONS_PATH, EstablishSessionsRequest, EstablishSessionsResponse,
    SessionInformation,
};
use pipit_wire::{EngagementId, Fields, WireObject};

use super::{BASIC, MAX_BATCHES, post};

/// A visitor in an engagement. It sends its requests without the client under test, so that a fault of that client cannot
/// hide here.
pub(crate) struct Consumer {
    pub(crate) engagement: EngagementId,
    /// The session id, for the header `SessionId`.
    session: String,
    /// Messages that no call of `next` has returned yet.
    received: Vec<SystemMessage>,
}

impl Consumer {
    /// Creates a session and requests an engagement.
    pub(crate) async fn begin(first_name: &str) -> Self {
        let information = SessionInformation {
            first_name: Some(first_name.to_owned()),
            ..SessionInformation::default()
        };
        let body = EstablishSessionsRequest::of(&information).to_json();
        let basic = vec![("Authorization", BASIC.to_owned())];
        let answer = post(ESTABLISH_SESSIONS_PATH, basic, body).await;
        let session = EstablishSessionsResponse::from_json(&answer.body).unwrap();
        let bearer = format!("Bearer {}", session.channel_token.reveal());
        let path = Operation::RequestEngagement.path("pipit_demo", Some("297:1"));
        let answer = post(&path, vec![("Authorization", bearer)], "{}".to_owned()).await;
        let begun = RequestEngagementResponse::from_json(&answer.body).unwrap();
        Self {
            engagement: begun.engagement_id.unwrap(),
            session: begun.session_id.unwrap().reveal().to_owned(),
            received: Vec::new(),
        }
    }

    /// Posts a text to the agent.
    pub(crate) async fn post(&self, body: &str) {
        let request = PostMessageRequest {
            body: body.to_owned(),
            message_id: None,
            off_the_record: None,
            rich_text: None,
            message_data_map: None,
            client: ClientRequest::default(),
            unknown: Fields::default(),
        };
        self.call(Operation::PostMessage, &request).await;
    }

    /// Reports what the visitor is doing. `text` is the text that the visitor has typed and not sent.
    pub(crate) async fn signal_activity(&self, mode: ConsumerMode, text: Option<&str>) {
        let request = ActivityRequest {
            mode,
            sneak_preview_text: text.map(str::to_owned),
            sneak_preview_focus: Some(true),
            client: ClientRequest::default(),
            unknown: Fields::default(),
        };
        self.call(Operation::Activity, &request).await;
    }

    /// Waits for the first message for which `select` returns a value. Earlier messages are skipped.
    pub(crate) async fn next<T>(&mut self, select: impl Fn(SystemMessage) -> Option<T>) -> T {
        for _ in 0..MAX_BATCHES {
            while !self.received.is_empty() {
                if let Some(found) = select(self.received.remove(0)) {
                    return found;
                }
            }
            let request = ClientRequest::default();
            let answer = self.call(Operation::GetMessages, &request).await;
            let batch = GetMessagesResponse::from_json(&answer).unwrap();
            self.received = batch.system_messages;
        }
        panic!("the expected message has not arrived");
    }

    /// Sends a request, and returns the body of the answer.
    async fn call(&self, operation: Operation, body: &impl WireObject) -> String {
        let path = operation.path("pipit_demo", Some("297:1"));
        let session = vec![("SessionId", self.session.clone())];
        post(&path, session, body.to_json()).await.body
    }
}
