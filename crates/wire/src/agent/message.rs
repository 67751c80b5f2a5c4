//! The messages that `getMessages` returns to an agent's client. A message is an object with one member, and the name
//! of this member, the *tag*, is the type of the message: `{"ChatPostMessage": {...}}`. Eight tags are known from
//! Oracle's API reference. A message with another tag is kept as [`AgentMessage::Unknown`].
//!
//! An *engagement* is one chat at the server. Its participants are the visitor and agents. The *client id* identifies a
//! participant's connection to the server.
//!
//! The module `object` defines two macros that are used below. `wire_object!` declares a JSON object; the word before
//! the JSON name of each member, such as `maybe`, is the member's *mode*. `default_object!` implements `Default`.
//! The modes in short: `required` must be present; `maybe` may be absent; `nullable` may be absent and is written as
//! `null` if it has no value; `flat` means that the members of the type stand directly in this object; and `twin` in a
//! mode means that a number is sent twice, as `name` and as the text `nameString`. The attribute `proptest` tells the
//! property tests which values to generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. INFERRED: our assumption.

use serde_json::{Map, Value};

use super::assignment::ChatEngagementAssignment;
use super::envelope::Envelope;
use crate::object::{TextMap, default_object, wire_object};
use crate::vocabulary::{ActivityMode, DisconnectReason, Role, SneakPreviewState};
use crate::{AccountId, ChatSystemError, ClientId, EngagementId, Fields, WireObject, WireValue};

wire_object! {
    /// Reports what the visitor is doing, with the text that the visitor has typed and not sent (PAGE 004).
    pub struct ChatActivitySignal {
        /// The id of the engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The client id of the visitor.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// What the visitor is doing: NONE, LISTENING or RESPONDING.
        pub mode: Option<ActivityMode> = maybe "mode",
        /// Whether the sneak preview is enabled: whether the agent sees what the visitor types before the visitor sends
        /// it.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms. It is written as a number only. (The message
        /// `ActivityChanged` to the visitor's client has it as a number and as a text.)
        pub sneak_preview_interval: Option<i32> = maybe "sneakPreviewInterval",
        /// The text that the visitor has typed and not sent as a message. The visitor's client reports it in the member
        /// `sneakPreviewText` of the request `activity`.
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether the agent is looking at the chat, according to the agent's most recent report.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The message's sender, destination, visibility and sequence number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// Announces that another pool (group of chat servers) serves the agent from now on. Every later request must use
    /// the new pool. (PAGE 004.)
    pub struct ChatConfigChangeNotification {
        /// The name of the changed setting.
        pub name: Option<String> = maybe "name",
        /// The new value of the setting.
        pub value: Option<String> = maybe "value",
        /// The new host. `None` if the host does not change.
        pub domain: Option<String> = maybe "domain",
        /// The new port, as a text. `None` if the port does not change.
        pub port: Option<String> = maybe "port",
        /// The new pool.
        pub pool: Option<String> = maybe "pool",
        /// The message's sender, destination, visibility and sequence number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// Reports that a participant has disconnected (PAGE 004).
    pub struct ChatDisconnectNotification {
        /// The id of the engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The client id of the participant who disconnected.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The reason of the disconnection.
        pub reason: Option<DisconnectReason> = maybe "reason",
        /// The participant's role in the engagement.
        pub role: Option<Role> = maybe "role",
        /// The message's sender, destination, visibility and sequence number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// Reports that a participant has joined the engagement (PAGE 004).
    pub struct ChatEngagementParticipantAdded {
        /// The participant's name.
        pub name: Option<String> = maybe "name",
        /// A greeting that introduces the participant.
        pub greeting: Option<String> = maybe "greeting",
        /// Keys and values that are stored with the message. The sample of PAGE 004 has `null`.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<TextMap> = nullable "messageDataMap",
        /// The id of the engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The client id of the participant who joined.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The participant's role in the engagement.
        pub role: Option<Role> = maybe "role",
        /// The id of the participant's account, if the participant is an agent.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// True if the participant is a virtual agent.
        pub virtual_agent: Option<bool> = maybe "virtualAgent",
        /// The message's sender, destination, visibility and sequence number.
        pub envelope: Envelope = flat,
    }
}

wire_object! {
    /// Reports that no message arrived while the server held the `getMessages` request. This is not an error. The
    /// response contains no other message. (PAGE 004.)
    pub struct ChatGetTimeout {}
}

wire_object! {
    /// A text that a participant wrote (PAGE 004). INFERRED: the destination in `envelope` is the engagement, because no
    /// other member names the engagement.
    pub struct ChatPostMessage {
        /// The text of the message.
        pub body: String = required "body",
        /// The answer of a virtual agent, as a text that contains JSON.
        pub va_response: Option<String> = maybe "vaResponse",
        /// True if the server must not log the message.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// True if `body` is HTML.
        pub rich_text: Option<bool> = maybe "richText",
        /// Keys and values that are stored with the message. The sample of PAGE 004 has `null`.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<TextMap> = nullable "messageDataMap",
        /// The id that the sender chose for the message.
        pub message_id: Option<String> = maybe "messageId",
        /// The message's sender, destination, visibility and sequence number.
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

/// Declares [`AgentMessage`] from the list of the tags. Each tag is also the name of the type that it holds.
macro_rules! agent_messages {
    ($( $tag:ident ),+ $(,)?) => {
        /// A message to an agent's client (PAGE 004).
        #[derive(Clone, Debug, PartialEq)]
        pub enum AgentMessage {
            $( #[doc = concat!("`", stringify!($tag), "`")] $tag(Box<$tag>), )+
            /// A message with another tag, a message with content that cannot be read, or a value that is not an object
            /// with one member. The value is kept unchanged, so that the other messages of the response can still be
            /// read.
            Unknown(Value),
        }

        impl AgentMessage {
            /// The known tags.
            pub const NAMES: &'static [&'static str] = &[ $( stringify!($tag), )+ ];

            /// Reads the content of a message with this tag. Returns `None` if the tag is not known or the
            /// content cannot be read.
            fn from_tagged(tag: &str, content: Value) -> Option<Self> {
                match tag {
                    $( stringify!($tag) => {
                        $tag::from_value(content).ok().map(|message| Self::$tag(Box::new(message)))
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
