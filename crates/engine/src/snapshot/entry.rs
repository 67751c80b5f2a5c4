//! One line of the transcript, kept and read again.

use std::rc::Rc;

use pipit_wire::Fields;
use pipit_wire::vocabulary::DisconnectReason;

use crate::SharedFile;
use crate::transcript::{Content, Delivery, Entry, EntryId, Notice, PostFailure};

/// Each delivery and its name.
const DELIVERIES: [(Delivery, &str); 8] = [
    (Delivery::Queued, "queued"),
    (Delivery::Sending, "sending"),
    (Delivery::Accepted, "accepted"),
    (Delivery::Unknown, "unknown"),
    (Delivery::Failed(PostFailure::LeadLeft), "leadLeft"),
    (Delivery::Failed(PostFailure::TakenForAbuse), "abuse"),
    (Delivery::Failed(PostFailure::Refused), "refused"),
    (Delivery::Failed(PostFailure::ConversationEnded), "over"),
];

pub(super) fn kept(entry: &Entry) -> Fields {
    let mut fields = Fields::default();
    fields.put("id", &i64::try_from(entry.id.0).unwrap_or(i64::MAX));
    fields.put("at", &entry.at);
    if let Some(sequence) = &entry.sequence {
        fields.put("sequence", sequence);
    }
    let (kind, text) = match &entry.content {
        Content::Visitor { text, delivery } => {
            fields.put("delivery", &delivery_name(*delivery).to_owned());
            ("visitor", Some(text))
        }
        Content::Agent {
            client_id,
            name,
            body,
            rich,
        } => {
            fields.put("client", client_id);
            fields.put("name", &name.to_string());
            fields.put("rich", rich);
            ("agent", Some(body))
        }
        Content::Notice(notice) => {
            keep_more(&mut fields, notice);
            notice_name(notice)
        }
    };
    fields.put("kind", &kind.to_owned());
    if let Some(text) = text {
        fields.put("text", &text.to_string());
    }
    fields
}

pub(super) fn again(mut fields: Fields) -> Option<Entry> {
    let kind: String = fields.take("kind")?;
    let id = u64::try_from(fields.take::<i64>("id")?).ok()?;
    let text: Rc<str> = fields.take::<String>("text").unwrap_or_default().into();
    Some(Entry {
        id: EntryId(id),
        at: fields.take("at")?,
        sequence: fields.take("sequence"),
        content: match kind.as_str() {
            "visitor" => Content::Visitor {
                text,
                delivery: delivery(&fields.take::<String>("delivery")?)?,
            },
            "agent" => Content::Agent {
                client_id: fields.take("client")?,
                name: fields.take::<String>("name").unwrap_or_default().into(),
                body: text,
                rich: fields.take("rich").unwrap_or_default(),
            },
            notice => Content::Notice(notice_again(notice, text, &mut fields)?),
        },
    })
}

/// What a notice has beside its kind and its text.
fn keep_more(fields: &mut Fields, notice: &Notice) {
    match notice {
        Notice::Left(_, reason) | Notice::Concluded(reason) => fields.put("reason", reason),
        Notice::Server { rich, .. } => fields.put("rich", rich),
        Notice::File(file) => {
            fields.put("name", &file.from.to_string());
            if let Some(bytes) = file.bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
                fields.put("bytes", &bytes);
            }
            if let Some(url) = &file.url {
                fields.put("url", &url.to_string());
            }
        }
        _ => {}
    }
}

fn delivery_name(delivery: Delivery) -> &'static str {
    let mut named = DELIVERIES.iter();
    named
        .find(|(of, _)| *of == delivery)
        .map_or("unknown", |(_, name)| name)
}

fn delivery(name: &str) -> Option<Delivery> {
    let mut named = DELIVERIES.iter();
    named
        .find(|(_, of)| *of == name)
        .map(|(delivery, _)| *delivery)
}

fn notice_name(notice: &Notice) -> (&'static str, Option<&Rc<str>>) {
    match notice {
        Notice::Joined(name) => ("joined", Some(name)),
        Notice::ConfereeJoined(name) => ("joinedToo", Some(name)),
        Notice::Left(name, _) => ("left", Some(name)),
        Notice::LeadChanged(name) => ("takenOver", Some(name)),
        Notice::Requeued => ("waitingAgain", None),
        Notice::File(file) => ("file", Some(&file.name)),
        Notice::Server { text, .. } => ("server", Some(text)),
        Notice::Concluded(_) => ("concluded", None),
    }
}

fn notice_again(kind: &str, text: Rc<str>, fields: &mut Fields) -> Option<Notice> {
    let reason = fields.take("reason").unwrap_or(DisconnectReason::None);
    Some(match kind {
        "joined" => Notice::Joined(text),
        "joinedToo" => Notice::ConfereeJoined(text),
        "left" => Notice::Left(text, reason),
        "takenOver" => Notice::LeadChanged(text),
        "waitingAgain" => Notice::Requeued,
        "file" => Notice::File(Rc::new(file_again(text, fields))),
        "server" => Notice::Server {
            text,
            rich: fields.take("rich").unwrap_or_default(),
        },
        "concluded" => Notice::Concluded(reason),
        _ => return None,
    })
}

fn file_again(name: Rc<str>, fields: &mut Fields) -> SharedFile {
    let bytes = fields.take::<i64>("bytes");
    SharedFile {
        from: fields.take::<String>("name").unwrap_or_default().into(),
        name,
        bytes: bytes.and_then(|bytes| u64::try_from(bytes).ok()),
        url: fields.take::<String>("url").map(Rc::from),
    }
    .without_unsafe_url()
}
