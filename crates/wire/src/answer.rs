//! States, for each operation, what the body of a successful response must look like to count as the chat server's
//! answer. A status from 200 to 299 proves nothing by itself: a service worker of the web page, the sign-in page of a
//! hotel's network, or a proxy may have sent the response in the chat server's place.
//!
//! | operation | the body of its answer |
//! |---|---|
//! | `requestEngagement` | an object with the text `resultType` (PAGE 001) |
//! | `getMessages` of the consumer | an object with the list `systemMessages` or the list `errorMessages` (FOUND) |
//! | `postMessage` of the consumer | an object with a part of the echo (INFERRED) |
//! | `activity`, `concludeEngagement` | an object with a part of the echo (FOUND), or nothing |
//! | `getQueueStats` | an object with at least one of its numbers (FOUND) |
//! | `getEngagementQueue` | an object with `queueId`, `queueIdString` or `expectedWaitSeconds` (FOUND) |
//! | `getMessages` of the agent | an object with the list `getResponseTypes` (PAGE 004) |
//! | all others of the agent | an object with a part of the echo (PAGE 000, 002, 003) |
//!
//! The *echo* is the members that most answers have: the client id, and the times at which the server began and
//! finished its work. An object with the main member of another operation's answer does not count as an echo. The
//! answers to `activity` and `concludeEngagement` may be empty, because the client needs nothing of them.
//!
//! The end of a list of messages may be missing. [`tolerant_json`] then puts a broken element at the end of the list. If the
//! end of any other answer is missing, it is not an answer.
//!
//! The content type does not count, because a proxy may change it while the body is intact. An answer whose member
//! `chatSystemError` is not `null` is a refusal, whatever its status (PAGE 000, 002, 003).
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use serde_json::Value;

use crate::{ChatSystemError, ExceptionCode, Fields, ReadError, agent, consumer, tolerant_json};

/// What a response to an operation means. Its status and its body decide.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// The body is the chat server's answer to the operation, with these members; there are none if the body is empty.
    Answer(Fields),
    /// The response reports that the operation failed: by a status outside of 200 to 299, or by an error in its body.
    Refusal {
        /// The HTTP status. If the response had a status from 200 to 299 and an error in its body, it is the status that
        /// stands for the error's code.
        status: u16,
    },
    /// The status is from 200 to 299, and the body is not the chat server's answer to the operation. It is unknown
    /// whether the chat server has received the request.
    Unexpected(UnexpectedBody),
}

/// The kind of a body that is not the chat server's answer to the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnexpectedBody {
    /// Nothing, or white space only.
    Empty,
    /// HTML or XML: a text that begins with `<`.
    Html,
    /// JSON that is not the answer to this operation.
    OtherJson,
    /// Any other text, also JSON whose end is missing, except a list of messages.
    Other,
}

impl UnexpectedBody {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Empty, Self::Html, Self::OtherJson, Self::Other];

    /// The kind of a body that is known not to be the expected answer.
    pub fn of(body: &str) -> Self {
        read_members(body, |_| false)
            .err()
            .unwrap_or(Self::OtherJson)
    }
}

/// Names the kind for a person, as the end of the sentence "The answer was …".
impl std::fmt::Display for UnexpectedBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::Html => "a web page",
            Self::OtherJson => "JSON of another kind",
            Self::Other => "neither JSON nor a web page",
        })
    }
}

/// What the body of an operation's answer must contain. The names are names of members.
#[derive(Clone, Copy)]
enum Content {
    /// A text with this name.
    Text(&'static str),
    /// A list with one of these names.
    List(&'static [&'static str]),
    /// A number with one of these names. A text with digits counts as a number.
    Number(&'static [&'static str]),
    /// A part of the echo: the client id or a service time.
    Echo,
    /// The same as [`Self::Echo`]; or the body is empty.
    EchoOrNothing,
}

impl consumer::Operation {
    /// Reads the status and the body of a response to this operation.
    pub fn read_response(self, status: u16, body: &str) -> Response {
        let content = match self {
            Self::RequestEngagement => Content::Text("resultType"),
            Self::GetMessages => Content::List(&["systemMessages", "errorMessages"]),
            Self::PostMessage => Content::Echo,
            Self::Activity | Self::ConcludeEngagement => Content::EchoOrNothing,
            Self::GetQueueStats => Content::Number(&[
                "availableAgentSessions",
                "engagementsInQueue",
                "totalAvailableAgents",
            ]),
            Self::GetEngagementQueue => {
                Content::Number(&["queueId", "queueIdString", "expectedWaitSeconds"])
            }
        };
        content.read_response(status, body)
    }
}

impl agent::Operation {
    /// Reads the status and the body of a response to this operation.
    pub fn read_response(self, status: u16, body: &str) -> Response {
        let content = match self {
            Self::GetMessages => Content::List(&["getResponseTypes"]),
            _ => Content::Echo,
        };
        content.read_response(status, body)
    }
}

impl Content {
    /// Reads the status and the body of a response to an operation whose answer has this content.
    fn read_response(self, status: u16, body: &str) -> Response {
        if !(200..300).contains(&status) {
            return Response::Refusal { status };
        }
        match read_members(body, |members| self.is_readable_when_cut(members)) {
            Ok(mut members) => match take_error(&mut members) {
                Some(status) => Response::Refusal { status },
                None if self.is_in(&members) => Response::Answer(members),
                None => Response::Unexpected(UnexpectedBody::OtherJson),
            },
            Err(UnexpectedBody::Empty) if matches!(self, Self::EchoOrNothing) => {
                Response::Answer(Fields::default())
            }
            Err(kind) => Response::Unexpected(kind),
        }
    }

    /// Whether an answer with this content can be used if its end is missing. The messages before the missing end must
    /// not be lost, because the server does not send them again.
    fn is_readable_when_cut(self, members: &Fields) -> bool {
        matches!(self, Self::List(_)) && self.is_in(members)
    }

    /// Whether the members are an answer with this content.
    fn is_in(self, members: &Fields) -> bool {
        let has =
            |name: &str, is_right: fn(&Value) -> bool| members.0.get(name).is_some_and(is_right);
        match self {
            Self::Text(name) => has(name, Value::is_string),
            Self::List(names) => names.iter().any(|name| has(name, Value::is_array)),
            Self::Number(names) => names.iter().any(|name| has(name, is_number)),
            // The answers to some other operations have an echo, too.
            Self::Echo | Self::EchoOrNothing => {
                let other = ["resultType", "systemMessages", "getResponseTypes"];
                let echo = ["clientId", "serviceStartTime", "serviceFinishTime"];
                echo.iter().any(|name| has(name, is_number_or_time))
                    && !other.iter().any(|name| has(name, |_| true))
            }
        }
    }
}

/// Whether a value is a number, or a text with the digits of a number.
fn is_number(value: &Value) -> bool {
    let has_digits = |text: &str| text.parse::<i64>().is_ok();
    value.is_number() || value.as_str().is_some_and(has_digits)
}

/// Whether a value is a number, or a text that begins with a digit, as client ids and times of the API do.
fn is_number_or_time(value: &Value) -> bool {
    let begins_with_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    value.is_number() || value.as_str().is_some_and(begins_with_digit)
}

/// Reads the members of a body that is a JSON object. A byte order mark and white space around it are ignored. A body that
/// is not valid JSON is read a second time, by [`tolerant_json`]. If the end of the object is missing then,
/// `is_readable_when_cut` decides whether its members are enough.
///
/// # Errors
/// The kind of the body, if it is no JSON object.
fn read_members(
    body: &str,
    is_readable_when_cut: impl Fn(&Fields) -> bool,
) -> Result<Fields, UnexpectedBody> {
    let text = body.trim_start_matches('\u{feff}').trim();
    match (text.chars().next(), Fields::from_json(text)) {
        (_, Ok(members)) => Ok(members),
        (None, _) => Err(UnexpectedBody::Empty),
        (Some('<'), _) => Err(UnexpectedBody::Html),
        (Some(_), Err(ReadError::NotJson)) => tolerant_json::read(text)
            .map(|reading| (Fields(reading.members), reading.is_whole))
            .filter(|(members, is_whole)| *is_whole || is_readable_when_cut(members))
            .map(|(members, _)| members)
            .ok_or(UnexpectedBody::Other),
        (Some(_), Err(_)) => Err(UnexpectedBody::OtherJson),
    }
}

/// Removes the error from an answer. Returns the status that stands for its code: 500 if no other status fits the code,
/// or if the error cannot be read. Returns `None` if the answer contains no error.
fn take_error(members: &mut Fields) -> Option<u16> {
    let error: Option<ChatSystemError> = members.take("chatSystemError");
    // `take` has removed a member that is `null`, and has left a member of a wrong type, which counts as an error.
    if error.is_none() && !members.0.contains_key("chatSystemError") {
        return None;
    }
    Some(match error.and_then(|error| error.code()) {
        Some(ExceptionCode::AccessDenied) => 403,
        Some(ExceptionCode::BadRequest | ExceptionCode::InvalidField) => 400,
        Some(ExceptionCode::EngagementIdUnknown) => 404,
        Some(ExceptionCode::Conflict) => 409,
        _ => 500,
    })
}
