//! The request bodies of the consumer API, which is the visitor's side.
//!
//! In the tables below, the word before each JSON name, such as `maybe`, is the member's mode. The module `object`
//! explains the modes. In short: `required` must be present; `maybe` may be absent; and `flat` means that the members
//! of the type stand directly in this object. `wire_enum!` declares an enum whose values are texts. `default_object!`
//! implements `Default` for an object without required members. The attribute `proptest` tells the property tests which
//! values to generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use crate::object::{TextMap, default_object, wire_enum, wire_object};

wire_object! {
    /// Request body of `requestEngagement`, `getMessages` and `concludeEngagement`, and part of the bodies of `postMessage`
    /// and `activity`. All members are optional. PAGE 001: `requestEngagement` accepts the body `{}`. FOUND:
    /// `requestEngagement` and `concludeEngagement` have these members. INFERRED: `getMessages` has them too.
    pub struct ClientRequest {
        /// The client's local time when it sent the request, as `yyyy-MM-dd'T'HH:mm:ssXXX`.
        pub client_request_time: Option<String> = maybe "clientRequestTime",
        /// A number that the client chooses and the response repeats. A request that is sent again with the same number
        /// may have its effect twice: nothing documents that the server notices the repetition.
        pub client_transaction_id: Option<i64> = maybe "clientTransactionId",
    }
}
default_object!(ClientRequest);

wire_object! {
    /// Request body of `postMessage` (FOUND).
    pub struct PostMessageRequest {
        /// The text of the message.
        pub body: String = required "body",
        /// An id of the message, which the client chooses. INFERRED: `getMessages` returns the message with this id.
        pub message_id: Option<String> = maybe "messageId",
        /// True if the server must not log the message. `None` means false.
        pub off_the_record: Option<bool> = maybe "offTheRecord",
        /// True if `body` is HTML. `None` means false.
        pub rich_text: Option<bool> = maybe "richText",
        /// Keys and values that are stored with the message.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<TextMap> = maybe "messageDataMap",
        /// The client's time and the number of the request, which the response repeats.
        pub client: ClientRequest = flat,
    }
}

wire_enum! {
    /// What the visitor is doing, as `activity` reports it (FOUND).
    pub enum ConsumerMode {
        /// The visitor is reading, or is doing nothing.
        Listening = "LISTENING",
        /// The visitor is writing.
        Responding = "RESPONDING",
    }
}

wire_object! {
    /// Request body of `activity` (FOUND).
    pub struct ActivityRequest {
        /// What the visitor is doing.
        pub mode: ConsumerMode = required "mode",
        /// The text that the visitor has typed and not sent. Messages from the server call this member `sneakPreview`.
        pub sneak_preview_text: Option<String> = maybe "sneakPreviewText",
        /// Whether the agent is looking at this chat, according to the server's most recent report. `None` means false.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The client's time and the number of the request, which the response repeats.
        pub client: ClientRequest = flat,
    }
}
