//! What the participants of a script can see. Each word of the format is the name of a variant, in camel case. Two sights
//! are the same if they are equal.

use serde::Deserialize;

/// Something that somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The visitor sees it.
    Visitor(VisitorSight),
    /// An agent sees it.
    Agent(AgentSight),
}

/// What a visitor can see.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VisitorSight {
    /// The conversation has come into this state.
    State(State),
    /// An agent has sent this plain text.
    Message(String),
    /// An agent has sent this HTML.
    Html(String),
    /// An agent has sent a file with this name.
    File(String),
    /// An agent with this name has joined.
    Joined(String),
    /// An agent has left for this reason, and the conversation goes on.
    Left(String),
    /// An agent types, or none does.
    Typing(bool),
    /// The server has this text of the visitor.
    Sent(String),
    /// The server does not have this text of the visitor.
    NotSent(String),
    /// It is not known whether the server has this text of the visitor.
    NotSure(String),
    /// The conversation has ended for this reason.
    Ended(String),
    /// The conversation did not start or was lost: the status or the `resultType` of the answer, or `unreachable`,
    /// `unreadable` or `sessionLost`.
    Failed(String),
    /// The survey with this id is offered.
    Survey(i64),
    /// A survey comes by mail later.
    SurveyByMail(bool),
}

/// The state of a conversation, as the command `getState` of the page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// There is none.
    Idle,
    /// The server has been asked for one.
    Starting,
    /// The visitor waits for an agent.
    Queued,
    /// An agent takes part.
    Chatting,
    /// The visitor waits for another agent.
    Requeued,
    /// The conversation has ended.
    Ended,
    /// It did not start, or was lost.
    Failed,
}

/// What an agent can see.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AgentSight {
    /// A conversation is offered, in this role: LEAD or CONFEREE.
    Offer(String),
    /// Another participant has sent this text.
    Message(String),
    /// The visitor has typed this text and not sent it.
    Preview(String),
    /// The visitor types, or has stopped.
    Typing(bool),
    /// Somebody has left for this reason, or the conversation has ended.
    End(String),
}

impl Sight {
    /// Whether the sight is a state that replaces an earlier one: who sees the later one cannot see the earlier one any more.
    pub(crate) fn replaces(&self, earlier: &Self) -> bool {
        use VisitorSight::{State, Typing};
        matches!(
            (self, earlier),
            (Self::Visitor(State(_)), Self::Visitor(State(_)))
                | (Self::Visitor(Typing(_)), Self::Visitor(Typing(_)))
                | (
                    Self::Agent(AgentSight::Typing(_)),
                    Self::Agent(AgentSight::Typing(_))
                )
        )
    }
}

impl std::fmt::Display for Sight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Visitor(sight) => sight.fmt(f),
            Self::Agent(sight) => sight.fmt(f),
        }
    }
}

impl std::fmt::Display for VisitorSight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::State(state) => write!(f, "the state {state}"),
            Self::Message(text) => write!(f, "the message {text:?}"),
            Self::Html(html) => write!(f, "the HTML {html:?}"),
            Self::File(name) => write!(f, "the file {name:?}"),
            Self::Joined(name) => write!(f, "that {name:?} joined"),
            Self::Left(reason) => write!(f, "that an agent left: {reason}"),
            Self::Typing(true) => f.write_str("that an agent types"),
            Self::Typing(false) => f.write_str("that no agent types"),
            Self::Sent(text) => write!(f, "that {text:?} was sent"),
            Self::NotSent(text) => write!(f, "that {text:?} was not sent"),
            Self::NotSure(text) => write!(f, "that it is not sure whether {text:?} was sent"),
            Self::Ended(reason) => write!(f, "the end {reason}"),
            Self::Failed(reason) => write!(f, "the failure {reason}"),
            Self::Survey(id) => write!(f, "the survey {id}"),
            Self::SurveyByMail(true) => f.write_str("that a survey comes by mail"),
            Self::SurveyByMail(false) => f.write_str("that no survey comes by mail"),
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Idle => "idle",
            Self::Starting => "starting",
            Self::Queued => "queued",
            Self::Chatting => "chatting",
            Self::Requeued => "requeued",
            Self::Ended => "ended",
            Self::Failed => "failed",
        })
    }
}

impl std::fmt::Display for AgentSight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offer(role) => write!(f, "the offer of a conversation as {role}"),
            Self::Message(text) => write!(f, "the message {text:?}"),
            Self::Preview(text) => write!(f, "the preview {text:?}"),
            Self::Typing(true) => f.write_str("that the visitor types"),
            Self::Typing(false) => f.write_str("that the visitor does not type"),
            Self::End(reason) => write!(f, "the end {reason}"),
        }
    }
}
