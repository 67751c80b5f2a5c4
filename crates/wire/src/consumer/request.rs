//! The request bodies of the consumer API.

use std::collections::BTreeMap;

use crate::object::{default_object, wire_enum, wire_object};

wire_object! {
    /// Body of `requestEngagement` (PAGE 001; members FOUND), `getMessages` (members INFERRED from
    /// the other operations) and `concludeEngagement` (FOUND). All members are optional.
    pub struct ClientRequest {
        /// The local time of the client, `yyyy-MM-dd'T'HH:mm:ssXXX`.
        pub client_request_time: Option<String> = maybe "clientRequestTime",
        /// A number that the answer repeats. It is not known to make a request idempotent.
        pub client_transaction_id: Option<i64> = maybe "clientTransactionId",
    }
}
default_object!(ClientRequest);

wire_object! {
    /// Body of `postMessage`. FOUND.
    pub struct PostMessageRequest {
        /// The text of the message.
        pub body: String = required "body",
        /// An id that the client chooses. That the stream repeats it is INFERRED.
        pub message_id: Option<String> = maybe "messageId",
        /// True if the message must not be logged. Default false.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// True if the body is HTML. Default false.
        pub rich_text: Option<bool> = maybe "richText",
        /// Keys and values that are stored with the message.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = maybe "messageDataMap",
        /// The client's time and transaction id, which the answer repeats.
        pub client: ClientRequest = flat,
    }
}

wire_enum! {
    /// What the visitor is doing. FOUND.
    pub enum ConsumerMode {
        /// The visitor reads, or does nothing.
        Listening = "LISTENING",
        /// The visitor writes.
        Responding = "RESPONDING",
    }
}

wire_object! {
    /// Body of `activity`. FOUND.
    pub struct ActivityRequest {
        /// What the visitor is doing.
        pub mode: ConsumerMode = required "mode",
        /// The text in the composer. Careful: system messages call the same thing `sneakPreview`.
        pub sneak_preview_text: Option<String> = maybe "sneakPreviewText",
        /// The last known focus of the agent, sent back to the server. Default false.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The client's time and transaction id, which the answer repeats.
        pub client: ClientRequest = flat,
    }
}
