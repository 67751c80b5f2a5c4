//! [`WaitError`]: why a wait of an [`Agent`](crate::Agent) failed, and what arrived instead.

use pipit_wire::agent::AgentMessage;
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::AgentError;

/// Why a wait failed.
#[derive(Clone, Debug, PartialEq)]
pub enum WaitError {
    /// A request failed for good, for example because the session has ended.
    Failed(AgentError),
    /// What was expected did not arrive within the limit.
    NotSeen {
        /// What the wait was for.
        expected: String,
        /// The limit, in ms.
        limit_ms: u32,
        /// Each message that arrived and that no wait has taken, oldest first.
        seen: Vec<String>,
        /// The latest failure of a poll, if the last poll failed.
        failure: Option<AgentError>,
    },
}

impl std::fmt::Display for WaitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::NotSeen {
                expected,
                limit_ms,
                seen,
                failure,
            } => {
                write!(f, "Waited {limit_ms} ms for {expected}.")?;
                if seen.is_empty() {
                    f.write_str(" No other message arrived.")?;
                } else {
                    write!(f, " Seen instead: {}.", seen.join("; "))?;
                }
                match failure {
                    Some(error) => write!(f, " The last poll failed: {error}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for WaitError {}

impl From<AgentError> for WaitError {
    fn from(error: AgentError) -> Self {
        Self::Failed(error)
    }
}

/// Describes a message in a few words, for a person who reads why a test failed.
pub fn describe(message: &AgentMessage) -> String {
    match message {
        AgentMessage::ChatPostMessage(posted) => format!("the message {:?}", posted.body),
        AgentMessage::ChatEngagementAssignment(assignment) => {
            format!("the assignment of engagement {}", assignment.engagement_id)
        }
        AgentMessage::ChatActivitySignal(signal) => {
            let mode = signal.mode.as_ref().map_or("no mode", |mode| mode.as_str());
            match &signal.sneak_preview {
                Some(text) if !text.is_empty() => format!("{mode} with the preview {text:?}"),
                _ => mode.to_owned(),
            }
        }
        AgentMessage::ChatEngagementParticipantAdded(added) => {
            let name = added.name.as_deref().unwrap_or("somebody");
            format!("{name:?} joined as {}", role_text(added.role.as_ref()))
        }
        AgentMessage::ChatDisconnectNotification(left) => {
            let reason = left
                .reason
                .as_ref()
                .map_or("no reason", DisconnectReason::as_str);
            format!("{} left: {reason}", role_text(left.role.as_ref()))
        }
        AgentMessage::ChatConfigChangeNotification(change) => {
            format!(
                "the move to pool {:?}",
                change.pool.as_deref().unwrap_or("")
            )
        }
        AgentMessage::ChatSystemError(error) => {
            format!("the error {:?}", error.text.as_deref().unwrap_or(""))
        }
        AgentMessage::ChatGetTimeout(_) => "nothing new".to_owned(),
        AgentMessage::Unknown(raw) => format!("an unknown message {raw}"),
    }
}

fn role_text(role: Option<&Role>) -> &str {
    role.map_or("no role", Role::as_str)
}
