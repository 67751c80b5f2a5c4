//! The system messages of the consumer's stream: internally tagged by `messageName`, fifteen known
//! names (FOUND in Oracle's own sample), and whatever else may come.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::object::{default_object, wire_enum, wire_object};
use crate::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role, SneakPreviewState};
use crate::{
    AccountId, ClientId, EngagementId, Fields, SequenceNumber, ServiceTime, WireObject, WireValue,
};

wire_object! {
    /// Where a message stands in its stream. FOUND for some messages, INFERRED for the others.
    pub struct Stamp {
        /// The message's place: counts up within the session.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
        /// A label, never an order.
        pub created_time: Option<ServiceTime> = maybe "createdTime",
    }
}
default_object!(Stamp);

wire_object! {
    /// What the agent is doing, and the sneak preview's settings now. FOUND, complete.
    pub struct ActivityChanged {
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The engagement.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// What they are doing.
        pub mode: Option<ActivityMode> = maybe "mode",
        /// Whether typed text may be sent.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// Least time between two previews, in ms.
        pub sneak_preview_interval: Option<i64> = maybe_twin "sneakPreviewInterval",
        /// What the agent has typed, where the agent's side sends it.
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether this chat is in the agent's focus.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// The engagement is over. FOUND.
    pub struct Concluded {
        /// Why; the list is that of PAGE 004 (INFERRED).
        pub reason: Option<DisconnectReason> = maybe "reason",
        /// Whose doing it was.
        pub role: Option<Role> = maybe "role",
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Somebody joined. Name, greeting, role, clientId FOUND; the rest INFERRED from PAGE 004.
    pub struct ParticipantAdded {
        /// Their name.
        pub name: Option<String> = maybe "name",
        /// Shown as their first message.
        pub greeting: Option<String> = maybe "greeting",
        /// As what they joined.
        pub role: Option<Role> = maybe "role",
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Their account; goes into a completed survey's address on some sites.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// The engagement.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// True for a bot.
        pub virtual_agent: Option<bool> = maybe "virtualAgent",
        /// Added in November 2025; where it sits is INFERRED.
        pub agent_session_type: Option<String> = maybe "agentSessionType",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Somebody left. FOUND. A LEAD who left by TRANSFERRED_TO_QUEUE leaves the engagement waiting
    /// again, not ended.
    pub struct ParticipantLeft {
        /// As what they had joined.
        pub role: Option<Role> = maybe "role",
        /// Why.
        pub disconnect_reason: Option<DisconnectReason> = maybe "disconnectReason",
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A message. Body and clientId FOUND; the rest INFERRED from PAGE 003 and 004.
    pub struct MessagePosted {
        /// The text, or HTML where `richText` is true. Agents' consoles also send HTML unmarked.
        pub body: String = required "body",
        /// Who wrote it.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// True: the body is HTML.
        pub rich_text: Option<bool> = maybe "richText",
        /// True: not logged.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// A virtual agent's answer: JSON in a text.
        pub va_response: Option<String> = maybe "vaResponse",
        /// The sender's own id of the message.
        pub message_id: Option<String> = maybe "messageId",
        /// Key and value texts kept with the message.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = maybe "messageDataMap",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Where the engagement stands in the queue. FOUND.
    pub struct WaitInformationChanged {
        /// Counts from 1; 0 or less means *not known*.
        pub position: Option<i64> = maybe_twin "position",
        /// In s; below 0 means *not known* (INFERRED).
        pub expected_wait_time_seconds: Option<i64> = maybe_twin "expectedWaitTimeSeconds",
        /// In s; below 0 means *not known* (INFERRED).
        pub average_wait_time_seconds: Option<i64> = maybe_twin "averageWaitTimeSeconds",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A participant lost or regained contact. connectionState FOUND, the rest INFERRED.
    pub struct ParticipantConnectionStateChanged {
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Their connection now.
        pub connection_state: Option<ConnectionState> = maybe "connectionState",
        /// How long until they are given up, in s.
        pub seconds_to_disconnect: Option<i64> = maybe "secondsToDisconnect",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Another agent leads. Members INFERRED from the older protocol.
    pub struct RoleChanged {
        /// The new lead.
        pub lead_client_id: Option<ClientId> = maybe_twin "leadClientId",
        /// Whose role changed.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// Their role now.
        pub role: Option<Role> = maybe "role",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// The pool has changed: every later request must use the new one. PAGE 001 tells of it; the
    /// members are INFERRED from PAGE 004.
    pub struct ConfigurationChanged {
        /// In the older protocol `CHAT_CLUSTER_POOL_ID`.
        pub name: Option<String> = maybe "name",
        /// In the older protocol the new pool.
        pub value: Option<String> = maybe "value",
        /// A new host, where it changes. Followed only when the embedding page allows it.
        pub domain: Option<String> = maybe "domain",
        /// A new port: a text in PAGE 004, a number elsewhere.
        pub port: Option<i64> = maybe "port",
        /// The new pool.
        pub pool: Option<String> = maybe "pool",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

impl ConfigurationChanged {
    /// The new pool, wherever the message holds it.
    pub fn new_pool(&self) -> Option<&str> {
        let by_name = self.name.as_deref() == Some("CHAT_CLUSTER_POOL_ID");
        let value = self.value.as_deref().filter(|_| by_name);
        let mut pools = [self.pool.as_deref(), value].into_iter().flatten();
        pools.find(|pool| !pool.is_empty())
    }
}

wire_object! {
    /// An error of the server. Members INFERRED from PAGE 003 and 004.
    pub struct ConsumerErrorOccurred {
        /// The condition.
        pub error_condition: Option<String> = maybe "errorCondition",
        /// The text.
        pub text: Option<String> = maybe "text",
        /// The type.
        pub kind: Option<String> = maybe "type",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A file of the agent. Members INFERRED from the site's `getTempFile`.
    pub struct FileAttachment {
        /// Who sent it.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The name to show.
        pub user_file_name: Option<String> = maybe "userFileName",
        /// The name at the server.
        pub local_file_name: Option<String> = maybe "localFileName",
        /// Its media type.
        pub content_type: Option<String> = maybe "contentType",
        /// In bytes.
        pub file_size: Option<i64> = maybe_twin "fileSize",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_enum! {
    /// How a file's transfer goes. INFERRED from the older protocol.
    pub enum FileAttachmentState {
        /// It is there.
        Received = "RECEIVED",
        /// It is not.
        Error = "ERROR",
    }
}

wire_object! {
    /// How a file's transfer goes. Members INFERRED from the older protocol.
    pub struct FileAttachmentStatus {
        /// Who sent it.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The name to show.
        pub user_file_name: Option<String> = maybe "userFileName",
        /// How it goes.
        pub status: Option<FileAttachmentState> = maybe "status",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Co-browsing or video: an invitation, its status or its token. Members INFERRED from the
    /// older protocol.
    pub struct Media {
        /// Who.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// STARTED, STOPPED, ABORTED, ERROR, ACCEPTED, DECLINED, UNAVAILABLE, TIMEOUT.
        pub status: Option<String> = maybe "status",
        /// Its place.
        pub stamp: Stamp = flat,
    }
}

default_object!(
    ActivityChanged,
    Concluded,
    ParticipantAdded,
    ParticipantLeft,
    WaitInformationChanged,
    ParticipantConnectionStateChanged,
    RoleChanged,
    ConfigurationChanged,
    ConsumerErrorOccurred,
    FileAttachment,
    FileAttachmentStatus,
    Media,
);

/// Declares [`SystemMessage`] from the list of its names.
macro_rules! system_messages {
    ($( $(#[$meta:meta])* $variant:ident($content:ty) = $name:literal, )+) => {
        /// A message of the consumer's stream.
        #[derive(Clone, Debug, PartialEq)]
        pub enum SystemMessage {
            $( #[doc = concat!("`", $name, "`")] $(#[$meta])* $variant($content), )+
            /// A name that is not in the list, or a known one with unreadable content: kept as it
            /// came, so that it costs the rest of its batch nothing.
            Unknown(Fields),
        }

        impl SystemMessage {
            /// The known values of `messageName`.
            pub const NAMES: &'static [&'static str] = &[ $( $name, )+ ];

            /// The value of `messageName`, empty where the message has none.
            pub fn name(&self) -> &str {
                match self {
                    $( Self::$variant(_) => $name, )+
                    Self::Unknown(fields) => fields
                        .0
                        .get("messageName")
                        .and_then(Value::as_str)
                        .unwrap_or_default(),
                }
            }

            /// Where the message stands in the stream.
            pub fn stamp(&self) -> Stamp {
                match self {
                    $( Self::$variant(content) => content.stamp.clone(), )+
                    Self::Unknown(fields) => {
                        Stamp::take_from(&mut fields.clone()).unwrap_or_default()
                    }
                }
            }

            fn from_fields(mut fields: Fields) -> Result<Self, Fields> {
                let whole = fields.clone();
                let name: String = fields.take("messageName").unwrap_or_default();
                let content = Value::Object(fields.0);
                match name.as_str() {
                    $( $name => <$content>::from_value(content).map(Self::$variant), )+
                    _ => return Err(whole),
                }
                .map_err(|_| whole)
            }
        }

        impl WireValue for SystemMessage {
            fn read(value: &Value) -> Option<Self> {
                let fields = Fields(value.as_object()?.clone());
                Some(Self::from_fields(fields).unwrap_or_else(Self::Unknown))
            }
            fn write(&self) -> Value {
                let mut fields = Fields::default();
                match self {
                    $( Self::$variant(content) => content.put_into(&mut fields), )+
                    Self::Unknown(raw) => return raw.write(),
                }
                fields.put("messageName", &self.name().to_owned());
                fields.write()
            }
        }

        // By hand, for the derived strategy is too large for a test's stack.
        #[cfg(test)]
        impl proptest::arbitrary::Arbitrary for SystemMessage {
            type Parameters = ();
            type Strategy = proptest::strategy::BoxedStrategy<Self>;
            fn arbitrary_with((): ()) -> Self::Strategy {
                use proptest::prelude::{Strategy as _, any};
                let known = [ $( any::<$content>().prop_map(Self::$variant).boxed(), )+ ];
                proptest::strategy::Union::new(known).boxed()
            }
        }
    };
}

system_messages! {
    ActivityChanged(ActivityChanged) = "RNEngagementActivityChangedMessage",
    Concluded(Concluded) = "RNEngagementConcludedMessage",
    ParticipantAdded(ParticipantAdded) = "RNEngagementParticipantAddedMessage",
    MessagePosted(MessagePosted) = "RNEngagementMessagePostedMessage",
    WaitInformationChanged(WaitInformationChanged) = "RNEngagementWaitInformationChangedMessage",
    ParticipantLeft(ParticipantLeft) = "RNEngagementParticipantLeftMessage",
    ParticipantConnectionStateChanged(ParticipantConnectionStateChanged) =
        "RNEngagementParticipantConnectionStateChangedMessage",
    RoleChanged(RoleChanged) = "RNEngagementRoleChangedMessage",
    ConfigurationChanged(ConfigurationChanged) = "RNEngagementConfigurationChangedMessage",
    ConsumerErrorOccurred(ConsumerErrorOccurred) = "RNEngagementConsumerErrorOccurredMessage",
    FileAttachment(FileAttachment) = "RNEngagementFileAttachmentMessage",
    FileAttachmentStatus(FileAttachmentStatus) = "RNEngagementFileAttachmentStatusMessage",
    MediaInvitation(Media) = "RNEngagementMediaInvitationMessage",
    MediaStatus(Media) = "RNEngagementMediaStatusMessage",
    MediaToken(Media) = "RNEngagementMediaTokenMessage",
}
