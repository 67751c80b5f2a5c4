//! The system messages of the consumer's stream. The member `messageName` tags each message. Fifteen names
//! are known (FOUND in Oracle's own sample); messages with other names are kept as `Unknown`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::object::{default_object, wire_enum, wire_object};
use crate::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role, SneakPreviewState};
use crate::{
    AccountId, ClientId, EngagementId, Fields, SequenceNumber, ServiceTime, WireObject, WireValue,
};

wire_object! {
    /// The position of a message in its stream. FOUND for some messages, INFERRED for the others.
    pub struct Stamp {
        /// The number of the message; it increases within the session.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
        /// When the message was created. Not reliable enough to order messages by.
        pub created_time: Option<ServiceTime> = maybe "createdTime",
    }
}
default_object!(Stamp);

wire_object! {
    /// Reports what the agent is doing, and the current settings of the sneak preview. FOUND, complete.
    pub struct ActivityChanged {
        /// The client id of the agent.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// What the agent is doing.
        pub mode: Option<ActivityMode> = maybe "mode",
        /// Whether the sneak preview is enabled.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms.
        pub sneak_preview_interval: Option<i64> = maybe_twin "sneakPreviewInterval",
        /// What the agent has typed, if the agent's client sends it.
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether the agent is looking at this chat.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// The engagement is over. FOUND.
    pub struct Concluded {
        /// Why the engagement ended. The list of values is that of PAGE 004 (INFERRED).
        pub reason: Option<DisconnectReason> = maybe "reason",
        /// The role of the participant who ended it.
        pub role: Option<Role> = maybe "role",
        /// The client id of the participant who ended it.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A participant joined. Name, greeting, role, clientId FOUND; the rest INFERRED from PAGE 004.
    pub struct ParticipantAdded {
        /// The name of the participant.
        pub name: Option<String> = maybe "name",
        /// A greeting, shown as the participant's first message.
        pub greeting: Option<String> = maybe "greeting",
        /// The role of the participant.
        pub role: Option<Role> = maybe "role",
        /// The client id of the participant.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The account of the participant. Some sites put it into the address of the completed survey.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// The engagement that the participant joined.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// True for a virtual agent.
        pub virtual_agent: Option<bool> = maybe "virtualAgent",
        /// The type of the agent session. Added in November 2025; that it is a member here is INFERRED.
        pub agent_session_type: Option<String> = maybe "agentSessionType",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A participant left. FOUND. If a LEAD left with the reason TRANSFERRED_TO_QUEUE, the engagement has
    /// not ended: it waits in a queue again.
    pub struct ParticipantLeft {
        /// The role of the participant.
        pub role: Option<Role> = maybe "role",
        /// Why the participant left.
        pub disconnect_reason: Option<DisconnectReason> = maybe "disconnectReason",
        /// The client id of the participant.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A participant, the visitor included, wrote a message. Body and clientId FOUND; the rest INFERRED from
    /// PAGE 003 and 004.
    pub struct MessagePosted {
        /// The text; HTML if `richText` is true. Agents' consoles also send HTML without that mark.
        pub body: String = required "body",
        /// The client id of the author.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// True if the body is HTML.
        pub rich_text: Option<bool> = maybe "richText",
        /// True if the message is not logged.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// The answer of a virtual agent: JSON inside a text.
        pub va_response: Option<String> = maybe "vaResponse",
        /// The id that the sender chose for the message.
        pub message_id: Option<String> = maybe "messageId",
        /// Keys and values that are stored with the message.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = maybe "messageDataMap",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// The position of the engagement in the queue. FOUND.
    pub struct WaitInformationChanged {
        /// The position, counted from 1; 0 or less means *not known*.
        pub position: Option<i64> = maybe_twin "position",
        /// The expected waiting time, in s; below 0 means *not known* (INFERRED).
        pub expected_wait_time_seconds: Option<i64> = maybe_twin "expectedWaitTimeSeconds",
        /// The average waiting time, in s; below 0 means *not known* (INFERRED).
        pub average_wait_time_seconds: Option<i64> = maybe_twin "averageWaitTimeSeconds",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A participant lost or regained contact. connectionState FOUND, the rest INFERRED.
    pub struct ParticipantConnectionStateChanged {
        /// The client id of the participant.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The connection now.
        pub connection_state: Option<ConnectionState> = maybe "connectionState",
        /// The time until the server gives the participant up, in s.
        pub seconds_to_disconnect: Option<i64> = maybe "secondsToDisconnect",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Another agent is the lead now. Members INFERRED from the older protocol.
    pub struct RoleChanged {
        /// The client id of the new lead.
        pub lead_client_id: Option<ClientId> = maybe_twin "leadClientId",
        /// The client id of the participant whose role changed.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The new role of that participant.
        pub role: Option<Role> = maybe "role",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// The pool has changed: every later request must use the new one. PAGE 001 mentions this message; its
    /// members are INFERRED from PAGE 004.
    pub struct ConfigurationChanged {
        /// The name of the changed setting; `CHAT_CLUSTER_POOL_ID` in the older protocol.
        pub name: Option<String> = maybe "name",
        /// The new value of the setting; the new pool in the older protocol.
        pub value: Option<String> = maybe "value",
        /// The new host, if it changes. The engine follows it only if the embedding page allows that host.
        pub domain: Option<String> = maybe "domain",
        /// The new port: a text in PAGE 004, a number elsewhere.
        pub port: Option<i64> = maybe "port",
        /// The new pool.
        pub pool: Option<String> = maybe "pool",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

impl ConfigurationChanged {
    /// The new pool, from the member `pool` or, as in the older protocol, from `name` and `value`.
    pub fn new_pool(&self) -> Option<&str> {
        let names_pool = self.name.as_deref() == Some("CHAT_CLUSTER_POOL_ID");
        let named_value = self.value.as_deref().filter(|_| names_pool);
        let mut pools = [self.pool.as_deref(), named_value].into_iter().flatten();
        pools.find(|pool| !pool.is_empty())
    }
}

wire_object! {
    /// The server reports an error. Members INFERRED from PAGE 003 and 004.
    pub struct ConsumerErrorOccurred {
        /// What went wrong, as a code.
        pub error_condition: Option<String> = maybe "errorCondition",
        /// What went wrong, for a person.
        pub text: Option<String> = maybe "text",
        /// The type of the error, a text without a list of values.
        pub kind: Option<String> = maybe "type",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// An agent sent a file. Members INFERRED from the site's `getTempFile`.
    pub struct FileAttachment {
        /// The client id of the sender.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The name of the file for the visitor.
        pub user_file_name: Option<String> = maybe "userFileName",
        /// The name of the file on the server.
        pub local_file_name: Option<String> = maybe "localFileName",
        /// The media type of the file.
        pub content_type: Option<String> = maybe "contentType",
        /// The size of the file, in bytes.
        pub file_size: Option<i64> = maybe_twin "fileSize",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_enum! {
    /// The state of a file's transfer. INFERRED from the older protocol.
    pub enum FileAttachmentState {
        /// The file has arrived.
        Received = "RECEIVED",
        /// The transfer failed.
        Error = "ERROR",
    }
}

wire_object! {
    /// Reports the state of a file's transfer. Members INFERRED from the older protocol.
    pub struct FileAttachmentStatus {
        /// The client id of the sender.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The name of the file for the visitor.
        pub user_file_name: Option<String> = maybe "userFileName",
        /// The state of the transfer.
        pub status: Option<FileAttachmentState> = maybe "status",
        /// The position of the message in the stream.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// An invitation to co-browsing or video, its status or its token. Members INFERRED from the older
    /// protocol.
    pub struct Media {
        /// The client id of the participant concerned.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// STARTED, STOPPED, ABORTED, ERROR, ACCEPTED, DECLINED, UNAVAILABLE, TIMEOUT.
        pub status: Option<String> = maybe "status",
        /// The position of the message in the stream.
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

/// Declares [`SystemMessage`] by a list of variants, their contents and their names.
macro_rules! system_messages {
    ($( $(#[$meta:meta])* $variant:ident($content:ty) = $name:literal, )+) => {
        /// A message of the consumer's stream.
        #[derive(Clone, Debug, PartialEq)]
        pub enum SystemMessage {
            $( #[doc = concat!("`", $name, "`")] $(#[$meta])* $variant($content), )+
            /// A message with a name that is not in the list, or with content that cannot be read. It is
            /// kept unchanged, so that one such message does not spoil the rest of its batch.
            Unknown(Fields),
        }

        impl SystemMessage {
            /// The known values of `messageName`.
            pub const NAMES: &'static [&'static str] = &[ $( $name, )+ ];

            /// The value of `messageName`; empty if the message has none.
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

            /// The position of the message in the stream.
            pub fn stamp(&self) -> Stamp {
                match self {
                    $( Self::$variant(content) => content.stamp.clone(), )+
                    Self::Unknown(fields) => {
                        Stamp::take_from(&mut fields.clone()).unwrap_or_default()
                    }
                }
            }

            /// Reads a message; returns the unchanged members if its name or content is not known.
            fn from_fields(mut fields: Fields) -> Result<Self, Fields> {
                let original = fields.clone();
                let name: String = fields.take("messageName").unwrap_or_default();
                let content = Value::Object(fields.0);
                match name.as_str() {
                    $( $name => <$content>::from_value(content).map(Self::$variant), )+
                    _ => return Err(original),
                }
                .map_err(|_| original)
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

        // Written by hand, because the derived strategy is too large for a test's stack.
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
