//! Errors that the chat server reports: exception codes, error objects and refused requests.

use crate::object::{default_object, wire_enum, wire_object};
use crate::{Fields, WireObject};

wire_enum! {
    /// An exception code of the agent API. PAGE 000, 002, 003, 004; the last two FOUND.
    pub enum ExceptionCode {
        /// Authentication failed. PAGE 000, 002, 003, 004.
        AccessDenied = "ACCESS_DENIED",
        /// An unknown error has occurred. PAGE 000, 002, 003, 004.
        UnknownException = "UNKNOWN_EXCEPTION",
        /// A field in the request is invalid. PAGE 000, 002.
        BadRequest = "BAD_REQUEST",
        /// An error within the core server. PAGE 000, 002, 004.
        InternalServerError = "INTERNAL_SERVER_ERROR",
        /// The lead participant has left the engagement. PAGE 003.
        Conflict = "CONFLICT",
        /// The core server produced a null result. PAGE 003.
        UndefinedCondition = "UNDEFINED_CONDITION",
        /// A field in the request is invalid. PAGE 003.
        InvalidField = "INVALID_FIELD",
        /// The engagement is not known. FOUND (rerouteEngagement).
        EngagementIdUnknown = "ENGAGEMENT_ID_UNKNOWN",
        /// Another application did not answer in time. FOUND (createAutomatedAgentSession,
        /// rerouteEngagement).
        DependencyApplicationTimeout = "DEPENDENCY_APPLICATION_TIMEOUT",
    }
}

wire_object! {
    /// An error that the server reports: a member of an answer (PAGE 000, 002, 003) or a message of
    /// its own (PAGE 004). That `errorCondition` holds the exception code is INFERRED.
    pub struct ChatSystemError {
        /// What went wrong, as a code. PAGE 003.
        pub error_condition: Option<String> = maybe "errorCondition",
        /// What went wrong, for a person. PAGE 003.
        pub text: Option<String> = maybe "text",
        /// The type of the error, a text without a list of values. PAGE 003.
        pub kind: Option<String> = maybe "type",
    }
}
default_object!(ChatSystemError);

impl ChatSystemError {
    /// The known exception code in `errorCondition` or `type`, if one of them holds one.
    pub fn code(&self) -> Option<ExceptionCode> {
        [&self.error_condition, &self.kind]
            .into_iter()
            .flatten()
            .map(|text| ExceptionCode::from(text.as_str()))
            .find(|code| !matches!(code, ExceptionCode::Unknown(_)))
    }
}

/// A request that the server refused: an answer with an error status, or an error inside a 200.
///
/// The pages leave the schema of error bodies empty, and a proxy may answer with HTML. Therefore every
/// body is accepted: the readable part is kept in `error`, and the rest is ignored.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The readable part of the body; empty if nothing in it could be read.
    pub error: ChatSystemError,
}

impl Refusal {
    /// Reads an error body: `{"chatSystemError": {...}}` (INFERRED), or the error object alone.
    pub fn read(status: u16, body: &str) -> Self {
        let error = Fields::from_json(body)
            .map(|mut fields| {
                let nested = fields.take("chatSystemError");
                nested
                    .unwrap_or_else(|| ChatSystemError::take_from(&mut fields).unwrap_or_default())
            })
            .unwrap_or_default();
        Self { status, error }
    }

    /// Writes the body in the form that [`Refusal::read`] reads.
    pub fn body(&self) -> String {
        let mut fields = Fields::default();
        fields.put("chatSystemError", &self.error);
        serde_json::Value::Object(fields.0).to_string()
    }

    /// Makes a refusal with an exception code and an explanation for a person.
    pub fn new(status: u16, code: &ExceptionCode, text: impl Into<String>) -> Self {
        let error = ChatSystemError {
            error_condition: Some(code.as_str().to_owned()),
            text: Some(text.into()),
            kind: Some("ERROR".to_owned()),
            ..ChatSystemError::default()
        };
        Self { status, error }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        if let Some(code) = self.error.code() {
            write!(f, " {}", code.as_str())?;
        }
        match &self.error.text {
            Some(text) => write!(f, ": {text}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}
