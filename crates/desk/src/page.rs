//! The page: draws the desk, and performs what the desk says.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use pipit_agent::{AgentError, AgentSession, MessageReceiver};
use pipit_wire::EngagementId;
use pipit_wire::agent::AgentMessage;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, HtmlElement};
use yew::platform::{spawn_local, time::sleep};
use yew::{Callback, Component, Context, Html, NodeRef};

use crate::desk::{Desk, Effect, Input, Request, Signal};
use crate::log_on::log_on;
use crate::view;

/// How long to wait before a poll that failed is tried again.
const RETRY: Duration = Duration::from_secs(2);

/// The page.
pub(crate) struct Page {
    desk: Desk,
    session: Option<Rc<AgentSession>>,
    /// Requests that wait for the one under way: the server gets them in the order of the clicks.
    waiting: VecDeque<Request>,
    under_way: bool,
    composer: NodeRef,
    /// The conversation whose composer has been given the keyboard.
    front: Option<EngagementId>,
    /// Kept as long as the page lives.
    _on_visibility: Option<Closure<dyn FnMut()>>,
}

/// What reaches the page.
pub(crate) enum Event {
    /// A click or a message of the stream.
    Input(Input),
    /// The log on came out.
    LoggedOn(Result<(AgentSession, MessageReceiver), String>),
    /// The request under way came out.
    Answered(Request, Result<(), AgentError>),
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
            waiting: VecDeque::new(),
            under_way: false,
            composer: NodeRef::default(),
            front: None,
            _on_visibility: document.map(|document| watch(document, tell(ctx))),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        let input = match event {
            Event::Input(input) => input,
            Event::LoggedOn(Ok((session, receiver))) => {
                let client = session.client_id();
                spawn_local(hear(
                    receiver,
                    tell(ctx).reform(move |heard| Input::Heard(client, heard)),
                ));
                self.session = Some(Rc::new(session));
                Input::LoggedOn(client)
            }
            Event::LoggedOn(Err(why)) => Input::LogOnFailed(why),
            Event::Answered(request, answer) => {
                self.under_way = false;
                Input::Answered(request, answer)
            }
        };
        for effect in self.desk.take(input) {
            match effect {
                Effect::LogOn => {
                    self.session = None;
                    self.waiting.clear();
                    ctx.link()
                        .send_future(async { Event::LoggedOn(log_on().await) });
                }
                Effect::Ask(request) => self.waiting.push_back(request),
            }
        }
        self.ask_next(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        view::page(&self.desk, &tell(ctx), &self.composer)
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        if self.front != self.desk.front {
            self.front = self.desk.front;
            if let Some(composer) = self.composer.cast::<HtmlElement>() {
                // A composer that cannot take the keyboard now can still be clicked.
                let _ = composer.focus();
            }
        }
    }
}

impl Page {
    fn ask_next(&mut self, ctx: &Context<Self>) {
        if self.under_way {
            return;
        }
        let Some(session) = self.session.clone() else {
            return;
        };
        if let Some(request) = self.waiting.pop_front() {
            self.under_way = true;
            ctx.link().send_future(async move {
                let answer = ask(&session, request.clone()).await;
                Event::Answered(request, answer)
            });
        }
    }
}

fn tell(ctx: &Context<Page>) -> Callback<Input> {
    ctx.link().callback(Event::Input)
}

async fn ask(session: &AgentSession, request: Request) -> Result<(), AgentError> {
    match request {
        Request::SetAvailable(available) => session.set_available(available).await,
        Request::Assignment { idle, max } => session.request_assignment(idle, max).await.map(drop),
        Request::Acknowledge(id, action, part) => session.acknowledge(id, action, part).await,
        Request::Post(id, _, text) => session.post(id, &text).await,
        Request::Signal(id, Signal { mode, focus }) => {
            session.set_interaction_status(id, mode, focus, None).await
        }
        Request::Conclude(id) => session.conclude(id).await,
        Request::Release(id) => session.release(id).await,
        Request::LogOff { force } => session.log_off(force).await,
    }
}

/// Hears until the session is over.
async fn hear(
    mut receiver: MessageReceiver,
    heard: Callback<Result<Vec<AgentMessage>, AgentError>>,
) {
    loop {
        let batch = receiver.next().await;
        let failure = batch.as_ref().err().map(AgentError::is_transient);
        heard.emit(batch);
        match failure {
            None => {}
            Some(true) => sleep(RETRY).await,
            Some(false) => return,
        }
    }
}

/// Tells when the page comes into sight or goes out of it.
fn watch(document: Document, tell: Callback<Input>) -> Closure<dyn FnMut()> {
    let watched = document.clone();
    let closure = Closure::<dyn FnMut()>::new(move || {
        tell.emit(Input::Visible(!document.hidden()));
    });
    // Without the event the page counts as seen, as it did when it was opened.
    let _ = watched
        .add_event_listener_with_callback("visibilitychange", closure.as_ref().unchecked_ref());
    closure
}
