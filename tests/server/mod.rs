//! A chat server of the test's own. It replaces the page's `fetch` and delivers the messages that the test wants.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "no test file uses all of it; a message is an object"
)]

use std::sync::atomic::{AtomicUsize, Ordering};

use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};

use crate::page::{Fetch, Widget, object, wait_until, window};

/// The body of the replaced `fetch`. It stores the open poll in `window.poll`. A test may set `window.posts`, the answer to
/// all other requests, `window.bursts`, a list of bodies, each of which answers one poll at once, `window.respond`, the
/// function that makes the response with a body, `window.engagement`, further members of the answer to the start, and
/// `window.isOffline`, with which all requests fail.
const FETCH: &str = "
    const respond = window.respond ?? (body => new Response(body));
    if (window.isOffline) return Promise.reject(new TypeError('Failed to fetch'));
    const answer = body => Promise.resolve(respond(JSON.stringify(body)));
    if (it.url.includes('/requestEngagement')) {
        return answer({ resultType: 'SUCCESS', sessionId: 's', engagementId: 1, clientId: 2, ...window.engagement });
    }
    if (it.url.includes('/getMessages')) {
        const body = window.bursts?.shift();
        if (body) return Promise.resolve(respond(body));
        return new Promise((resolve, reject) => {
            window.failPoll = () => reject(new TypeError('Failed to fetch'));
            window.poll = body => resolve(respond(body));
        });
    }
    return window.posts ?? answer({ clientId: 2 });";

/// The server. Dropping it restores the page's `fetch`.
pub(crate) struct FakeServer {
    _fetch: Fetch,
    site: String,
    /// The sequence number of the last message.
    sequence: i64,
}

impl FakeServer {
    /// Returns a server, and a widget with an open panel in a chat with the agent Ana.
    pub(crate) async fn with_chat() -> (Self, Widget) {
        Self::with_chat_and_options(&[]).await
    }

    /// Returns a server, and a widget with an open panel that has just tried to start a chat. `window.respond` makes that
    /// fail.
    pub(crate) async fn with_failing_start() -> (Self, Widget) {
        let server = Self::new();
        let widget = Widget::mounted(&server.options(&[])).styled();
        widget.open().await;
        widget.start_chat().await;
        (server, widget)
    }

    /// A server without a widget.
    pub(crate) fn new() -> Self {
        static SITES: AtomicUsize = AtomicUsize::new(0);
        set_global("poll", &JsValue::UNDEFINED);
        set_global("posts", &JsValue::UNDEFINED);
        Self {
            _fetch: Fetch::replaced_by(FETCH),
            site: format!("server{}", SITES.fetch_add(1, Ordering::Relaxed)),
            sequence: 0,
        }
    }

    /// Does the same as [`Self::with_chat`] with further options of the widget.
    pub(crate) async fn with_chat_and_options(options: &[(&str, JsValue)]) -> (Self, Widget) {
        let mut server = Self::new();
        let widget = Widget::mounted(&server.options(options)).styled();
        widget.open().await;
        widget.start_chat().await;
        server.agent_joins("Ana", 35).await;
        widget.wait_for_text(".name", "Ana").await;
        (server, widget)
    }

    /// Mounts a new widget, as after a reload of the page.
    pub(crate) fn reload_widget(&self) -> Widget {
        self.reload_widget_with(&[])
    }

    /// Does the same as [`Self::reload_widget`] with further options of the widget.
    pub(crate) fn reload_widget_with(&self, options: &[(&str, JsValue)]) -> Widget {
        set_global("poll", &JsValue::UNDEFINED);
        Widget::mounted_after_reload(&self.options(options)).styled()
    }

    /// The options of a widget that uses this server, with further ones.
    pub(crate) fn options(&self, further: &[(&str, JsValue)]) -> JsValue {
        let own = [
            ("jwt", "a.b.c".into()),
            ("site", self.site.as_str().into()),
            ("baseUrl", "https://chat.example.com".into()),
        ];
        object(&[&own, further].concat())
    }

    /// An agent joins. The agent with the client id 35 leads.
    pub(crate) async fn agent_joins(&mut self, name: &str, client_id: i64) {
        let role = if client_id == 35 { "LEAD" } else { "CONFEREE" };
        let joined = json!({ "messageName": "RNEngagementParticipantAddedMessage", "name": name,
            "role": role, "clientId": client_id, "clientIdString": client_id.to_string() });
        self.deliver(vec![joined]).await;
    }

    /// Ana posts these texts.
    pub(crate) async fn agent_posts(&mut self, texts: impl IntoIterator<Item = String>) {
        let messages = texts
            .into_iter()
            .map(|text| posted_message(35, &text, false));
        self.deliver(messages.collect()).await;
    }

    /// Ana posts this HTML, marked as such.
    pub(crate) async fn agent_posts_html(&mut self, html: &str) {
        self.deliver(vec![posted_message(35, html, true)]).await;
    }

    /// Ana posts these texts. Each is in an answer of its own, and all answers come as fast as the widget asks for them.
    pub(crate) async fn agent_posts_at_once(&mut self, texts: impl IntoIterator<Item = String>) {
        let mut bodies = texts
            .into_iter()
            .map(|text| self.body(vec![posted_message(35, &text, false)]))
            .collect::<Vec<String>>()
            .into_iter();
        let first = bodies.next();
        let rest = bodies.map(JsValue::from).collect::<js_sys::Array>();
        set_global("bursts", &rest);
        self.answer_poll(&first.expect("at least one text")).await;
    }

    /// Answers the open poll with these messages.
    pub(crate) async fn deliver(&mut self, messages: Vec<Value>) {
        let body = self.body(messages);
        self.answer_poll(&body).await;
    }

    /// The body of an answer with these messages, which get the next sequence numbers.
    fn body(&mut self, mut messages: Vec<Value>) -> String {
        for message in &mut messages {
            self.sequence += 1;
            message["sequenceNumber"] = self.sequence.into();
        }
        json!({ "systemMessages": messages }).to_string()
    }

    /// Fails the open poll, as the browser does when the network is lost.
    pub(crate) async fn fail_poll(&self) {
        wait_until("an open poll", || {
            global("poll").is_function().then_some(())
        })
        .await;
        set_global("poll", &JsValue::UNDEFINED);
        let fail: Function = global("failPoll").dyn_into().expect("a poll is open");
        fail.call0(&JsValue::NULL).expect("the poll can fail");
    }

    /// Answers the open poll with this body.
    pub(crate) async fn answer_poll(&self, body: &str) {
        let poll: Function = wait_until("an open poll", || global("poll").dyn_into().ok()).await;
        set_global("poll", &JsValue::UNDEFINED);
        let answered = poll.call1(&JsValue::NULL, &body.into());
        answered.expect("the poll can be answered");
    }
}

/// A message of the agent with this client id, at noon of 5 November 2026.
pub(crate) fn posted_message(client_id: i64, text: &str, is_html: bool) -> Value {
    json!({ "messageName": "RNEngagementMessagePostedMessage", "body": text, "richText": is_html,
        "clientId": client_id, "clientIdString": client_id.to_string(),
        "createdTime": "2026-11-05T12:00:00Z" })
}

/// The value of a global variable of the page.
pub(crate) fn global(name: &str) -> JsValue {
    Reflect::get(&window(), &name.into()).expect("the window can be read")
}

/// Sets a global variable of the page.
pub(crate) fn set_global(name: &str, value: &JsValue) {
    Reflect::set(&window(), &name.into(), value).expect("the window can be written");
}
