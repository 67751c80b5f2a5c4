//! The root component: passes inputs to the state machine [`Desk`], draws it, and performs its effects (log-on and
//! requests). Requests are sent one after the other.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use pipit_agent::{AgentError, AgentSession, MessageReceiver};
use pipit_wire::agent::{AgentMessage, AgentRequest, PostMessageRequest};
use pipit_wire::{ClientId, EngagementId};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, HtmlElement};
use yew::platform::{spawn_local, time::sleep};
use yew::{Callback, Component, Context, Html, NodeRef};

use crate::desk::{Desk, Effect, Input, Request, Signal, to_html};
use crate::log_on::log_on;
use crate::view;

/// The wait after a poll (a request for new messages) that failed for a transient reason, before the next poll.
const RETRY_DELAY: Duration = Duration::from_secs(2);

/// The root component of the page.
pub(crate) struct Page {
    desk: Desk,
    /// The session at the chat server; `None` until a log-on has succeeded, and while the agent logs on again. An ended
    /// session stays here until the next log-on begins.
    session: Option<Rc<AgentSession>>,
    /// Requests that are sent after the pending request. Sending them one by one keeps the order of the agent's actions.
    queued_requests: VecDeque<Request>,
    /// Whether a request has been sent and its answer has not arrived.
    is_request_pending: bool,
    /// The text field in which the agent writes.
    composer: NodeRef,
    /// The conversation that was selected when the page was last drawn. When another conversation is selected, its
    /// composer gets the keyboard focus.
    last_selected: Option<EngagementId>,
    /// The listener for the page's visibility. If it were dropped, the browser could not call it any more.
    _on_visibility_change: Option<Closure<dyn FnMut()>>,
}

/// A message to the root component.
pub(crate) enum Event {
    /// An input that is passed to the desk unchanged.
    Input(Input),
    /// The log-on has succeeded or failed.
    LoggedOn(Result<(AgentSession, MessageReceiver), String>),
    /// The pending request of the session with this client id has been answered or has failed.
    Answered(ClientId, Request, Result<(), AgentError>),
}

impl Component for Page {
    type Message = Event;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        ctx.link().send_message(Event::Input(Input::LogOn));
        let document = web_sys::window().and_then(|window| window.document());
        Self {
            desk: Desk::new(document.as_ref().is_none_or(|document| !document.hidden())),
            session: None,
            queued_requests: VecDeque::new(),
            is_request_pending: false,
            composer: NodeRef::default(),
            last_selected: None,
            _on_visibility_change: document
                .map(|document| watch_visibility(document, dispatcher(ctx))),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        let input = match event {
            Event::Input(input) => input,
            Event::LoggedOn(Ok((session, receiver))) => {
                let client = session.client_id();
                let on_poll = dispatcher(ctx).reform(move |result| Input::Polled(client, result));
                spawn_local(poll_until_over(receiver, on_poll));
                self.session = Some(Rc::new(session));
                Input::LoggedOn(client)
            }
            Event::LoggedOn(Err(reason)) => Input::LogOnFailed(reason),
            Event::Answered(client, request, answer) => {
                self.is_request_pending = false;
                Input::Answered(client, request, answer)
            }
        };
        self.desk.now = now();
        for effect in self.desk.handle(input) {
            match effect {
                Effect::LogOn => {
                    self.session = None;
                    self.queued_requests.clear();
                    ctx.link()
                        .send_future(async { Event::LoggedOn(log_on().await) });
                }
                Effect::Send(request) => self.queued_requests.push_back(request),
            }
        }
        self.send_next_request(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        view::layout(&self.desk, &dispatcher(ctx), &self.composer)
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        if self.last_selected != self.desk.selected {
            self.last_selected = self.desk.selected;
            if let Some(composer) = self.composer.cast::<HtmlElement>() {
                // If the browser refuses the focus, the agent can still click the composer.
                let _ = composer.focus();
            }
        }
    }
}

impl Page {
    /// Sends the next queued request, unless a request is pending.
    fn send_next_request(&mut self, ctx: &Context<Self>) {
        if self.is_request_pending {
            return;
        }
        let Some(session) = self.session.clone() else {
            return;
        };
        if let Some(request) = self.queued_requests.pop_front() {
            self.is_request_pending = true;
            ctx.link().send_future(async move {
                let answer = send(&session, request.clone()).await;
                Event::Answered(session.client_id(), request, answer)
            });
        }
    }
}

/// The callback that passes an input to the desk.
fn dispatcher(ctx: &Context<Page>) -> Callback<Input> {
    ctx.link().callback(Event::Input)
}

/// Sends a request and waits for its answer.
async fn send(session: &AgentSession, request: Request) -> Result<(), AgentError> {
    match request {
        Request::SetAvailable(is_available) => session.set_available(is_available).await,
        Request::Assignment { idle, max } => session.request_assignment(idle, max).await.map(drop),
        Request::Acknowledge(id, action, assignment_type) => {
            let acknowledged = session.acknowledge(id, action, assignment_type);
            acknowledged.await.map(drop)
        }
        Request::Post(id, _, text) => post(session, id, text).await,
        Request::Transfer(id) => session.reroute(id).await,
        Request::Signal(id, Signal { mode, focus }) => {
            // With `None` the visitor does not see the text that the agent is typing.
            session.set_interaction_status(id, mode, focus, None).await
        }
        Request::Conclude(id) => session.conclude(id).await,
        Request::Release(id) => session.release(id).await,
        Request::LogOff { force } => session.log_off(force).await,
    }
}

/// Posts a text: as HTML if it has marks for formatting, otherwise as it is.
async fn post(session: &AgentSession, id: EngagementId, text: String) -> Result<(), AgentError> {
    let Some(html) = to_html(&text) else {
        return session.post(id, &text).await;
    };
    let mut request = PostMessageRequest::plain_text(id, html, AgentRequest::default());
    request.rich_text = Some(true);
    session.post_message(request).await.map(drop)
}

/// The current time, in ms since 1970.
fn now() -> i64 {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a time in ms is far below 2^53"
    )]
    let now = js_sys::Date::now() as i64;
    now
}

/// Polls until the session is over, and passes on each result. A poll that fails for a transient reason is repeated.
async fn poll_until_over(
    mut receiver: MessageReceiver,
    on_poll: Callback<Result<Vec<AgentMessage>, AgentError>>,
) {
    loop {
        let batch = receiver.next().await;
        let is_transient = batch.as_ref().err().map(AgentError::is_transient);
        on_poll.emit(batch);
        match is_transient {
            None => {}
            Some(true) => sleep(RETRY_DELAY).await,
            Some(false) => return,
        }
    }
}

/// Dispatches an input whenever the page becomes visible or hidden.
fn watch_visibility(document: Document, dispatch: Callback<Input>) -> Closure<dyn FnMut()> {
    let event_target = document.clone();
    let closure = Closure::<dyn FnMut()>::new(move || {
        dispatch.emit(Input::VisibilityChanged(!document.hidden()));
    });
    // If the listener cannot be added, the page keeps the visibility that it had when it was opened.
    let _ = event_target
        .add_event_listener_with_callback("visibilitychange", closure.as_ref().unchecked_ref());
    closure
}
