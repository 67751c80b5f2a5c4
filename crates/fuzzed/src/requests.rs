//! What an engine has asked its page for, and what it is given.

use pipit_engine::{Input, Outcome, Request, RequestId, SessionRefused};
use pipit_wire::consumer::Operation;
use pipit_wire::session::Session;

/// What a server in good health answers to `requestEngagement`.
const ENGAGEMENT: &str = r#"{"resultType":"SUCCESS","engagementId":34,"clientId":34,
    "sessionId":"192hyto5qomm8r8rpzzmuzsa6","sneakPreviewState":"ENABLED",
    "sneakPreviewInterval":3000,"completedSurveyId":8,"completedSurveyAuth":"auth",
    "cancelledSurveyId":7,"cancelledSurveyAuth":"auth"}"#;

/// Requests that are neither answered nor given up.
#[derive(Default)]
pub(crate) struct Requests {
    open: Vec<Request>,
    /// The page was asked for a session and has not given one.
    asked: Option<RequestId>,
}

/// What the engine wants.
impl Requests {
    pub(crate) fn get_session(&mut self, asked: RequestId) {
        self.asked = Some(asked);
    }

    pub(crate) fn send(&mut self, request: Request) {
        let operation = request.operation;
        let is_second = self.open.iter().any(|open| open.operation == operation);
        assert!(!is_second, "a second {operation:?}");
        self.open.push(request);
    }

    pub(crate) fn give_up(&mut self, request: RequestId) {
        if self.asked == Some(request) {
            self.asked = None;
            return;
        }
        let before = self.open.len();
        self.open.retain(|open| open.id != request);
        assert_eq!(self.open.len() + 1, before, "only what is open is given up");
    }
}

/// What it is given.
impl Requests {
    /// A session, whether it was asked for or not.
    pub(crate) fn session(&mut self, session: Result<Session, SessionRefused>) -> Input {
        let asked = self.asked.take().unwrap_or(RequestId(0));
        Input::Session(asked, session)
    }

    /// What a server in good health answers to the nth.
    pub(crate) fn served(&mut self, nth: usize) -> Option<Input> {
        let request = self.open.get(nth % self.open.len().max(1))?;
        let body = match request.operation {
            Operation::RequestEngagement => ENGAGEMENT,
            _ => "{}",
        };
        self.answered(nth, answer(body))
    }

    /// Messages, where a poll is out.
    pub(crate) fn messages(&mut self, messages: &str) -> Option<Input> {
        let is_poll = |it: &Request| it.operation == Operation::GetMessages;
        let poll = self.open.iter().position(is_poll)?;
        let batch = format!(r#"{{"systemMessages":[{messages}]}}"#);
        self.answered(poll, answer(&batch))
    }

    /// The nth comes out so.
    pub(crate) fn answered(&mut self, nth: usize, outcome: Outcome) -> Option<Input> {
        if self.open.is_empty() {
            return None;
        }
        let request = self.open.remove(nth % self.open.len()).id;
        Some(Input::Answer { request, outcome })
    }

    /// One that is not open comes out so.
    pub(crate) fn stray(&self, request: RequestId, outcome: Outcome) -> Option<Input> {
        let is_open = self.open.iter().any(|it| it.id == request);
        (!is_open).then_some(Input::Answer { request, outcome })
    }
}

fn answer(body: &str) -> Outcome {
    Outcome::Answered {
        status: 200,
        retry_after: None,
        body: body.to_owned(),
    }
}
