//! How the end of a conversation is stored in a snapshot: as a conclusion, or as a failure. The names in quotes are
//! part of the format, so they must not change. The module `stored` explains the macros and words such as `required`
//! and `maybe`.

use pipit_wire::vocabulary::DisconnectReason;
use pipit_wire::{Fields, UnexpectedBody, Value, WireValue};

use crate::conversation::Conclusion;
use crate::failure::Failure;
use crate::input::SessionRefused;
use crate::stored::{StoredEnum, stored_enum, stored_object};
use crate::survey::SurveyLink;

stored_object! {
    Conclusion {
        engagement_id: defaulted "engagement",
        at: defaulted "at",
        reason: or(DisconnectReason::None) "reason",
        agent: maybe "agent",
        survey: maybe "survey",
        survey_by_mail: defaulted "byMail",
    }
}

stored_enum! {
    Failure in "name" {
        "notConfigured" => NoSession[SessionRefused::NotConfigured],
        "noSession" => NoSession[SessionRefused::Unavailable],
        "unreadableSession" => NoSession[SessionRefused::Unreadable(UnexpectedBody::OtherJson)],
        "emptySession" => NoSession[SessionRefused::Unreadable(UnexpectedBody::Empty)],
        "htmlSession" => NoSession[SessionRefused::Unreadable(UnexpectedBody::Html)],
        "textSession" => NoSession[SessionRefused::Unreadable(UnexpectedBody::Other)],
        "noAddress" => NoAddress,
        "badRequest" => BadRequest,
        "tokenRefused" => TokenRefused,
        "notFound" => NotFound,
        "timedOut" => TimedOut,
        "dequeued" => Dequeued,
        "serverError" => ServerError,
        "unexpectedStatus" => UnexpectedStatus(status: required "status"),
        "notStarted" => NotStarted(result: required "result"),
        "unreadable" => UnexpectedBody[UnexpectedBody::Other],
        "emptyAnswer" => UnexpectedBody[UnexpectedBody::Empty],
        "htmlAnswer" => UnexpectedBody[UnexpectedBody::Html],
        "otherJson" => UnexpectedBody[UnexpectedBody::OtherJson],
        "unreachable" => Unreachable,
        "sessionLost" => SessionLost,
        "interrupted" => Interrupted,
    }
}

/// Reads a failure. Earlier versions wrote no name for `NotStarted` and `UnexpectedStatus`. Without a name, the failure
/// is therefore `NotStarted` if it has a member `result`, and otherwise `UnexpectedStatus`. `None` if the name is not
/// known, or if the value of the failure cannot be read.
pub(super) fn read_failure(mut fields: Fields) -> Option<Failure> {
    let name: Option<String> = fields.take("name");
    let name = match &name {
        Some(name) => name,
        None if fields.0.contains_key("result") => "notStarted",
        None => "unexpectedStatus",
    };
    Failure::take_variant(name, &mut fields)
}

/// A stored address is checked again, because the storage may contain anything.
impl WireValue for SurveyLink {
    fn read(value: &Value) -> Option<Self> {
        String::read(value).and_then(Self::from_stored)
    }

    fn write(&self) -> Value {
        Value::from(self.url())
    }
}
