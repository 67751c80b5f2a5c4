//! The open requests of an engine: those that it has sent and that are neither answered nor aborted. The steps of a
//! fuzz script answer them. This file also checks two promises of the engine: at most one request of each operation is
//! open, and only an open request is aborted.

use pipit_engine::{Input, Outcome, Request, RequestId, SessionRefused};
use pipit_wire::consumer::Operation;
use pipit_wire::session::Session;

/// The body of a working server's answer to `requestEngagement`.
const ENGAGEMENT_ANSWER: &str = r#"{"resultType":"SUCCESS","engagementId":34,"clientId":34,
    "sessionId":"192hyto5qomm8r8rpzzmuzsa6","sneakPreviewState":"ENABLED",
    "sneakPreviewInterval":3000,"completedSurveyId":8,"completedSurveyAuth":"auth",
    "cancelledSurveyId":7,"cancelledSurveyAuth":"auth"}"#;

/// The requests that are neither answered nor aborted.
#[derive(Default)]
pub(crate) struct OpenRequests {
    /// The open requests to the server, oldest first.
    open: Vec<Request>,
    /// The request for a session that the web page has not answered yet. `None` if no such request is open.
    session_request: Option<RequestId>,
}

/// Functions that perform the engine's effects.
impl OpenRequests {
    /// Adds a request for a session.
    pub(crate) fn add_session_request(&mut self, request: RequestId) {
        self.session_request = Some(request);
    }

    /// Adds a request to the server. Panics if another request of the same operation is open. A start that was left and
    /// the engine's own start or end may each have one open.
    pub(crate) fn add(&mut self, request: Request) {
        let operation = request.operation;
        let of_start_or_end = [Operation::RequestEngagement, Operation::ConcludeEngagement];
        let is_second = !of_start_or_end.contains(&operation)
            && self.open.iter().any(|open| open.operation == operation);
        assert!(!is_second, "a second {operation:?}");
        self.open.push(request);
    }

    /// Removes all requests except this one, which is a request to the server.
    pub(crate) fn abort_all_except(&mut self, awaited: &[RequestId]) {
        self.session_request = None;
        self.open.retain(|open| awaited.contains(&open.id));
    }

    /// Removes a request that the engine aborts. Panics if it is not open.
    pub(crate) fn abort(&mut self, request: RequestId) {
        if self.session_request == Some(request) {
            self.session_request = None;
            return;
        }
        let count_before = self.open.len();
        self.open.retain(|open| open.id != request);
        assert_eq!(
            self.open.len() + 1,
            count_before,
            "a request is aborted that is not open"
        );
    }
}

/// Functions that perform the steps of a script. Each returns the input for the engine. A number `nth` is taken modulo
/// the number of open requests, so every number names a request if any request is open.
impl OpenRequests {
    /// Returns the input that provides a session, or refuses one. If no request for a session is open, the input has
    /// the request id 0, which the engine never uses, so the engine must ignore the input.
    pub(crate) fn answer_session(&mut self, session: Result<Session, SessionRefused>) -> Input {
        let request = self.session_request.take().unwrap_or(RequestId(0));
        Input::Session(request, session)
    }

    /// Answers the nth open request as a working server does. `None` if no request is open.
    pub(crate) fn answer_as_server(&mut self, nth: usize) -> Option<Input> {
        let request = self.open.get(nth % self.open.len().max(1))?;
        let body = match request.operation {
            Operation::RequestEngagement => ENGAGEMENT_ANSWER,
            Operation::GetMessages => r#"{"systemMessages":[]}"#,
            _ => r#"{"clientId":34}"#,
        };
        self.answer(nth, success(body))
    }

    /// Answers the open poll (the request for new messages) with these messages, which are JSON objects with commas
    /// between them. `None` if no poll is open.
    pub(crate) fn answer_poll(&mut self, messages: &str) -> Option<Input> {
        let is_poll = |request: &Request| request.operation == Operation::GetMessages;
        let poll = self.open.iter().position(is_poll)?;
        let body = format!(r#"{{"systemMessages":[{messages}]}}"#);
        self.answer(poll, success(&body))
    }

    /// Ends the nth open request with this outcome. `None` if no request is open.
    pub(crate) fn answer(&mut self, nth: usize, outcome: Outcome) -> Option<Input> {
        if self.open.is_empty() {
            return None;
        }
        let request = self.open.remove(nth % self.open.len()).id;
        Some(Input::Answer { request, outcome })
    }

    /// Answers a request that is not open. `None` if the request is open: only [`Self::answer`] may answer an open
    /// request, because it also removes the request.
    pub(crate) fn answer_stray(&self, request: RequestId, outcome: Outcome) -> Option<Input> {
        let is_open = self.open.iter().any(|open| open.id == request);
        (!is_open).then_some(Input::Answer { request, outcome })
    }
}

fn success(body: &str) -> Outcome {
    Outcome::Answered {
        status: 200,
        retry_after: None,
        body: body.to_owned(),
    }
}
