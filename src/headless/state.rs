//! Describes a conversation as plain JavaScript objects. `npm/headless.ts` declares their types.

use js_sys::Array;
use pipit_engine::{
    Agent, Content, Conversation, Delivery, Entry, Notice, Phase, PostFailure, SurveyLink, TabView,
};
use pipit_rich_text::{parse, to_plain_text};
use pipit_wire::WireValue;
use wasm_bindgen::JsValue;

use crate::app::event_payload::{ConnectionStatus, EventPayload as _, failure_code};
use crate::js_object::JsObject;

/// The state of a conversation: its phase, who takes part, and all messages.
pub(super) fn describe(tab: &TabView, unread: u32, leads: bool) -> JsObject {
    let conversation = &tab.conversation;
    let entries: Array = conversation
        .transcript
        .iter()
        .map(|entry| JsValue::from(describe_entry(entry)))
        .collect();
    describe_phase(conversation)
        .with("connection", ConnectionStatus::of(conversation).as_str())
        .with("entries", entries)
        .with("draft", &*tab.draft)
        .with("unread", unread)
        .with("leads", leads)
        .with("isElsewhere", tab.is_elsewhere)
        .with("isPreviewAllowed", conversation.sneak_preview.is_allowed())
        .with("isPreviewSent", conversation.sneak_preview.sends_text())
}

/// The phase, and what is known only in that phase.
fn describe_phase(conversation: &Conversation) -> JsObject {
    let named = |name: &str| JsObject::new().with("state", name);
    match &conversation.phase {
        Phase::Idle => named("idle"),
        Phase::Starting => named("starting"),
        Phase::Queued(wait) => named("queued").with("wait", wait.to_object()),
        Phase::Requeued(wait) => named("requeued").with("wait", wait.to_object()),
        Phase::Chatting(agents) => {
            let agents = agents
                .iter()
                .map(|agent| JsValue::from(Agent::to_object(agent)));
            named("chatting").with("agents", agents.collect::<Array>())
        }
        Phase::Concluded(conclusion) => {
            let end = JsObject::new()
                .with("reason", word(&conclusion.reason))
                .with("engagementId", conclusion.engagement_id.0.to_string())
                .with_some("survey", conclusion.survey.as_ref().map(SurveyLink::url))
                .with("isSurveyMailed", conclusion.survey_by_mail);
            named("ended").with("end", end)
        }
        Phase::Failed(failure) => named("failed").with("code", failure_code(failure).as_str()),
    }
}

/// A message or a notice.
fn describe_entry(entry: &Entry) -> JsObject {
    #[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
    let object = JsObject::new()
        .with("id", entry.id.0.to_string())
        .with("at", entry.at as f64);
    match &entry.content {
        Content::Visitor { text, delivery } => {
            let object = object.with("kind", "visitor").with("text", &**text);
            let (name, reason) = describe_delivery(*delivery);
            object.with("delivery", name).with_some("reason", reason)
        }
        Content::Agent {
            name, body, rich, ..
        } => with_text(object.with("kind", "agent"), body, *rich).with("name", &**name),
        Content::Notice(notice) => describe_notice(object.with("kind", "notice"), notice),
    }
}

/// Adds a text from outside, and the same text without markup.
fn with_text(object: JsObject, text: &str, is_html: bool) -> JsObject {
    let plain = if is_html {
        to_plain_text(&parse(text).blocks)
    } else {
        text.to_owned()
    };
    let object = object.with("text", plain);
    if is_html {
        object.with("html", text)
    } else {
        object
    }
}

fn describe_notice(object: JsObject, notice: &Notice) -> JsObject {
    let named = |name: &str| object.with("notice", name);
    match notice {
        Notice::Joined(name) => named("joined").with("name", &**name),
        Notice::ConfereeJoined(name) => named("conferee-joined").with("name", &**name),
        Notice::Left(name, reason) => named("left")
            .with("name", &**name)
            .with("reason", word(reason)),
        Notice::LeadChanged(name) => named("lead-changed").with("name", &**name),
        Notice::Requeued => named("requeued"),
        Notice::Gap => named("gap"),
        Notice::File(file) => {
            #[allow(clippy::cast_precision_loss, reason = "exact up to 9 PB")]
            let bytes = file.bytes.map(|bytes| bytes as f64);
            named("file")
                .with("name", &*file.from)
                .with("fileName", &*file.name)
                .with_some("bytes", bytes)
                .with_some("url", file.url.as_deref())
        }
        Notice::Server { text, rich } => with_text(named("text"), text, *rich),
        Notice::Unreadable => named("unreadable"),
        Notice::Concluded(reason) => named("ended").with("reason", word(reason)),
    }
}

/// The name of a delivery, and why it failed. The reasons are those of the event `message:failed`.
fn describe_delivery(delivery: Delivery) -> (&'static str, Option<&'static str>) {
    match delivery {
        Delivery::Queued => ("queued", None),
        Delivery::Sending => ("sending", None),
        Delivery::Accepted => ("accepted", None),
        Delivery::Unknown => ("unknown", None),
        Delivery::Failed(PostFailure::LeadLeft) => ("failed", Some("lead-left")),
        Delivery::Failed(PostFailure::TakenForAbuse) => ("failed", Some("taken-for-abuse")),
        Delivery::Failed(PostFailure::Refused) => ("failed", Some("refused")),
        Delivery::Failed(PostFailure::ConversationEnded) => ("failed", Some("over")),
    }
}

/// A word of the chat API, as the server has sent it.
fn word(value: &impl WireValue) -> String {
    value.write().as_str().unwrap_or_default().to_owned()
}
