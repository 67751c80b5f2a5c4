//! What screen readers speak: the exact sequence of texts in conversations, in English and in Arabic. A recorder stands in
//! for the screen reader. It notes each text that is added to a live region that a screen reader can see.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot continue panics"
)]

mod page;
mod server;

use js_sys::{Function, JSON};
use page::{Widget, function, object, wait_until};
use serde_json::{Value, json};
use server::{FakeServer, global, posted_message, set_global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Records in `window.spoken` the paragraphs that are added to live regions in the shadow root of `it`. A text that is
/// added together with its live region, or to one that is not rendered or has a button, is marked, because screen readers
/// would not speak it or would speak too much.
const RECORD: &str = "
    window.spoken = [];
    const regions = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], output';
    const note = (region, texts, isNew) => {
        const fault = isNew ? 'NEW REGION: ' : !region.checkVisibility() ? 'HIDDEN: '
            : region.querySelector('button') ? 'BUTTON: ' : '';
        for (const text of texts) window.spoken.push(fault + text.replace(/[\\u2066-\\u2069\\u200e]/g, ''));
    };
    window.recorder?.disconnect();
    window.recorder = new MutationObserver(list => {
        for (const { addedNodes, target } of list) for (const node of addedNodes) {
            const region = (target.closest ? target : target.parentElement)?.closest(regions);
            if (region) {
                const paragraphs = node.querySelectorAll?.('p') ?? [];
                note(region, paragraphs.length ? [...paragraphs].map(it => it.textContent) : [node.textContent], false);
            }
            for (const inner of node.querySelectorAll?.(regions) ?? []) if (inner.textContent) note(inner, [inner.textContent], true);
        }
    });
    window.recorder.observe(it.shadowRoot, { subtree: true, childList: true });";

/// The languages of the tests: the tag and the content of the file.
const LANGUAGES: [(&str, &str); 2] = [
    ("en", include_str!("../src/locale/en.json")),
    ("ar", include_str!("../src/locale/ar.json")),
];

/// A chat server, a widget in one language, and what a screen reader must speak.
struct Conversation {
    server: FakeServer,
    widget: Widget,
    texts: Value,
    expected: Vec<String>,
}

impl Conversation {
    /// Mounts a widget with these options in a language. `engagement` are further members of the answer to the start.
    async fn new(
        (tag, file): (&str, &str),
        options: &[(&str, JsValue)],
        engagement: &Value,
    ) -> Self {
        let engagement = JSON::parse(&engagement.to_string()).expect("it is JSON");
        set_global("engagement", &engagement);
        set_global("isOffline", &false.into());
        let server = FakeServer::new();
        let language = JSON::parse(file).expect("it is JSON");
        let own = [("locale", tag.into()), ("language", language)];
        let widget = Widget::mounted(&server.options(&[&own, options].concat())).styled();
        widget.open().await;
        widget.wait_for(".pipit > [part=announcer]").await;
        function(RECORD)
            .call1(&JsValue::NULL, &widget.host())
            .expect("the script runs");
        Self {
            server,
            widget,
            texts: serde_json::from_str(file).expect("it is JSON"),
            expected: Vec::new(),
        }
    }

    /// A conversation with Ana, after everything about its start was spoken.
    async fn with_ana(
        language: (&str, &str),
        options: &[(&str, JsValue)],
        engagement: &Value,
    ) -> Self {
        let mut conversation = Self::new(language, options, engagement).await;
        conversation.widget.start_chat().await;
        conversation.expect("position.0", &[]).await;
        conversation.server.agent_joins("Ana", 35).await;
        conversation.expect("agentJoined", &[("name", "Ana")]).await;
        conversation
    }

    /// A text of the language, with values in place of its placeholders.
    fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.texts[key]
            .as_str()
            .expect("the text exists")
            .to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Waits until exactly this was spoken after everything before.
    async fn expect(&mut self, key: &str, values: &[(&str, &str)]) {
        let text = self.text(key, values);
        self.expect_text(text).await;
    }

    async fn expect_text(&mut self, text: String) {
        self.expected.push(text);
        let count = self.expected.len();
        wait_until(&format!("{:?}", self.expected), || {
            (spoken().len() >= count).then_some(())
        })
        .await;
        assert_eq!(spoken()[..count], self.expected);
    }

    /// Waits until all copies are gone, and checks that nothing else was spoken.
    async fn finish(self) {
        wait_until("empty live regions", || {
            let texts = self.widget.texts("[aria-live=polite]");
            texts.concat().is_empty().then_some(())
        })
        .await;
        assert_eq!(spoken(), self.expected);
        self.widget.remove();
    }

    async fn deliver(&mut self, message: Value) {
        self.server.deliver(vec![message]).await;
    }
}

/// What was spoken so far.
fn spoken() -> Vec<String> {
    let texts: js_sys::Array = global("spoken").dyn_into().expect("a list");
    texts.iter().filter_map(|text| text.as_string()).collect()
}

fn wait_message(position: u32, seconds: u32) -> Value {
    json!({ "messageName": "RNEngagementWaitInformationChangedMessage", "position": position,
        "expectedWaitTimeSeconds": seconds })
}

fn activity(mode: &str) -> Value {
    json!({ "messageName": "RNEngagementActivityChangedMessage", "clientId": 35, "mode": mode })
}

fn conclusion(reason: &str) -> Value {
    json!({ "messageName": "RNEngagementConcludedMessage", "reason": reason })
}

#[wasm_bindgen_test]
async fn the_wait_and_its_changes_are_spoken_and_then_who_joins() {
    for language in LANGUAGES {
        let mut it = Conversation::new(language, &[], &json!({})).await;
        it.widget.start_chat().await;
        it.expect("position.0", &[]).await;
        it.deliver(wait_message(3, 180)).await;
        let expected = if language.0 == "en" {
            "expectedMinutes"
        } else {
            "expectedMinutes.few"
        };
        let wait = format!(
            "{}\n{}",
            it.text("position.3", &[]),
            it.text(expected, &[("count", "3")])
        );
        it.expect_text(wait).await;
        // The same place and the same minutes in other words of the server.
        it.deliver(wait_message(3, 185)).await;
        it.deliver(wait_message(1, 20)).await;
        let wait = format!(
            "{}\n{}",
            it.text("position.1", &[]),
            it.text("expectedMinutes.0", &[])
        );
        it.expect_text(wait).await;
        it.server.agent_joins("Ana", 35).await;
        it.expect("agentJoined", &[("name", "Ana")]).await;
        it.server.agent_joins("Carl", 36).await;
        it.expect("agentJoinedToo", &[("name", "Carl")]).await;
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn a_burst_is_spoken_as_one_without_signs_and_a_closed_panel_speaks_too() {
    for language in LANGUAGES {
        let mut it = Conversation::with_ana(language, &[], &json!({})).await;
        let html = "<blockquote>Do not use pliers</blockquote><ul><li>one</li><li>two</li></ul>";
        it.server
            .deliver(vec![
                posted_message(35, "Good day", false),
                posted_message(35, html, true),
            ])
            .await;
        let text = "Good day\nDo not use pliers\none\ntwo";
        it.expect("nameSays", &[("name", "Ana"), ("text", text)])
            .await;
        pipit::call("close", &JsValue::NULL).expect("the panel closes");
        it.server.agent_posts(["Are you there?".to_owned()]).await;
        it.expect("nameSays", &[("name", "Ana"), ("text", "Are you there?")])
            .await;
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn what_the_agent_does_is_spoken_once() {
    for language in LANGUAGES {
        let mut it = Conversation::with_ana(language, &[], &json!({})).await;
        let says = |it: &Conversation, status: &str| {
            it.text(
                "nameStatus",
                &[("name", "Ana"), ("status", &it.text(status, &[]))],
            )
        };
        it.deliver(activity("RESPONDING")).await;
        it.expect_text(says(&it, "agentWriting")).await;
        it.deliver(activity("LISTENING")).await;
        it.deliver(activity("RESPONDING")).await;
        it.server.agent_posts(["Done".to_owned()]).await;
        it.expect("nameSays", &[("name", "Ana"), ("text", "Done")])
            .await;
        it.deliver(activity("LISTENING")).await;
        it.deliver(activity("RESPONDING")).await;
        it.expect_text(says(&it, "agentWriting")).await;
        it.deliver(activity("AWAY")).await;
        it.expect_text(says(&it, "agentAway")).await;
        it.deliver(activity("LISTENING")).await;
        it.expect_text(says(&it, "agentHere")).await;
        let state = |state: &str| {
            json!({ "messageName": "RNEngagementParticipantConnectionStateChangedMessage", "clientId": 35,
                "connectionState": state })
        };
        it.deliver(state("DISCONNECTED")).await;
        it.expect_text(says(&it, "agentDisconnected")).await;
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn messages_that_did_not_arrive_are_spoken() {
    for language in LANGUAGES {
        let mut it = Conversation::with_ana(language, &[], &json!({})).await;
        for (status, key) in [(500, "deliveryUnknown"), (400, "notDeliveredRefused")] {
            let answer =
                format!("return Promise.resolve(new Response('{{}}', {{ status: {status} }}))");
            let answer = function(&answer).call0(&JsValue::NULL);
            set_global("posts", &answer.expect("a promise"));
            it.widget.type_text("mine").await;
            it.widget.press_enter(|_| {}).await;
            it.expect(key, &[]).await;
        }
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn a_lost_connection_and_its_return_are_spoken() {
    for language in LANGUAGES {
        let mut it = Conversation::with_ana(language, &[], &json!({})).await;
        set_global("isOffline", &true.into());
        it.server.fail_poll().await;
        it.expect("mayBeMissing", &[]).await;
        it.expect("reconnecting", &[]).await;
        set_global("isOffline", &false.into());
        function("dispatchEvent(new Event('online'))")
            .call0(&JsValue::NULL)
            .expect("an event can be dispatched");
        it.server.deliver(vec![]).await;
        it.expect("backOnline", &[]).await;
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn an_upload_is_spoken() {
    for language in LANGUAGES {
        let upload = "window.reportProgress = arguments[1]; return () => {}";
        let attachments = object(&[
            ("accept", ".pdf".into()),
            ("upload", function(upload).into()),
            ("download", function("").into()),
        ]);
        let mut it =
            Conversation::with_ana(language, &[("attachments", attachments)], &json!({})).await;
        let choose =
            "const data = new DataTransfer(); data.items.add(new File(['text'], 'plan.pdf'));
            it.files = data.files; it.dispatchEvent(new Event('change', { bubbles: true }))";
        for (status, key) in [("done", "fileSent"), ("kind", "fileWrongKind")] {
            let field = it.widget.wait_for("[part~=attach] input").await;
            function(choose)
                .call1(&JsValue::NULL, &field)
                .expect("a file can be chosen");
            it.expect("sendingFile", &[("name", "plan.pdf")]).await;
            let report: Function = global("reportProgress").dyn_into().expect("an upload runs");
            let progress = object(&[
                ("status", status.into()),
                ("url", "https://shop.example/f/1".into()),
            ]);
            report
                .call1(&JsValue::NULL, &progress)
                .expect("it is taken");
            it.expect(key, &[]).await;
        }
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn the_typing_preview_is_spoken_when_it_begins_and_when_it_changes() {
    for language in LANGUAGES {
        let enabled = json!({ "sneakPreviewState": "ENABLED", "sneakPreviewInterval": 1_000 });
        let mut it = Conversation::with_ana(language, &[], &enabled).await;
        it.expect("previewOn", &[]).await;
        it.widget.click("[part~=preview-switch]").await;
        it.expect("previewTurnedOff", &[]).await;
        it.widget
            .wait_for_text("[part~=preview]", &it.text("previewTurnedOff", &[]))
            .await;
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn the_end_with_its_reason_and_its_survey_and_a_failure_are_spoken() {
    for language in LANGUAGES {
        let survey = json!({ "completedSurveyId": 8, "completedSurveyAuth": "abc" });
        let site = [("surveyBase", JsValue::from("https://help.example"))];
        let mut it = Conversation::with_ana(language, &site, &survey).await;
        it.server
            .deliver(vec![
                posted_message(35, "Bye", false),
                conclusion("AGENT_CONCLUDED"),
            ])
            .await;
        it.expect("nameSays", &[("name", "Ana"), ("text", "Bye")])
            .await;
        it.expect("endedByAgent", &[]).await;
        it.expect("survey", &[]).await;
        it.expect("surveyMore", &[]).await;
        let refusal = function("return new Response(it, { status: 409 })");
        set_global("respond", &refusal);
        it.widget.click(".foot [part~=start]").await;
        it.expect("noChatForThis", &[]).await;
        it.expect("noChatForThisMore", &[]).await;
        set_global("respond", &JsValue::UNDEFINED);
        it.finish().await;
    }
}

#[wasm_bindgen_test]
async fn messages_restored_by_a_reload_are_not_spoken() {
    let (mut server, widget) = FakeServer::with_chat().await;
    server.agent_posts(["before".to_owned()]).await;
    widget
        .wait_for_text(".row:last-child .bubble", "before")
        .await;
    let widget = server.reload_widget();
    widget
        .wait_for_text(".row:last-child .bubble", "before")
        .await;
    function(RECORD)
        .call1(&JsValue::NULL, &widget.host())
        .expect("the script runs");
    server.agent_posts(["after".to_owned()]).await;
    wait_until("the new message", || {
        spoken()
            .contains(&"Ana says: after".to_owned())
            .then_some(())
    })
    .await;
    let is_old = |text: &String| text.contains("before");
    assert!(!spoken().iter().any(is_old), "{:?}", spoken());
    widget.remove();
}

#[wasm_bindgen_test]
async fn a_long_message_is_cut_and_of_many_messages_the_newest_are_spoken() {
    let mut it = Conversation::with_ana(LANGUAGES[0], &[], &json!({})).await;
    it.server.agent_posts(["x".repeat(1_000)]).await;
    it.expect(
        "nameSays",
        &[("name", "Ana"), ("text", &format!("{}…", "x".repeat(300)))],
    )
    .await;
    it.server
        .agent_posts((1..=100).map(|number| format!("message {number}")))
        .await;
    let newest: Vec<String> = (81..=100)
        .map(|number| format!("message {number}"))
        .collect();
    it.expect("nameSays", &[("name", "Ana"), ("text", &newest.join("\n"))])
        .await;
    it.finish().await;
}
