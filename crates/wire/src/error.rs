//! What goes wrong: texts that cannot be read, and refusals of the server.

use crate::object::{default_object, wire_enum, wire_object};
use crate::{Fields, WireObject};

/// Why a text is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The text is not JSON.
    NotJson,
    /// The JSON is not an object.
    NotAnObject,
    /// A required member is absent or of another shape; its name.
    Missing(&'static str),
}

impl std::fmt::Display for WireError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::NotAnObject => f.write_str("the body is not a JSON object"),
            Self::Missing(name) => write!(f, "the member {name:?} is missing or of a wrong type"),
        }
    }
}

impl std::error::Error for WireError {}

wire_enum! {
    /// The exception codes of the agent API. PAGE 000, 002, 003, 004; the last two FOUND.
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
        /// FOUND (rerouteEngagement).
        EngagementIdUnknown = "ENGAGEMENT_ID_UNKNOWN",
        /// FOUND (createAutomatedAgentSession, rerouteEngagement).
        DependencyApplicationTimeout = "DEPENDENCY_APPLICATION_TIMEOUT",
    }
}

wire_object! {
    /// An error told by the server: a member of answers (PAGE 000, 002, 003) and a message by
    /// itself (PAGE 004). That the exception code stands in `errorCondition` is INFERRED.
    pub struct ChatSystemError {
        /// The error condition. PAGE 003.
        pub error_condition: Option<String> = maybe "errorCondition",
        /// The error text. PAGE 003.
        pub text: Option<String> = maybe "text",
        /// The error type. PAGE 003.
        pub kind: Option<String> = maybe "type",
    }
}
default_object!(ChatSystemError);

impl ChatSystemError {
    /// The exception code, where one of the members holds it.
    pub fn code(&self) -> Option<ExceptionCode> {
        [&self.error_condition, &self.kind]
            .into_iter()
            .flatten()
            .map(|text| ExceptionCode::from(text.as_str()))
            .find(|code| !matches!(code, ExceptionCode::Unknown(_)))
    }
}

/// An answer with an error status, or an error inside a 200.
///
/// The pages leave the schema of error bodies empty, so a body may be anything, HTML of a proxy
/// included: whatever can be read of it is here, and the rest does no harm.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What the body says, where it says something readable.
    pub error: ChatSystemError,
}

impl Refusal {
    /// Reads an error body: `{"chatSystemError": {...}}` (INFERRED) or the error by itself.
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

    /// Writes the body of the refusal, in the form that [`Refusal::read`] reads.
    pub fn body(&self) -> String {
        let mut fields = Fields::default();
        fields.put("chatSystemError", &self.error);
        serde_json::Value::Object(fields.0).to_string()
    }

    /// A refusal with a code and a text for the person who reads it.
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
