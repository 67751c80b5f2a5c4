//! The formats of the messages of PAGE 004: the members that they have, and the texts that are allowed in some of them.

use serde_json::Value;

use crate::answer::{Form, Seen, all, member_of, twin_of};

pub(super) const ROLES: Form = Form::OneOf(&[
    "NONE",
    "END_USER",
    "CONFEREE",
    "LEAD",
    "MONITOR",
    "TRANSIENT",
]);
pub(super) const MODES: Form = Form::OneOf(&["NONE", "LISTENING", "RESPONDING"]);
pub(super) const REASONS: Form = Form::OneOf(&[
    "NONE",
    "AGENT_CONCLUDED",
    "END_USER_CONCLUDED",
    "QUEUE_TIMEOUT",
    "IDLE_TIMEOUT",
    "EJECTED",
    "TRANSFERRED_TO_QUEUE",
    "PARTICIPANT_LEFT",
    "NO_AGENTS_AVAILABLE",
]);
pub(super) const REQUEST_SOURCES: Form = Form::OneOf(&[
    "UNKNOWN",
    "STANDARD",
    "CUSTOM",
    "PROACTIVE",
    "SPROACTIVE",
    "WS_API",
    "CONDITIONAL_LINK",
    "SYNDICATED_CONDITIONAL_LINK",
    "REST_API",
    "INLAY_CONDITIONAL_CHAT",
    "INLAY_EMBEDDED_CHAT",
    "INLAY_PROACTIVE_CHAT",
    "MESSAGING_APPLE_BUSINESS_CHAT",
    "MESSAGING_FACEBOOK_MESSENGER",
    "MESSAGING_GOOGLE_BUSINESS_MESSAGES",
    "MESSAGING_INSTAGRAM_DIRECT",
    "MESSAGING_SMS",
    "MESSAGING_TWITTER_DIRECT",
    "MESSAGING_WECHAT",
    "MESSAGING_WHATSAPP",
]);
pub(super) const INITIATION_TYPES: Form =
    Form::OneOf(&["CONSUMER_STANDARD", "CONSUMER_TARGETED", "AGENT_INITIATED"]);

/// The members of a message, by their types. *Twins* are numbers that are sent a second time as a text.
#[derive(Default)]
pub(super) struct Format {
    pub(super) twins: &'static [&'static str],
    pub(super) numbers: &'static [&'static str],
    pub(super) texts: &'static [&'static str],
    pub(super) flags: &'static [&'static str],
    pub(super) lists: &'static [&'static str],
}

/// The members at the end of each message, except that a configuration change has no destination.
pub(super) const TAIL: Format = Format {
    twins: &["destinationId", "senderId", "createdTime", "sequenceNumber"],
    texts: &["destinationType", "senderType", "messageType", "visibility"],
    numbers: &[],
    flags: &[],
    lists: &[],
};

impl Format {
    /// Whether a message has all these members.
    pub(super) fn check(&self, message: &Value) -> Seen {
        let members = |names: &'static [&'static str], form| {
            names.iter().map(move |name| member_of(message, name, form))
        };
        let checks: Vec<Seen> = self
            .twins
            .iter()
            .map(|name| twin_of(message, name))
            .chain(members(self.numbers, Form::Int32))
            .chain(members(self.texts, Form::Text))
            .chain(members(self.flags, Form::Flag))
            .chain(members(self.lists, Form::List))
            .collect();
        let count = checks.len();
        all(checks).map(|_| format!("{count} members"))
    }
}
