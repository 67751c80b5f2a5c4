//! A chat server that says what the test wants, in the place of the page's `fetch`.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "each test file uses its part; a message is an object"
)]

use std::sync::atomic::{AtomicUsize, Ordering};

use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};

use crate::page::{Fetch, Widget, object, until, window};

const ANSWERS: &str = "
    const answer = body => Promise.resolve(new Response(JSON.stringify(body)));
    if (it.url.includes('/requestEngagement')) {
        return answer({ resultType: 'SUCCESS', sessionId: 's', engagementId: 1, clientId: 2 });
    }
    if (it.url.includes('/getMessages')) {
        return new Promise(resolve => { window.poll = body => resolve(new Response(body)) });
    }
    return window.posts ?? answer({});";

/// The server, until dropped.
pub(crate) struct Server {
    _fetch: Fetch,
    site: String,
    /// The last place in its stream.
    sequence: i64,
}

impl Server {
    /// A widget with an open panel, and a conversation with Ana that has begun.
    pub(crate) async fn with_ana() -> (Self, Widget) {
        Self::with_ana_and(&[]).await
    }

    /// The same, for a widget with these options beside its own.
    pub(crate) async fn with_ana_and(options: &[(&str, JsValue)]) -> (Self, Widget) {
        static SITES: AtomicUsize = AtomicUsize::new(0);
        let mut server = Self {
            _fetch: Fetch::replaced_by(ANSWERS),
            site: String::new(),
            sequence: 0,
        };
        set("poll", &JsValue::UNDEFINED);
        set("posts", &JsValue::UNDEFINED);
        server.site = format!("server{}", SITES.fetch_add(1, Ordering::Relaxed));
        let widget = Widget::mounted(&server.options(options)).styled();
        widget.open().await;
        widget.click("[part~=start]").await;
        server.joins("Ana", 35).await;
        widget.sees(".name", "Ana").await;
        (server, widget)
    }

    /// A widget as after a reload of the page.
    pub(crate) fn reloaded(&self) -> Widget {
        set("poll", &JsValue::UNDEFINED);
        Widget::mounted_again(&self.options(&[])).styled()
    }

    fn options(&self, more: &[(&str, JsValue)]) -> JsValue {
        let own = [
            ("jwt", "a.b.c".into()),
            ("site", self.site.as_str().into()),
            ("baseUrl", "https://chat.example.com".into()),
        ];
        object(&[&own, more].concat())
    }

    /// An agent joins; the first one leads.
    pub(crate) async fn joins(&mut self, name: &str, client: i64) {
        let role = if client == 35 { "LEAD" } else { "CONFEREE" };
        let joined = json!({ "messageName": "RNEngagementParticipantAddedMessage", "name": name,
            "role": role, "clientId": client, "clientIdString": client.to_string() });
        self.tells(vec![joined]).await;
    }

    /// Ana says these.
    pub(crate) async fn says(&mut self, texts: impl IntoIterator<Item = String>) {
        let messages = texts.into_iter().map(|text| posted(35, &text, false));
        self.tells(messages.collect()).await;
    }

    /// Ana says this, and her console marks it as HTML.
    pub(crate) async fn says_rich(&mut self, html: &str) {
        self.tells(vec![posted(35, html, true)]).await;
    }

    /// The poll under way is answered with these messages.
    pub(crate) async fn tells(&mut self, mut messages: Vec<Value>) {
        for message in &mut messages {
            self.sequence += 1;
            message["sequenceNumber"] = self.sequence.into();
        }
        let poll: Function = until("a poll", || get("poll").dyn_into().ok()).await;
        set("poll", &JsValue::UNDEFINED);
        let body = json!({ "systemMessages": messages }).to_string();
        let answered = poll.call1(&JsValue::NULL, &body.into());
        answered.expect("the poll takes an answer");
    }
}

/// A message of the agent with this connection, at noon of a day in 2026.
pub(crate) fn posted(client: i64, text: &str, rich: bool) -> Value {
    json!({ "messageName": "RNEngagementMessagePostedMessage", "body": text, "richText": rich,
        "clientId": client, "clientIdString": client.to_string(),
        "createdTime": "2026-11-05T12:00:00Z" })
}

/// A global of the page.
pub(crate) fn get(name: &str) -> JsValue {
    Reflect::get(&window(), &name.into()).expect("a page has members")
}

pub(crate) fn set(name: &str, value: &JsValue) {
    Reflect::set(&window(), &name.into(), value).expect("a page takes members");
}
