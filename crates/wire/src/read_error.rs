//! Why a JSON text cannot be read as a type of the API.

/// Why a text is not an object of the expected type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The text is not JSON.
    NotJson,
    /// The JSON is not an object.
    NotAnObject,
    /// A required member is absent or has the wrong type. Holds the member's name.
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
