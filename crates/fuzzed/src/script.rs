//! What happens to an engine, as text: a line a step. What is no step is passed over, so any bytes
//! are a script, and what the fuzzer finds can be read.
//!
//! ```text
//! start          start JSON         the visitor starts a conversation, and tells this before
//! send TEXT                        ... posts a text
//! type TEXT                        ... has this in the composer
//! again ENTRY    discard ENTRY     ... is asked about an entry
//! preview yes    preview no        ... allows or forbids the sneak preview
//! end                              ... ends the conversation
//! session JSON                     the page gives a session, or what is none
//! serve N                          the Nth open request is answered in good health
//! messages JSON, JSON              the poll brings these
//! answer N STATUS RETRY_MS BODY    the Nth open request is answered
//! lost N         unsent N          ... is not
//! stray ID STATUS RETRY_MS BODY    a request is answered that is not open
//! wait MS                          time passes, with the ticks that the engine wants
//! sleep MS                         time passes without
//! clock MS                         the wall clock is set ahead, or back
//! wake                             the page is seen again
//! reload                           the page is left and loaded again
//! ```

use pipit_engine::{Answers, Command, EntryId, Input, Outcome, RequestId, SessionRefused};
use pipit_wire::session::Session;

/// What the visitor tells before a conversation, where the script does not say. It is kept nowhere.
const PRIVATE: &str = "{\"question\":1122334455}";

/// The part of it that is the same wherever it stands.
const SIGN: &str = "1122334455";

/// Whether a text tells what the visitor has told before a conversation.
pub(crate) fn tells(text: &str) -> bool {
    text.contains(SIGN)
}

/// A line of a script.
pub(crate) enum Step {
    /// Something comes from the visitor or the page.
    Input(Input),
    /// The page gives a session, whether it was asked for one or not.
    Session(Result<Session, SessionRefused>),
    /// The nth of the open requests is answered as a server in good health does.
    Serve(usize),
    /// The poll, when it is out, brings these messages.
    Messages(String),
    /// The nth of the open requests comes out so.
    Answer(usize, Outcome),
    /// A request that is not open comes out so.
    Stray(RequestId, Outcome),
    /// So many ms pass, with all their ticks.
    Wait(u64),
    /// So many ms pass without one.
    Sleep(u64),
    /// The wall clock is set by so many ms.
    Clock(i64),
    /// The page is left and loaded again.
    Reload,
}

/// The steps of a script.
pub(crate) fn steps(script: &str) -> impl Iterator<Item = Step> {
    script.lines().filter_map(step)
}

/// What a line says; `None` when it is no step.
pub(crate) fn step(line: &str) -> Option<Step> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let command = |command| Step::Input(Input::Command(command));
    Some(match word {
        "start" if rest.is_empty() => command(Command::Start(Answers::from_json(PRIVATE))),
        "start" => command(Command::Start(Answers::from_json(rest))),
        "send" => command(Command::Send(rest.to_owned())),
        "type" => command(Command::Typed(rest.to_owned())),
        "again" => command(Command::SendAgain(EntryId(rest.parse().ok()?))),
        "discard" => command(Command::Discard(EntryId(rest.parse().ok()?))),
        "preview" => command(Command::AllowSneakPreview(rest == "yes")),
        "end" => command(Command::End),
        "session" => Step::Session(session(rest)),
        "serve" => Step::Serve(rest.parse().ok()?),
        "messages" => Step::Messages(rest.to_owned()),
        "answer" => {
            let (nth, outcome) = rest.split_once(' ')?;
            Step::Answer(nth.parse().ok()?, answered(outcome)?)
        }
        "lost" => Step::Answer(rest.parse().ok()?, Outcome::Lost),
        "unsent" => Step::Answer(rest.parse().ok()?, Outcome::NotSent),
        "stray" => {
            let (id, outcome) = rest.split_once(' ')?;
            Step::Stray(RequestId(id.parse().ok()?), answered(outcome)?)
        }
        "wait" => Step::Wait(rest.parse().ok()?),
        "sleep" => Step::Sleep(rest.parse().ok()?),
        "clock" => Step::Clock(rest.parse().ok()?),
        "wake" => Step::Input(Input::Wake),
        "reload" => Step::Reload,
        _ => return None,
    })
}

fn session(text: &str) -> Result<Session, SessionRefused> {
    if text.is_empty() {
        return Err(SessionRefused::Unavailable);
    }
    Session::from_json(text).map_err(|_| SessionRefused::Unreadable)
}

/// `STATUS RETRY_MS BODY`; without a number for RETRY_MS there is no such header.
fn answered(text: &str) -> Option<Outcome> {
    let (status, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (retry_after, body) = rest.split_once(' ').unwrap_or((rest, ""));
    Some(Outcome::Answered {
        status: status.parse().ok()?,
        retry_after: retry_after.parse().ok(),
        body: body.to_owned(),
    })
}
