//! The errors that the chat server reports: exception codes, error objects and refused requests. (`read_error.rs` has
//! the error of a JSON text that this crate cannot read.) An *engagement* is one chat at the server.
//!
//! The module `object` defines the macros below. In a table of `wire_object!`, the word `maybe` means that the member
//! may be absent. `wire_object!` also adds the member `unknown`, which holds the JSON members that the table does not
//! have or that cannot be read. `wire_enum!` adds the variant `Unknown`, which holds any text that is not in its list.
//! `default_object!` implements `Default`.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use crate::object::{default_object, wire_enum, wire_object};
use crate::{Fields, WireObject};

wire_enum! {
    /// An exception code: the machine-readable reason of an error. The mark at each code names the source that lists
    /// the code.
    pub enum ExceptionCode {
        /// Authentication failed (PAGE 000, 002, 003, 004).
        AccessDenied = "ACCESS_DENIED",
        /// An unknown error has occurred (PAGE 000, 002, 003, 004).
        UnknownException = "UNKNOWN_EXCEPTION",
        /// A field in the request is invalid. `postMessage` uses `INVALID_FIELD` instead. (PAGE 000, 002.)
        BadRequest = "BAD_REQUEST",
        /// An error occurred inside the server (PAGE 000, 002, 004).
        InternalServerError = "INTERNAL_SERVER_ERROR",
        /// The lead (the agent who is responsible for the engagement) has left (PAGE 003).
        Conflict = "CONFLICT",
        /// The server produced a null result (PAGE 003).
        UndefinedCondition = "UNDEFINED_CONDITION",
        /// A field in a `postMessage` request is invalid. Other operations use `BAD_REQUEST` instead. (PAGE 003.)
        InvalidField = "INVALID_FIELD",
        /// The server does not know the engagement. FOUND (at the operation `rerouteEngagement`, which this crate does
        /// not have).
        EngagementIdUnknown = "ENGAGEMENT_ID_UNKNOWN",
        /// An application that the server depends on did not answer in time. FOUND (at the operations
        /// `createAutomatedAgentSession` and `rerouteEngagement`).
        DependencyApplicationTimeout = "DEPENDENCY_APPLICATION_TIMEOUT",
    }
}

wire_object! {
    /// An error that the server reports. It is the member `chatSystemError` of a response (PAGE 000, 002, 003), or
    /// one of the messages that `getMessages` returns (PAGE 004).
    pub struct ChatSystemError {
        /// The exception code. PAGE 003 names the member and lists no values. INFERRED: it is an [`ExceptionCode`].
        pub error_condition: Option<String> = maybe "errorCondition",
        /// An explanation for a person (PAGE 003).
        pub text: Option<String> = maybe "text",
        /// The type of the error. PAGE 003 lists no values, so [`Self::code`] looks for an exception code here too.
        pub kind: Option<String> = maybe "type",
    }
}
default_object!(ChatSystemError);

impl ChatSystemError {
    /// The exception code: the value of `errorCondition`, otherwise of `type`. `None` if neither is a code that
    /// [`ExceptionCode`] lists.
    pub fn code(&self) -> Option<ExceptionCode> {
        [&self.error_condition, &self.kind]
            .into_iter()
            .flatten()
            .map(|text| ExceptionCode::from(text.as_str()))
            .find(|code| !matches!(code, ExceptionCode::Unknown(_)))
    }
}

/// The server's refusal of a request: a response with an error status, or with the status 200 and an error in its
/// body.
///
/// Oracle's API reference does not describe the bodies of errors, and a proxy may answer with HTML. Therefore
/// [`Refusal::read`] accepts every body: it keeps the readable part in `error` and ignores the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The readable part of the body. All its members are `None` if nothing in the body could be read.
    pub error: ChatSystemError,
}

impl Refusal {
    /// Reads the body of an error response: `{"chatSystemError": {...}}`, or the error object alone. (INFERRED: both
    /// forms.) Reading never fails.
    pub fn read(status: u16, body: &str) -> Self {
        let error = Fields::from_json_tolerantly(body)
            .map(|mut fields| {
                // `nested` is `None` if the member is absent, `null` or not an object. Then the body itself may be the
                // error.
                let nested = fields.take("chatSystemError");
                nested
                    .unwrap_or_else(|| ChatSystemError::take_from(&mut fields).unwrap_or_default())
            })
            .unwrap_or_default();
        Self { status, error }
    }

    /// The body of a response that reports this refusal, as JSON text. [`Refusal::read`] reads it. The code and the text
    /// are in the body a second time, as `exceptionCode` and `message`, where one of Oracle's clients looks for them.
    /// (FOUND in a client that calls another API too, so the place is INFERRED.)
    pub fn body(&self) -> String {
        let mut fields = Fields::default();
        fields.put("chatSystemError", &self.error);
        if let Some(code) = &self.error.error_condition {
            fields.put("exceptionCode", code);
        }
        if let Some(text) = &self.error.text {
            fields.put("message", text);
        }
        serde_json::Value::Object(fields.0).to_string()
    }

    /// A refusal with this HTTP status, this exception code, and `text` as the explanation for a person.
    pub fn new(status: u16, code: &ExceptionCode, text: impl Into<String>) -> Self {
        let error = ChatSystemError {
            error_condition: Some(code.as_str().to_owned()),
            text: Some(text.into()),
            // Our own value, because PAGE 003 lists none.
            kind: Some("ERROR".to_owned()),
            unknown: Fields::default(),
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
