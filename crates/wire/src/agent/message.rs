//! The system messages of the agent's stream. A message is an object with one member, and the name of the
//! member is its tag (`{"ChatPostMessage": {...}}`). Eight tags are known. PAGE 004.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::assignment::ChatEngagementAssignment;
use super::envelope::Envelope;
use crate::object::{default_object, wire_object};
use crate::vocabulary::{ActivityMode, DisconnectReason, Role, SneakPreviewState};
use crate::{AccountId, ChatSystemError, ClientId, EngagementId, Fields, WireObject, WireValue};

wire_object! {
    /// Reports what the visitor is doing. PAGE 004.
    pub struct ChatActivitySignal {
        /// The engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The client id of the participant concerned.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// What the visitor is doing: NONE, LISTENING or RESPONDING.
        pub mode: Option<ActivityMode> = maybe "mode",
        /// Whether the sneak preview is enabled.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms. Not a twin here.
        pub sneak_preview_interval: Option<i32> = maybe "sneakPreviewInterval",
        /// What the visitor has typed and not sent. (The consumer API calls it `sneakPreviewText`.)
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether the agent is looking at the chat.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// Sender, destination, visibility and number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// The pool has changed: every later request must use the new one. PAGE 004.
    pub struct ChatConfigChangeNotification {
        /// The name of the changed setting.
        pub name: Option<String> = maybe "name",
        /// The new value of the setting.
        pub value: Option<String> = maybe "value",
        /// The new host.
        pub domain: Option<String> = maybe "domain",
        /// The new port, as a text.
        pub port: Option<String> = maybe "port",
        /// The new pool.
        pub pool: Option<String> = maybe "pool",
        /// Sender, destination, visibility and number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// A participant has disconnected. PAGE 004.
    pub struct ChatDisconnectNotification {
        /// The engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The client id of the participant concerned.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Why the participant disconnected.
        pub reason: Option<DisconnectReason> = maybe "reason",
        /// The role of the participant.
        pub role: Option<Role> = maybe "role",
        /// Sender, destination, visibility and number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// A participant has joined. PAGE 004.
    pub struct ChatEngagementParticipantAdded {
        /// The name of the participant.
        pub name: Option<String> = maybe "name",
        /// A greeting that introduces the participant.
        pub greeting: Option<String> = maybe "greeting",
        /// Keys and values that are stored with the message; `null` on the page.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = nullable "messageDataMap",
        /// The engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The client id of the participant concerned.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The role of the participant.
        pub role: Option<Role> = maybe "role",
        /// The account of the participant.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// True for a virtual agent.
        pub virtual_agent: Option<bool> = maybe "virtualAgent",
        /// Sender, destination, visibility and number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// There was no message while the server held the poll. This is not an error, and no other message is
    /// in the batch. PAGE 004.
    pub struct ChatGetTimeout {}
}

wire_object! {
    /// A participant wrote a message. It names no engagement; the destination does (INFERRED). PAGE 004.
    pub struct ChatPostMessage {
        /// The text of the message.
        pub body: String = required "body",
        /// The answer of a virtual agent: JSON inside a text.
        pub va_response: Option<String> = maybe "vaResponse",
        /// True if the message is not logged.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// True if the body is HTML.
        pub rich_text: Option<bool> = maybe "richText",
        /// Keys and values that are stored with the message; `null` on the page.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = nullable "messageDataMap",
        /// The id that the sender chose for the message.
        pub message_id: Option<String> = maybe "messageId",
        /// Sender, destination, visibility and number.
        pub envelope: Envelope = flat,
    }
}

default_object!(
    ChatActivitySignal,
    ChatConfigChangeNotification,
    ChatDisconnectNotification,
    ChatEngagementParticipantAdded,
    ChatGetTimeout,
);

/// Declares [`AgentMessage`] by the list of its tags.
macro_rules! agent_messages {
    ($( $tag:ident ),+ $(,)?) => {
        /// A message of the agent's stream. PAGE 004.
        #[derive(Clone, Debug, PartialEq)]
        pub enum AgentMessage {
            $( #[doc = concat!("`", stringify!($tag), "`")] $tag(Box<$tag>), )+
            /// A message with a tag that is not in the list, or with content that cannot be read. It is kept
            /// unchanged, so that one such message does not spoil the rest of its batch.
            Unknown(Value),
        }

        impl AgentMessage {
            /// The known tags.
            pub const NAMES: &'static [&'static str] = &[ $( stringify!($tag), )+ ];

            /// Reads the content of a message with this tag.
            fn from_tagged(tag: &str, content: Value) -> Option<Self> {
                match tag {
                    $( stringify!($tag) => {
                        $tag::from_value(content).ok().map(|it| Self::$tag(Box::new(it)))
                    } )+
                    _ => None,
                }
            }
        }

        impl WireValue for AgentMessage {
            fn read(value: &Value) -> Option<Self> {
                let known = Fields::read(value).and_then(|fields| {
                    let mut members = fields.0.into_iter();
                    let (tag, content) = members.next()?;
                    members.next().is_none().then(|| Self::from_tagged(&tag, content))?
                });
                Some(known.unwrap_or_else(|| Self::Unknown(value.clone())))
            }
            fn write(&self) -> Value {
                let (tag, content) = match self {
                    $( Self::$tag(content) => (stringify!($tag), content.to_value()), )+
                    Self::Unknown(raw) => return raw.clone(),
                };
                Value::Object(Map::from_iter([(tag.to_owned(), content)]))
            }
        }

        // Written by hand, because the derived strategy is too large for a test's stack.
        #[cfg(test)]
        impl proptest::arbitrary::Arbitrary for AgentMessage {
            type Parameters = ();
            type Strategy = proptest::strategy::BoxedStrategy<Self>;
            fn arbitrary_with((): ()) -> Self::Strategy {
                use proptest::prelude::{Strategy as _, any};
                let known = [ $( any::<Box<$tag>>().prop_map(Self::$tag).boxed(), )+ ];
                proptest::strategy::Union::new(known).boxed()
            }
        }
    };
}

agent_messages! {
    ChatActivitySignal,
    ChatConfigChangeNotification,
    ChatDisconnectNotification,
    ChatEngagementAssignment,
    ChatEngagementParticipantAdded,
    ChatGetTimeout,
    ChatPostMessage,
    ChatSystemError,
}
