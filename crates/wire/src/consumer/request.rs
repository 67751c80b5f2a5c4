//! What the consumer asks.

use std::collections::BTreeMap;

use crate::object::{default_object, wire_enum, wire_object};

wire_object! {
    /// Body of `requestEngagement` (PAGE 001; members FOUND), `getMessages` (members INFERRED from
    /// the siblings) and `concludeEngagement` (FOUND): the client's own labels, all optional.
    pub struct ClientRequest {
        /// The client's local time, `yyyy-MM-dd'T'HH:mm:ssXXX`.
        pub client_request_time: Option<String> = maybe "clientRequestTime",
        /// Echoed in the answer; nothing is known to be made idempotent by it.
        pub client_transaction_id: Option<i64> = maybe "clientTransactionId",
    }
}
default_object!(ClientRequest);

wire_object! {
    /// Body of `postMessage`. FOUND.
    pub struct PostMessageRequest {
        /// The text.
        pub body: String = required "body",
        /// Chosen by the client. That it comes back in the stream is INFERRED.
        pub message_id: Option<String> = maybe "messageId",
        /// True: not logged. Default false.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// True: the body is HTML. Default false.
        pub rich_text: Option<bool> = maybe "richText",
        /// Key and value texts kept with the message.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = maybe "messageDataMap",
        /// The client's own labels.
        pub client: ClientRequest = flat,
    }
}

wire_enum! {
    /// What the visitor is doing. FOUND.
    pub enum ConsumerMode {
        /// Reading, or idle.
        Listening = "LISTENING",
        /// Writing.
        Responding = "RESPONDING",
    }
}

wire_object! {
    /// Body of `activity`. FOUND.
    pub struct ActivityRequest {
        /// What the visitor is doing.
        pub mode: ConsumerMode = required "mode",
        /// What stands in the composer. The name trap: the messages call the same `sneakPreview`.
        pub sneak_preview_text: Option<String> = maybe "sneakPreviewText",
        /// Whether this chat is in the agent's focus, echoed. Default false.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The client's own labels.
        pub client: ClientRequest = flat,
    }
}
