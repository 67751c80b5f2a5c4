//! The system messages that `getMessages` returns to the consumer, which is the visitor's side of the API. The member
//! `messageName` of a message states its type. Fifteen names are known from Oracle's own sample. A message that has
//! another name is kept as [`SystemMessage::Unknown`], and what cannot be read as [`SystemMessage::Unreadable`].
//!
//! An *engagement* is one chat at the server. Its participants are the visitor and agents. The *client id* identifies a
//! participant's connection to the server. *The older protocol* is the protocol that preceded this API.
//!
//! In the tables below, the word before each JSON name, such as `maybe`, is the member's mode. The module `object`
//! explains the modes. In short: `required` must be present; `maybe` may be absent; `flat` means that the members of
//! the type stand directly in this object; and `twin` in a mode means that a number is sent twice, as `name` and as the
//! text `nameString`. Every object also has the member `unknown`, which keeps the JSON members that the table does not
//! declare or that cannot be read. `wire_enum!` declares an enum whose values are texts. `default_object!` implements
//! `Default` for an object without required members. The attribute `proptest` tells the property tests which values to
//! generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use serde_json::Value;

use crate::object::{TextMap, default_object, wire_enum, wire_object};
use crate::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role, SneakPreviewState};
use crate::{
    AccountId, ClientId, EngagementId, Fields, SequenceNumber, ServiceTime, WireObject, WireValue,
};

wire_object! {
    /// The sequence number and the time that every message has. FOUND for some messages. INFERRED for the others.
    pub struct Stamp {
        /// The number of the message. It increases with each message of the engagement.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
        /// When the server created the message. Use the sequence number, not this time, to order messages.
        pub created_time: Option<ServiceTime> = maybe "createdTime",
    }
}
default_object!(Stamp);

wire_object! {
    /// Reports what the agent is doing, and the settings of the sneak preview (typed text that is shown to the agent
    /// before it is sent). FOUND: all members.
    pub struct ActivityChanged {
        /// The agent's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The id of the engagement that the message belongs to.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// What the agent is doing.
        pub mode: Option<ActivityMode> = maybe "mode",
        /// Whether the visitor's client may send sneak previews.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms.
        pub sneak_preview_interval: Option<i64> = maybe_twin "sneakPreviewInterval",
        /// The text that the agent has typed and not sent, if the agent's client reports it.
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether the agent is looking at this chat. If not, the visitor's client sends no sneak previews.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports that the engagement has ended (FOUND).
    pub struct Concluded {
        /// The reason of the end. INFERRED: it has one of the values that PAGE 004 lists.
        pub reason: Option<DisconnectReason> = maybe "reason",
        /// The role of the participant who ended it.
        pub role: Option<Role> = maybe "role",
        /// The client id of the participant who ended it.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports that a participant has joined the engagement. FOUND: name, greeting, role and client id. INFERRED from
    /// PAGE 004: the other members.
    pub struct ParticipantAdded {
        /// The participant's name.
        pub name: Option<String> = maybe "name",
        /// A greeting, which the visitor sees as the participant's first message.
        pub greeting: Option<String> = maybe "greeting",
        /// The participant's role.
        pub role: Option<Role> = maybe "role",
        /// The participant's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The id of the participant's account, if the participant is an agent. Some customers put this id into the
        /// address of the survey after a completed engagement.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// The id of the engagement that the participant joined.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// True if the participant is a virtual agent.
        pub virtual_agent: Option<bool> = maybe "virtualAgent",
        /// The type of the agent session. Oracle added this member in November 2025. INFERRED: it is a member of this
        /// message.
        pub agent_session_type: Option<String> = maybe "agentSessionType",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports that a participant has left the engagement. If the role is LEAD (the agent who is responsible for the
    /// engagement) and the reason is TRANSFERRED_TO_QUEUE, the engagement has not ended: it waits in a queue again.
    /// (FOUND.)
    pub struct ParticipantLeft {
        /// The participant's role.
        pub role: Option<Role> = maybe "role",
        /// The reason why the participant left.
        pub disconnect_reason: Option<DisconnectReason> = maybe "disconnectReason",
        /// The participant's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// A text that a participant wrote. The participant can be the visitor, because a server may send the visitor's own
    /// texts back. FOUND: body and client id. INFERRED from PAGE 003 and 004: the other members.
    pub struct MessagePosted {
        /// The text of the message. It is HTML if `richText` is true. Agent consoles also send HTML without `richText`.
        pub body: String = required "body",
        /// The author's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// True if `body` is HTML.
        pub rich_text: Option<bool> = maybe "richText",
        /// True if the server must not log the message.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// The answer of a virtual agent, as a text that contains JSON.
        pub va_response: Option<String> = maybe "vaResponse",
        /// The id that the sender chose for the message.
        pub message_id: Option<String> = maybe "messageId",
        /// Keys and values that are stored with the message.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<TextMap> = maybe "messageDataMap",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports the position of the engagement in its queue, and waiting times (FOUND).
    pub struct WaitInformationChanged {
        /// The position, counted from 1. The value 0 or less means that the position is not known.
        pub position: Option<i64> = maybe_twin "position",
        /// The expected waiting time, in s. INFERRED: a value below 0 means that the time is not known.
        pub expected_wait_time_seconds: Option<i64> = maybe_twin "expectedWaitTimeSeconds",
        /// The average waiting time, in s. INFERRED: a value below 0 means that the time is not known.
        pub average_wait_time_seconds: Option<i64> = maybe_twin "averageWaitTimeSeconds",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports that a participant has lost or regained the connection to the server. FOUND: the connection state.
    /// INFERRED: the other members.
    pub struct ParticipantConnectionStateChanged {
        /// The participant's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The new state of the connection.
        pub connection_state: Option<ConnectionState> = maybe "connectionState",
        /// The time after which the server disconnects the participant, in s.
        pub seconds_to_disconnect: Option<i64> = maybe "secondsToDisconnect",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports that a participant has another role now. Usually another agent has become the lead, who is responsible
    /// for the engagement. INFERRED from the older protocol: the members.
    pub struct RoleChanged {
        /// The new lead's client id; `None` if the message names only a participant and a role.
        pub lead_client_id: Option<ClientId> = maybe_twin "leadClientId",
        /// The client id of the participant whose role changed.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The new role of that participant.
        pub role: Option<Role> = maybe "role",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Announces that another pool (group of chat servers) serves the engagement from now on. Every later request must
    /// use the new pool. PAGE 001 mentions this message. INFERRED from PAGE 004: the members.
    pub struct ConfigurationChanged {
        /// The name of the changed setting; `CHAT_CLUSTER_POOL_ID` in the older protocol.
        pub name: Option<String> = maybe "name",
        /// The new value of the setting; the new pool in the older protocol.
        pub value: Option<String> = maybe "value",
        /// The new host. `None` if the host does not change. The widget uses the new host only if the
        /// embedding web page allows it.
        pub domain: Option<String> = maybe "domain",
        /// The new port. It is a text in PAGE 004 and a number elsewhere; both forms are read. `None` if the port does
        /// not change.
        pub port: Option<i64> = maybe "port",
        /// The new pool.
        pub pool: Option<String> = maybe "pool",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

impl ConfigurationChanged {
    /// The new pool. It is the member `pool` or, as in the older protocol, `value` if `name` is the name of the pool's
    /// setting. `None` if neither names a pool.
    pub fn new_pool(&self) -> Option<&str> {
        let names_pool = self.name.as_deref() == Some("CHAT_CLUSTER_POOL_ID");
        let named_value = self.value.as_deref().filter(|_| names_pool);
        let mut pools = [self.pool.as_deref(), named_value].into_iter().flatten();
        pools.find(|pool| !pool.is_empty())
    }
}

wire_object! {
    /// Reports an error of the server. INFERRED from PAGE 003 and 004: the members.
    pub struct ConsumerErrorOccurred {
        /// The exception code.
        pub error_condition: Option<String> = maybe "errorCondition",
        /// An explanation for a person.
        pub text: Option<String> = maybe "text",
        /// The type of the error. Its values are not documented.
        pub kind: Option<String> = maybe "type",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports that an agent has sent a file. INFERRED: the members, from the operation `getTempFile` of the service
    /// site (the customer's site at Oracle B2C Service).
    pub struct FileAttachment {
        /// The sender's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The file's name as the visitor sees it.
        pub user_file_name: Option<String> = maybe "userFileName",
        /// The file's name on the server.
        pub local_file_name: Option<String> = maybe "localFileName",
        /// The file's media type, such as `image/png`.
        pub content_type: Option<String> = maybe "contentType",
        /// The file's size, in bytes.
        pub file_size: Option<i64> = maybe_twin "fileSize",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_enum! {
    /// The result of a file's transfer. INFERRED from the older protocol.
    pub enum FileAttachmentState {
        /// The transfer has ended, and the file was received.
        Received = "RECEIVED",
        /// The transfer failed.
        Error = "ERROR",
    }
}

wire_object! {
    /// Reports the result of a file's transfer. INFERRED from the older protocol: the members.
    pub struct FileAttachmentStatus {
        /// The sender's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The file's name as the visitor sees it.
        pub user_file_name: Option<String> = maybe "userFileName",
        /// The result of the transfer.
        pub status: Option<FileAttachmentState> = maybe "status",
        /// The sequence number and the time of the message.
        pub stamp: Stamp = flat,
    }
}

wire_object! {
    /// Reports an invitation to co-browsing or video, the status of the invitation, or the token for co-browsing or video.
    /// INFERRED from the older protocol: the members. We do not know which member has the token, so the token is in
    /// `unknown`.
    pub struct Media {
        /// The client id of the participant whose invitation, status or token the message reports.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The status: STARTED, STOPPED, ABORTED, ERROR, ACCEPTED, DECLINED, UNAVAILABLE or TIMEOUT.
        pub status: Option<String> = maybe "status",
        /// The sequence number and the time of the message.
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

/// Declares [`SystemMessage`] from a list of variants, with the type that each holds and its `messageName`.
macro_rules! system_messages {
    ($( $(#[$meta:meta])* $variant:ident($content:ty) = $name:literal, )+) => {
        /// A message to the consumer.
        #[derive(Clone, Debug, PartialEq)]
        pub enum SystemMessage {
            $( #[doc = concat!("`", $name, "`")] $(#[$meta])* $variant($content), )+
            /// A message with another name, which a newer server may send. It is kept unchanged.
            Unknown(Fields),
            /// What stands in the place of a message and is none: it is not an object, has no name, or has content that
            /// cannot be read. It is kept unchanged, so that the other messages of the response can still be read.
            Unreadable(Value),
        }

        impl SystemMessage {
            /// The known values of `messageName`.
            pub const NAMES: &'static [&'static str] = &[ $( $name, )+ ];

            /// The value of `messageName`. It is empty if the message has none.
            pub fn name(&self) -> &str {
                match self {
                    $( Self::$variant(_) => $name, )+
                    Self::Unknown(fields) => text_of(fields.0.get("messageName")),
                    Self::Unreadable(value) => text_of(value.get("messageName")),
                }
            }

            /// The sequence number and the time of the message. Both are `None` if the message has none.
            pub fn stamp(&self) -> Stamp {
                match self {
                    $( Self::$variant(content) => content.stamp.clone(), )+
                    Self::Unknown(fields) => {
                        Stamp::take_from(&mut fields.clone()).unwrap_or_default()
                    }
                    Self::Unreadable(value) => {
                        let mut fields = Fields::read(value).unwrap_or_default();
                        Stamp::take_from(&mut fields).unwrap_or_default()
                    }
                }
            }

            /// Reads a message. Returns `None` if it is none, has no name, or has content that cannot be read.
            fn from_value(value: &Value) -> Option<Self> {
                let mut fields = Fields::read(value)?;
                let name: String = fields.take("messageName").filter(|name: &String| !name.is_empty())?;
                let content = || Value::Object(fields.0);
                match name.as_str() {
                    $( $name => <$content>::from_value(content()).ok().map(Self::$variant), )+
                    _ => Fields::read(value).map(Self::Unknown),
                }
            }
        }

        impl WireValue for SystemMessage {
            fn read(value: &Value) -> Option<Self> {
                let unreadable = || Self::Unreadable(value.clone());
                Some(Self::from_value(value).unwrap_or_else(unreadable))
            }
            fn write(&self) -> Value {
                let mut fields = Fields::default();
                match self {
                    $( Self::$variant(content) => content.put_into(&mut fields), )+
                    Self::Unknown(raw) => return raw.write(),
                    Self::Unreadable(value) => return value.clone(),
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

/// The text of a member; empty if it is absent or not a text.
fn text_of(member: Option<&Value>) -> &str {
    member.and_then(Value::as_str).unwrap_or_default()
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
