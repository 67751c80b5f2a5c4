//! Sends the requests of the engine: those to the web page for a session, and those to the chat server. Dropping an open
//! request aborts it.

use std::rc::Rc;

use pipit_engine::{
    Authorization, Input, Outcome, Request, RequestId, SessionRefused, SessionRequest,
};
use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies, NoAnswer};
use pipit_wire::consumer::Operation;
use wasm_bindgen_futures::spawn_local;

use super::{OpenRequest, Runtime, session, warn_text};

impl Runtime {
    /// Requests a session (with the token for the chat server) in the way that the host has configured.
    pub(super) fn get_session(self: &Rc<Self>, id: RequestId, session_request: SessionRequest) {
        let source = self.session_source.clone();
        let abort = AbortOnDrop::new();
        let session = session::request(source, session_request, &abort);
        let request = OpenRequest {
            id,
            abort,
            ends_engagement: false,
        };
        self.await_answer(request, async move {
            let session = session.await;
            if let Err(SessionRefused::Unreadable(body)) = &session {
                warn_text(&format!(
                    "Pipit: what this page gave for a session was {body}, and not the answer of establishSessions."
                ));
            }
            Input::Session(id, session)
        });
    }

    /// Sends a request to the chat server.
    pub(super) fn send(self: &Rc<Self>, request: Request) {
        let id = request.id;
        let ends_engagement = request.operation == Operation::ConcludeEngagement;
        let is_message = request.operation == Operation::PostMessage;
        let call = Call {
            url: request.url,
            headers: vec![match &request.authorization {
                Authorization::Bearer(jwt) => ("Authorization", format!("Bearer {}", jwt.reveal())),
                Authorization::Session(session) => ("SessionId", session.reveal().to_owned()),
            }],
            body: request.body,
            cookies: Cookies::Omit,
            // The engine has a deadline for each request and aborts it itself.
            timeout_ms: None,
            // A repetition of these two has no second effect: a token starts only one conversation, and the server
            // holds only one poll.
            is_repeatable: matches!(
                request.operation,
                Operation::RequestEngagement | Operation::GetMessages
            ),
            // The page often leaves right after it has ended the conversation.
            outlives_page: ends_engagement,
        };
        let abort = AbortOnDrop::new();
        let answer = pipit_fetch::post(call, &abort);
        let request = OpenRequest {
            id,
            abort,
            ends_engagement,
        };
        // Without a network a message certainly stays here, so it waits and is sent later.
        if is_message && self.is_offline.get() {
            return self.await_answer(request, async move {
                Input::Answer {
                    request: id,
                    outcome: Outcome::NotSent,
                }
            });
        }
        self.await_answer(request, async move {
            let answer = answer.await;
            if answer == Err(NoAnswer::Unreadable) {
                warn_text(
                    "Pipit: this page's `fetch`, which a script of the page has replaced, answered with something that \
                     is no response; it counts as lost.",
                );
            }
            Input::Answer {
                request: id,
                outcome: outcome(answer),
            }
        });
    }

    /// Hands the answer to the tab when it arrives, unless the request was aborted before. `answer` is the
    /// future of the request; dropping `request` aborts it.
    fn await_answer(
        self: &Rc<Self>,
        request: OpenRequest,
        answer: impl Future<Output = Input> + 'static,
    ) {
        let id = request.id;
        self.requests.borrow_mut().push(request);
        // An answer that was on its way when the network went contradicts nothing.
        let was_sent_offline = self.is_offline.get();
        let weak = Rc::downgrade(self);
        spawn_local(async move {
            let input = answer.await;
            let Some(this) = weak.upgrade() else {
                return;
            };
            if was_sent_offline
                && let Input::Answer {
                    outcome: Outcome::Answered { .. },
                    ..
                } = &input
            {
                this.is_offline.set(false);
            }
            let open_request = this.take_request(id);
            if open_request.is_some() {
                this.handle_engine_input(input);
            }
        });
    }

    /// Aborts all open requests, except these and those that end an engagement: nobody else may be there to end it.
    pub(super) fn abort_all_except(&self, awaited: &[RequestId]) {
        let requests = self.requests.take();
        let (kept, others): (Vec<_>, Vec<_>) = requests
            .into_iter()
            .partition(|it| it.ends_engagement || awaited.contains(&it.id));
        self.requests.borrow_mut().extend(kept);
        // The list is not borrowed during the drop, which can run code of the host.
        drop(others);
    }

    /// Removes an open request from the list; `None` if it was aborted.
    pub(super) fn take_request(&self, id: RequestId) -> Option<OpenRequest> {
        let mut requests = self.requests.borrow_mut();
        let index = requests.iter().position(|open| open.id == id)?;
        Some(requests.remove(index))
    }
}

/// What the engine learns about a request: the server's answer, or whether the request may have reached the server.
fn outcome(result: Result<Answer, NoAnswer>) -> Outcome {
    match result {
        Ok(answer) => Outcome::Answered {
            status: answer.status,
            retry_after: answer.retry_after_ms,
            body: answer.body,
        },
        Err(NoAnswer::NotSent(_)) => Outcome::NotSent,
        Err(NoAnswer::Lost(_) | NoAnswer::Unreadable) => Outcome::Lost,
    }
}
