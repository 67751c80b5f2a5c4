//! The error of reading a JSON text as a type of the API. (`server_error.rs` has the errors that the server reports.)

/// The reason why a body (the JSON text of a request or a response) cannot be read as an object of the expected type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The body is not valid JSON.
    NotJson,
    /// The body is valid JSON, but not a JSON object.
    NotAnObject,
    /// A required member is absent or has the wrong type. The variant holds the member's name in the JSON.
    Missing(&'static str),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::NotAnObject => f.write_str("the body is not a JSON object"),
            Self::Missing(name) => write!(f, "the member {name:?} is missing or of a wrong type"),
        }
    }
}

impl std::error::Error for ReadError {}
