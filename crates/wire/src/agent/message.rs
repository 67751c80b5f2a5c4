//! The system messages of the agent's stream: externally tagged (`{"ChatPostMessage": {...}}`),
//! eight kinds. PAGE 004.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ChatEngagementAssignment, DestinationType, Visibility};
use crate::object::{default_object, wire_object};
use crate::vocabulary::{ActivityMode, DisconnectReason, Role, SneakPreviewState};
use crate::{
    AccountId, ChatSystemError, ClientId, EngagementId, Fields, SequenceNumber, WireObject,
    WireValue,
};

wire_object! {
    /// What nearly every message of the agent's stream ends with. PAGE 004.
    pub struct Tail {
        /// To which. (`ChatConfigChangeNotification` has none.)
        pub destination_id: Option<i64> = maybe_twin "destinationId",
        /// To what.
        pub destination_type: Option<DestinationType> = maybe "destinationType",
        /// From which.
        pub sender_id: Option<i64> = maybe_twin "senderId",
        /// From what.
        pub sender_type: Option<DestinationType> = maybe "senderType",
        /// The kind.
        pub message_type: Option<String> = maybe "messageType",
        /// Who may see it.
        pub visibility: Option<Visibility> = maybe "visibility",
        /// In ms since 1970.
        pub created_time: Option<i64> = maybe_twin "createdTime",
        /// The message's place in the stream.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
    }
}

wire_object! {
    /// What the visitor is doing. PAGE 004.
    pub struct ChatActivitySignal {
        /// The engagement.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// NONE, LISTENING or RESPONDING.
        pub mode: Option<ActivityMode> = maybe "mode",
        /// Whether previews may come.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// Least time between two previews, in ms. No twin here.
        pub sneak_preview_interval: Option<i32> = maybe "sneakPreviewInterval",
        /// What the visitor has typed and not sent. (The consumer sent it as `sneakPreviewText`.)
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether the chat is in the agent's focus.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// Its place.
        pub tail: Tail = flat,
    }
}

wire_object! {
    /// The pool has changed: every later request must use the new one. PAGE 004.
    pub struct ChatConfigChangeNotification {
        /// What changed.
        pub name: Option<String> = maybe "name",
        /// Its new value.
        pub value: Option<String> = maybe "value",
        /// The new host.
        pub domain: Option<String> = maybe "domain",
        /// The new port, a text.
        pub port: Option<String> = maybe "port",
        /// The new pool.
        pub pool: Option<String> = maybe "pool",
        /// Its place.
        pub tail: Tail = flat,
    }
}

wire_object! {
    /// A participant has disconnected. PAGE 004.
    pub struct ChatDisconnectNotification {
        /// The engagement.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Why.
        pub reason: Option<DisconnectReason> = maybe "reason",
        /// Their role.
        pub role: Option<Role> = maybe "role",
        /// Its place.
        pub tail: Tail = flat,
    }
}

wire_object! {
    /// A participant has joined. PAGE 004.
    pub struct ChatEngagementParticipantAdded {
        /// Their name.
        pub name: Option<String> = maybe "name",
        /// What they are introduced with.
        pub greeting: Option<String> = maybe "greeting",
        /// Key and value texts; printed as `null`.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = nullable "messageDataMap",
        /// The engagement.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Their role.
        pub role: Option<Role> = maybe "role",
        /// Their account.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// True for a bot.
        pub virtual_agent: Option<bool> = maybe "virtualAgent",
        /// Its place.
        pub tail: Tail = flat,
    }
}

wire_object! {
    /// Nothing came within the hold. Not an error; comes alone. PAGE 004.
    pub struct ChatGetTimeout {}
}

wire_object! {
    /// A message. It names no engagement: that is its destination (INFERRED). PAGE 004.
    pub struct ChatPostMessage {
        /// The text.
        pub body: String = required "body",
        /// A virtual agent's answer: JSON in a text.
        pub va_response: Option<String> = maybe "vaResponse",
        /// True: not logged.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// True: the body is HTML.
        pub rich_text: Option<bool> = maybe "richText",
        /// Key and value texts; printed as `null`.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = nullable "messageDataMap",
        /// The sender's own id of the message.
        pub message_id: Option<String> = maybe "messageId",
        /// Its place.
        pub tail: Tail = flat,
    }
}

default_object!(
    Tail,
    ChatActivitySignal,
    ChatConfigChangeNotification,
    ChatDisconnectNotification,
    ChatEngagementParticipantAdded,
    ChatGetTimeout,
);

/// Declares [`AgentMessage`] from the list of its tags.
macro_rules! agent_messages {
    ($( $tag:ident ),+ $(,)?) => {
        /// A message of the agent's stream. PAGE 004.
        #[derive(Clone, Debug, PartialEq)]
        pub enum AgentMessage {
            $( #[doc = concat!("`", stringify!($tag), "`")] $tag(Box<$tag>), )+
            /// A tag that is not in the list, or a known one with unreadable content: kept as it
            /// came, so that it costs the rest of its batch nothing.
            Unknown(Value),
        }

        impl AgentMessage {
            /// The known tags.
            pub const NAMES: &'static [&'static str] = &[ $( stringify!($tag), )+ ];

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
                let tagged = Fields::read(value).and_then(|fields| {
                    let mut members = fields.0.into_iter();
                    let (tag, content) = members.next()?;
                    members.next().is_none().then(|| Self::from_tagged(&tag, content))?
                });
                Some(tagged.unwrap_or_else(|| Self::Unknown(value.clone())))
            }
            fn write(&self) -> Value {
                let (tag, content) = match self {
                    $( Self::$tag(content) => (stringify!($tag), content.to_value()), )+
                    Self::Unknown(raw) => return raw.clone(),
                };
                Value::Object(Map::from_iter([(tag.to_owned(), content)]))
            }
        }

        // By hand, for the derived strategy is too large for a test's stack.
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
