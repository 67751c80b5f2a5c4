//! The members that the messages to an agent share. All types of messages except `ChatGetTimeout` and `ChatSystemError`
//! have these members in addition to their own. The agent's client gets the messages from `getMessages`.
//!
//! In the table below, the word before each JSON name is the member's mode. A member with the mode `maybe` may be
//! absent. The mode `maybe_twin` also means that a number is sent twice, as `name` and as the text `nameString`. The
//! module `object` explains the macros and all modes.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use super::request::{DestinationType, Visibility};
use crate::SequenceNumber;
use crate::object::{default_object, wire_object};

wire_object! {
    /// The sender, destination, visibility and sequence number of a message to an agent (PAGE 004).
    pub struct Envelope {
        /// The id of the destination, for example of an engagement (one chat at the server). It is `None` in a
        /// `ChatConfigChangeNotification`.
        pub destination_id: Option<i64> = maybe_twin "destinationId",
        /// What `destination_id` identifies, for example an engagement or an agent.
        pub destination_type: Option<DestinationType> = maybe "destinationType",
        /// The id of the sender.
        pub sender_id: Option<i64> = maybe_twin "senderId",
        /// What `sender_id` identifies, for example a visitor or an agent.
        pub sender_type: Option<DestinationType> = maybe "senderType",
        /// The kind of the message. The reference lists no values.
        pub message_type: Option<String> = maybe "messageType",
        /// The participants who may see the message.
        pub visibility: Option<Visibility> = maybe "visibility",
        /// When the message was created, in ms since 1970.
        pub created_time: Option<i64> = maybe_twin "createdTime",
        /// The number of the message among all messages of the agent's session.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
    }
}
default_object!(Envelope);
