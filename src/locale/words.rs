//! The words, by what they speak of.

use pipit_engine::{
    Agent, Conclusion, Delivery, Failure, Notice, PostFailure, SessionRefused, SneakPreview, Wait,
};
use pipit_wire::consumer::ResultType;
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, SneakPreviewState};

pub(crate) const TITLE: &str = "Support";
pub(crate) const OPEN: &str = "Open chat";
pub(crate) const CLOSE: &str = "Close chat";
pub(crate) const MINIMISE: &str = "Minimise chat";
pub(crate) const TRANSCRIPT: &str = "Messages";
pub(crate) const WRITE: &str = "Write a message";
pub(crate) const SEND: &str = "Send";
pub(crate) const START: &str = "Start chat";
pub(crate) const START_ANEW: &str = "New chat";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const END: &str = "End chat";
pub(crate) const END_QUESTION: &str = "End this chat?";
pub(crate) const KEEP: &str = "Keep chatting";
pub(crate) const LEAVE_QUEUE: &str = "Leave the queue";
pub(crate) const WELCOME: &str = "Hello! How can we help?";
pub(crate) const WELCOME_MORE: &str = "Write your question, or start the chat and ask it there.";
pub(crate) const CONNECTING: &str = "Connecting";
pub(crate) const WAITING: &str = "Waiting for an agent";
pub(crate) const ENDED: &str = "Chat ended";
pub(crate) const NOT_CONNECTED: &str = "Not connected";
pub(crate) const RECONNECTING: &str = "No connection. Trying again.";
pub(crate) const WRITE_WHILE_WAITING: &str =
    "You can already write. The agent will read it on joining.";
pub(crate) const SURVEY: &str = "How did we do?";
pub(crate) const SURVEY_MORE: &str = "A short survey. It opens in a new tab.";
pub(crate) const SURVEY_CANCELLED: &str = "What made you leave?";
pub(crate) const SURVEY_OPEN: &str = "Open the survey";
pub(crate) const SURVEY_BY_MAIL: &str = "We will send you a survey.";
pub(crate) const TURN_OFF: &str = "Turn off";
pub(crate) const TURN_ON: &str = "Turn on";
pub(crate) const SEND_AGAIN: &str = "Send again";
pub(crate) const DISCARD: &str = "Remove";
pub(crate) const AN_AGENT: &str = "An agent";

/// A headline and a sentence below it.
pub(crate) struct Told {
    pub(crate) title: &'static str,
    pub(crate) more: &'static str,
}

const fn told(title: &'static str, more: &'static str) -> Told {
    Told { title, more }
}

pub(crate) fn position(wait: &Wait) -> String {
    match wait.position {
        None => "You are in line".to_owned(),
        Some(1) => "You are first in line".to_owned(),
        Some(2) => "You are second in line".to_owned(),
        Some(3) => "You are third in line".to_owned(),
        Some(position) => format!("You are number {position} in line"),
    }
}

pub(crate) fn expected_wait(wait: &Wait) -> Option<String> {
    Some(match wait.expected_seconds.or(wait.average_seconds)? {
        0..=59 => "Less than a minute".to_owned(),
        60..=90 => "About a minute".to_owned(),
        seconds if seconds < 5_400 => format!("About {} minutes", (seconds + 30) / 60),
        seconds => format!("About {} hours", (seconds + 1_800) / 3_600),
    })
}

/// What the agent who leads is doing.
pub(crate) fn activity(agent: &Agent) -> &'static str {
    if agent.connection != ConnectionState::Active {
        return "has lost the connection";
    }
    match agent.activity {
        ActivityMode::Responding => "is writing",
        ActivityMode::Researching => "is looking into it",
        ActivityMode::Away => "is away",
        ActivityMode::None | ActivityMode::Listening | ActivityMode::Unknown(_) => "is here",
    }
}

pub(crate) fn sneak_preview(preview: &SneakPreview) -> &'static str {
    match preview.state() {
        SneakPreviewState::Enabled if preview.is_allowed() => {
            "The agent can see what you type before you send it"
        }
        SneakPreviewState::Enabled => "You turned typing preview off: the agent sees what you send",
        SneakPreviewState::Disabled => "Typing preview is off: the agent sees what you send",
        SneakPreviewState::SiteUnavailable => {
            "Typing preview is off on this site: the agent sees what you send"
        }
        SneakPreviewState::ServiceUnavailable => {
            "Typing preview is not available now: the agent sees what you send"
        }
        SneakPreviewState::None | SneakPreviewState::Unknown(_) => "The agent sees what you send",
    }
}

pub(crate) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Joined(name) => format!("{} joined", named(name)),
        Notice::JoinedToo(name) => format!("{} joined as well", named(name)),
        Notice::Left(name, DisconnectReason::Ejected) => format!("{} was removed", named(name)),
        Notice::Left(name, _) => format!("{} left", named(name)),
        Notice::TakenOver(name) => format!("{} takes over", named(name)),
        Notice::WaitingAgain => "You are waiting for another agent. Nothing was lost.".to_owned(),
        Notice::File(name) => format!("The agent sent the file {name}"),
        Notice::Server(text) => text.as_ref().to_owned(),
        Notice::Concluded(reason) => concluded(reason).to_owned(),
    }
}

fn named(name: &str) -> &str {
    if name.is_empty() { AN_AGENT } else { name }
}

pub(crate) fn concluded(reason: &DisconnectReason) -> &'static str {
    match reason {
        DisconnectReason::AgentConcluded => "The agent ended the chat",
        DisconnectReason::EndUserConcluded => "You ended the chat",
        DisconnectReason::QueueTimeout => "No agent was free in time, so the chat ended",
        DisconnectReason::IdleTimeout => "The chat ended because nobody wrote for a while",
        DisconnectReason::Ejected => "The chat was ended by the service",
        DisconnectReason::ParticipantLeft => "The chat ended because the connection was lost",
        DisconnectReason::NoAgentsAvailable => "No agent is available, so the chat ended",
        DisconnectReason::TransferredToQueue => "The chat was passed on to another queue",
        DisconnectReason::None | DisconnectReason::Unknown(_) => "The chat has ended",
    }
}

pub(crate) fn survey_title(conclusion: &Conclusion) -> &'static str {
    if conclusion.agent.is_some() {
        SURVEY
    } else {
        SURVEY_CANCELLED
    }
}

/// The state of a message that needs a word; `None` where the time says enough.
pub(crate) fn delivery(delivery: Delivery, is_waiting: bool) -> Option<&'static str> {
    Some(match delivery {
        Delivery::Queued | Delivery::Sending => "Sending",
        Delivery::Accepted if is_waiting => "Waiting for the agent",
        Delivery::Accepted => return None,
        Delivery::Unknown => "Not sure it arrived",
        Delivery::Failed(PostFailure::LeadLeft) => "Not delivered: the agent has left",
        Delivery::Failed(PostFailure::TakenForAbuse) => {
            "Not delivered: the service took it for abuse"
        }
        Delivery::Failed(PostFailure::Refused) => "Not delivered: the service refused it",
        Delivery::Failed(PostFailure::Over) => "Not delivered: the chat was over",
    })
}

pub(crate) fn sent_at(time: &str) -> String {
    format!("Sent {time}")
}

pub(crate) fn failure(failure: &Failure) -> Told {
    match failure {
        Failure::NoSession(SessionRefused::NotConfigured) | Failure::NoAddress => told(
            "Chat is not set up",
            "This page does not say where its chat service is. Please contact us another way.",
        ),
        Failure::NoSession(SessionRefused::Unavailable) => told(
            "This page could not open a chat",
            "It did not get a pass for the chat service. Trying again may help.",
        ),
        Failure::NoSession(SessionRefused::Unreadable) => told(
            "This page could not open a chat",
            "What it got as a pass for the chat service is none. Please contact us another way.",
        ),
        Failure::BadRequest => told(
            "The chat service did not understand",
            "It refused the request as it was made. Please contact us another way.",
        ),
        Failure::TokenRefused => told(
            "Your pass for the chat was refused",
            "It may have run out. Trying again asks for a new one.",
        ),
        Failure::NotFound => told(
            "The chat service was not found",
            "Its address may have changed. Please contact us another way.",
        ),
        Failure::TimedOut => told(
            "The chat service took too long",
            "It may be busy. Trying again may help.",
        ),
        Failure::Dequeued | Failure::NotStarted(ResultType::FailRuleDequeue) => told(
            "No chat for this request",
            "The service's rules took it out of the queue. Please contact us another way.",
        ),
        Failure::ServerError => told(
            "The chat service has a fault",
            "It is not your doing. Trying again in a moment may help.",
        ),
        Failure::UnexpectedStatus(_) | Failure::Unreadable => told(
            "The chat service gave an unknown answer",
            "Trying again may help.",
        ),
        Failure::NotStarted(ResultType::FailOutOfHours) => told(
            "We are closed now",
            "Chat is open during our hours of service. Please come back then.",
        ),
        Failure::NotStarted(ResultType::FailHoliday) => told(
            "We are closed today",
            "It is a holiday. Please come back on the next working day.",
        ),
        Failure::NotStarted(ResultType::FailNoAgentsAvail) => told(
            "No agent is available",
            "Nobody can take your chat at the moment. Trying again later may help.",
        ),
        Failure::NotStarted(ResultType::ExistingSession) => told(
            "You already have a chat",
            "It may be open in another tab or window.",
        ),
        Failure::NotStarted(_) => told("The chat could not start", "Trying again may help."),
        Failure::Unreachable => told(
            "The chat service cannot be reached",
            "Please check your connection, then try again.",
        ),
        Failure::Interrupted => told(
            "This chat was interrupted",
            "The page was left before it could go on. What you wrote is kept here.",
        ),
        Failure::SessionLost => told(
            "You were disconnected",
            "The service no longer knows this chat. What was said is kept here.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pipit_wire::vocabulary::DisconnectReason;

    #[test]
    fn each_failure_has_its_own_headline_or_sentence() {
        let failures = [
            Failure::NoSession(SessionRefused::Unavailable),
            Failure::NoSession(SessionRefused::Unreadable),
            Failure::NoAddress,
            Failure::BadRequest,
            Failure::TokenRefused,
            Failure::NotFound,
            Failure::TimedOut,
            Failure::Dequeued,
            Failure::ServerError,
            Failure::Unreadable,
            Failure::NotStarted(ResultType::ExistingSession),
            Failure::NotStarted(ResultType::FailOutOfHours),
            Failure::NotStarted(ResultType::FailHoliday),
            Failure::NotStarted(ResultType::FailNoAgentsAvail),
            Failure::Unreachable,
            Failure::SessionLost,
            Failure::Interrupted,
        ];
        let told: std::collections::BTreeSet<_> = failures
            .iter()
            .map(failure)
            .map(|told| (told.title, told.more))
            .collect();
        assert_eq!(told.len(), failures.len());
    }

    #[test]
    fn each_reason_has_its_own_words() {
        let told: std::collections::BTreeSet<_> =
            DisconnectReason::ALL.iter().map(concluded).collect();
        assert_eq!(told.len(), DisconnectReason::ALL.len());
    }

    #[test]
    fn waits_are_told_in_words() {
        let told = |seconds| {
            let wait = Wait {
                expected_seconds: Some(seconds),
                ..Wait::default()
            };
            expected_wait(&wait)
        };
        assert_eq!(told(0).as_deref(), Some("Less than a minute"));
        assert_eq!(told(60).as_deref(), Some("About a minute"));
        assert_eq!(told(91).as_deref(), Some("About 2 minutes"));
        assert_eq!(told(5_400).as_deref(), Some("About 2 hours"));
        assert_eq!(expected_wait(&Wait::default()), None);
    }
}
