//! How the entries of the transcript are stored in a snapshot. The names in quotes are part of the format,
//! so they must not change. The module `stored` explains the macros and words such as `required` and `maybe`.

use std::rc::Rc;

use pipit_wire::vocabulary::DisconnectReason;
use pipit_wire::{Fields, Value, WireValue};

use crate::entry::{Content, Delivery, Entry, EntryId, Notice, PostFailure};
use crate::file::SharedFile;
use crate::stored::{Stored, stored_enum, stored_names, stored_object};

stored_object! {
    Entry {
        id: required "id",
        at: required "at",
        sequence: maybe "sequence",
        content: flat,
    }
    // A file has the same JSON names as a message of an agent: "name" is the agent's name, "text" is the file's name.
    SharedFile {
        from: defaulted "name",
        name: defaulted "text",
        bytes: maybe "bytes",
        url: maybe "url",
    }
}

stored_enum! {
    Content in "kind" {
        "visitor" => Visitor { text: defaulted "text", delivery: required "delivery" },
        "agent" => Agent {
            client_id: required "client",
            name: defaulted "name",
            body: defaulted "text",
            rich: defaulted "rich",
        },
        else Notice,
    }
}

stored_enum! {
    Notice in "kind" {
        "joined" => Joined(name: defaulted "text"),
        "joinedToo" => ConfereeJoined(name: defaulted "text"),
        "left" => Left(name: defaulted "text", reason: or(DisconnectReason::None) "reason"),
        "takenOver" => LeadChanged(name: defaulted "text"),
        "waitingAgain" => Requeued,
        "gap" => Gap,
        "file" => File(file: flat),
        "server" => Server { text: defaulted "text", rich: defaulted "rich" },
        "unreadable" => Unreadable,
        "concluded" => Concluded(reason: or(DisconnectReason::None) "reason"),
    }
}

stored_names! {
    Delivery {
        Queued = "queued",
        Sending = "sending",
        Accepted = "accepted",
        Unknown = "unknown",
        Failed(PostFailure::LeadLeft) = "leadLeft",
        Failed(PostFailure::TakenForAbuse) = "abuse",
        Failed(PostFailure::Refused) = "refused",
        Failed(PostFailure::ConversationEnded) = "over",
    }
}

impl WireValue for EntryId {
    fn read(value: &Value) -> Option<Self> {
        u64::read(value).map(Self)
    }

    fn write(&self) -> Value {
        self.0.write()
    }
}

/// A stored address is checked again, because the storage may contain anything.
impl Stored for Rc<SharedFile> {
    fn take_from(fields: &mut Fields) -> Option<Self> {
        SharedFile::take_from(fields).map(|file| Self::new(file.without_unsafe_url()))
    }

    fn put_into(&self, fields: &mut Fields) {
        SharedFile::put_into(self, fields);
    }
}
