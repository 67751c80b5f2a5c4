//! Why a conversation failed, kept and read again.

use pipit_wire::Fields;
use pipit_wire::consumer::ResultType;

use crate::{Failure, SessionRefused};

/// Those that are told by their name alone.
const NAMED: [(Failure, &str); 14] = [
    (
        Failure::NoSession(SessionRefused::NotConfigured),
        "notConfigured",
    ),
    (Failure::NoSession(SessionRefused::Unavailable), "noSession"),
    (
        Failure::NoSession(SessionRefused::Unreadable),
        "unreadableSession",
    ),
    (Failure::NoAddress, "noAddress"),
    (Failure::BadRequest, "badRequest"),
    (Failure::TokenRefused, "tokenRefused"),
    (Failure::NotFound, "notFound"),
    (Failure::TimedOut, "timedOut"),
    (Failure::Dequeued, "dequeued"),
    (Failure::ServerError, "serverError"),
    (Failure::Unreadable, "unreadable"),
    (Failure::Unreachable, "unreachable"),
    (Failure::SessionLost, "sessionLost"),
    (Failure::Interrupted, "interrupted"),
];

pub(super) fn kept(failure: &Failure) -> Fields {
    let mut fields = Fields::default();
    match failure {
        Failure::UnexpectedStatus(status) => fields.put("status", &i64::from(*status)),
        Failure::NotStarted(result) => fields.put("result", result),
        other => {
            let mut named = NAMED.iter();
            let name = named.find(|(failure, _)| failure == other);
            fields.put("name", &name.map_or("", |(_, name)| name).to_owned());
        }
    }
    fields
}

pub(super) fn again(fields: &mut Fields) -> Failure {
    if let Some(result) = fields.take::<ResultType>("result") {
        return Failure::NotStarted(result);
    }
    let status: Option<i64> = fields.take("status");
    if let Some(status) = status.and_then(|status| u16::try_from(status).ok()) {
        return Failure::UnexpectedStatus(status);
    }
    let name: String = fields.take("name").unwrap_or_default();
    let mut named = NAMED.iter();
    let named = named.find(|(_, of)| *of == name);
    named.map_or(Failure::Interrupted, |(failure, _)| failure.clone())
}
