//! Parses the scripts of the fuzz targets for the engine. A script is a text with one step on each line. Lines that are
//! not steps are ignored, so every text is a script, and a person can read an input that the fuzzer has found.
//!
//! ```text
//! start                            the visitor starts a conversation, with private answers to the form
//! start JSON                       the visitor starts a conversation, with these answers to the form
//! send TEXT                        the visitor sends a message
//! type TEXT                        the visitor types this into the composer
//! again ENTRY    discard ENTRY     the visitor sends a message again, or discards it
//! preview yes    preview no        the visitor lets the agent see text before it is sent, or forbids that
//! end                              the visitor ends the conversation
//! session JSON                     the web page provides a session (or invalid JSON); without JSON, it refuses one
//! serve N                          the Nth open request (from 0) is answered as a working server does
//! messages JSON, JSON              the poll (the request for new messages) is answered with these messages
//! answer N STATUS RETRY_MS BODY    the Nth open request is answered with this status, `Retry-After` and body
//! lost N         unsent N          the answer to the Nth open request is lost, or that request was not sent
//! stray ID STATUS RETRY_MS BODY    a request with this id, which is not open, is answered
//! wait MS                          time passes, with the ticks that the engine requests
//! sleep MS                         time passes without ticks, and then the engine gets one tick
//! clock MS                         the wall clock is set forward, or back if MS is negative
//! wake                             the page becomes visible again
//! reload                           the page is reloaded
//! ```
//!
//! ENTRY is the id of a message in the transcript.

use pipit_engine::{Command, EntryId, FormAnswers, Input, Outcome, RequestId, SessionRefused};
use pipit_wire::UnexpectedBody;
use pipit_wire::session::Session;

/// The answers to the form before the chat, for a step `start` without answers. They are private: no storage may
/// contain them, and no message to other tabs except the forwarded start of a conversation.
const PRIVATE_ANSWERS: &str = "{\"question\":1122334455}";

/// The part of [`PRIVATE_ANSWERS`] by which the checks find them in a text.
const PRIVATE_MARKER: &str = "1122334455";

/// Whether a text contains the private answers.
pub(crate) fn contains_private_answer(text: &str) -> bool {
    text.contains(PRIVATE_MARKER)
}

/// A step of a script.
pub(crate) enum Step {
    /// An input from the visitor or the page.
    Input(Input),
    /// The web page provides or refuses a session, even if the engine has not requested one.
    Session(Result<Session, SessionRefused>),
    /// The nth open request is answered as a working server does.
    Serve(usize),
    /// The poll is answered with these messages, if a poll is open.
    Messages(String),
    /// The nth open request ends with this outcome.
    Answer(usize, Outcome),
    /// A request that is not open ends with this outcome.
    Stray(RequestId, Outcome),
    /// This many ms pass, and the engine gets the ticks that it requests.
    Wait(u64),
    /// This many ms pass before the engine gets a tick, as if the page were frozen.
    Sleep(u64),
    /// The wall clock is set forward by this many ms, or back if the number is negative.
    Clock(i64),
    /// The page is reloaded.
    Reload,
}

/// Parses a script. Skips lines that are not steps.
pub(crate) fn steps(script: &str) -> impl Iterator<Item = Step> {
    script.lines().filter_map(parse_step)
}

/// Parses a line; `None` if it is not a step.
pub(crate) fn parse_step(line: &str) -> Option<Step> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let command_step = |command| Step::Input(Input::Command(command));
    Some(match word {
        "start" if rest.is_empty() => {
            command_step(Command::Start(FormAnswers::from_json(PRIVATE_ANSWERS)))
        }
        "start" => command_step(Command::Start(FormAnswers::from_json(rest))),
        "send" => command_step(Command::Send(rest.to_owned())),
        "type" => command_step(Command::Typed(rest.to_owned())),
        "again" => command_step(Command::SendAgain(EntryId(rest.parse().ok()?))),
        "discard" => command_step(Command::Discard(EntryId(rest.parse().ok()?))),
        "preview" => command_step(Command::AllowSneakPreview(rest == "yes")),
        "end" => command_step(Command::End),
        "session" => Step::Session(parse_session(rest)),
        "serve" => Step::Serve(rest.parse().ok()?),
        "messages" => Step::Messages(rest.to_owned()),
        "answer" => {
            let (nth, answer) = rest.split_once(' ')?;
            Step::Answer(nth.parse().ok()?, parse_answer(answer)?)
        }
        "lost" => Step::Answer(rest.parse().ok()?, Outcome::Lost),
        "unsent" => Step::Answer(rest.parse().ok()?, Outcome::NotSent),
        "stray" => {
            let (id, answer) = rest.split_once(' ')?;
            Step::Stray(RequestId(id.parse().ok()?), parse_answer(answer)?)
        }
        "wait" => Step::Wait(rest.parse().ok()?),
        "sleep" => Step::Sleep(rest.parse().ok()?),
        "clock" => Step::Clock(rest.parse().ok()?),
        "wake" => Step::Input(Input::Wake),
        "reload" => Step::Reload,
        _ => return None,
    })
}

/// Parses a session. An empty text means that the web page refuses to provide one.
fn parse_session(text: &str) -> Result<Session, SessionRefused> {
    if text.is_empty() {
        return Err(SessionRefused::Unavailable);
    }
    Session::from_json(text).map_err(|_| SessionRefused::Unreadable(UnexpectedBody::of(text)))
}

/// Parses `STATUS RETRY_MS BODY`. If RETRY_MS is not a number, the answer has no `Retry-After`. `None` if STATUS is not
/// a number.
fn parse_answer(text: &str) -> Option<Outcome> {
    let (status, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (retry_after, body) = rest.split_once(' ').unwrap_or((rest, ""));
    Some(Outcome::Answered {
        status: status.parse().ok()?,
        retry_after: retry_after.parse().ok(),
        body: body.to_owned(),
    })
}
