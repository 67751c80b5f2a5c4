//! The members that almost every message of the agent's stream carries beside its content.

use super::request::{DestinationType, Visibility};
use crate::SequenceNumber;
use crate::object::{default_object, wire_object};

wire_object! {
    /// Sender, destination, visibility and position of a message in the agent's stream. PAGE 004.
    pub struct Envelope {
        /// The id of the destination, for example of an engagement. (`ChatConfigChangeNotification`
        /// has none.)
        pub destination_id: Option<i64> = maybe_twin "destinationId",
        /// What kind of thing `destination_id` identifies.
        pub destination_type: Option<DestinationType> = maybe "destinationType",
        /// The id of the sender.
        pub sender_id: Option<i64> = maybe_twin "senderId",
        /// What kind of thing `sender_id` identifies.
        pub sender_type: Option<DestinationType> = maybe "senderType",
        /// The kind of the message, as a text that has no list of values.
        pub message_type: Option<String> = maybe "messageType",
        /// Who may see the message.
        pub visibility: Option<Visibility> = maybe "visibility",
        /// When the message was created, in ms since 1970.
        pub created_time: Option<i64> = maybe_twin "createdTime",
        /// The number of the message in the agent's stream.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
    }
}
default_object!(Envelope);
