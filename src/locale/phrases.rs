//! What is said of each thing that the engine tells.

use pipit_engine::{
    Agent, Conclusion, Delivery, Failure, Notice, PostFailure, SessionRefused, SneakPreview, Wait,
};
use pipit_wire::consumer::ResultType;
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, SneakPreviewState};
use yew::AttrValue;

use super::{Word, Words, intl};

impl Words {
    /// Where in line the visitor is.
    pub(crate) fn position(&self, wait: &Wait) -> AttrValue {
        // Positions count from 1: the text for 0 is for one that is not known.
        self.count(Word::Position, wait.position.unwrap_or(0))
    }

    /// How long it takes, where that is known.
    pub(crate) fn expected_wait(&self, wait: &Wait) -> Option<AttrValue> {
        let seconds = wait.expected_seconds.or(wait.average_seconds)?;
        let (word, number) = rounded(seconds);
        Some(self.count(word, number))
    }

    /// A number alone, with the locale's digits.
    pub(crate) fn number(&self, number: u32) -> String {
        intl::number(&self.tag, number)
    }

    /// How large a file is.
    pub(crate) fn size(&self, bytes: u64) -> String {
        intl::size(&self.tag, bytes)
    }

    /// A line between the messages.
    pub(crate) fn notice(&self, notice: &Notice) -> AttrValue {
        match notice {
            Notice::Joined(name) => self.with_name(Word::AgentJoined, name),
            Notice::JoinedToo(name) => self.with_name(Word::AgentJoinedToo, name),
            Notice::Left(name, DisconnectReason::Ejected) => {
                self.with_name(Word::AgentRemoved, name)
            }
            Notice::Left(name, _) => self.with_name(Word::AgentLeft, name),
            Notice::TakenOver(name) => self.with_name(Word::AgentTakesOver, name),
            Notice::WaitingAgain => self.say(Word::WaitingAgain),
            Notice::File(file) => self.say_with(Word::AgentSentFile, &[("name", &file.name)]),
            Notice::Server { text, .. } => AttrValue::from(text.clone()),
            Notice::Concluded(reason) => self.say(concluded(reason)),
        }
    }

    /// When a message was sent, by its time in ms since 1970.
    pub(crate) fn sent_at(&self, epoch_millis: i64) -> AttrValue {
        let time = intl::clock_time(&self.tag, epoch_millis);
        self.say_with(Word::SentAt, &[("time", &time)])
    }

    /// A time of day, of ms since 1970.
    pub(crate) fn time(&self, epoch_millis: i64) -> String {
        intl::clock_time(&self.tag, epoch_millis)
    }

    /// A day, of ms since 1970.
    pub(crate) fn day(&self, epoch_millis: i64) -> String {
        intl::day(&self.tag, epoch_millis)
    }

    /// What an agent is called, also one whose name was not told.
    pub(crate) fn agent_name(&self, name: &str) -> AttrValue {
        if name.is_empty() {
            self.say(Word::AnAgent)
        } else {
            AttrValue::from(name.to_owned())
        }
    }

    fn with_name(&self, word: Word, name: &str) -> AttrValue {
        self.say_with(word, &[("name", &self.agent_name(name))])
    }
}

/// A headline and a sentence below it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) title: Word,
    pub(crate) more: Word,
}

const fn told(title: Word, more: Word) -> Told {
    Told { title, more }
}

/// Minutes up to an hour and a half, then hours; 0 minutes is less than one.
fn rounded(seconds: u32) -> (Word, u32) {
    match seconds {
        0..60 => (Word::ExpectedMinutes, 0),
        60..5_400 => (Word::ExpectedMinutes, (seconds / 30).div_ceil(2)),
        _ => (Word::ExpectedHours, (seconds / 1_800).div_ceil(2)),
    }
}

/// What the agent who leads is doing.
pub(crate) fn activity(agent: &Agent) -> Word {
    if agent.connection != ConnectionState::Active {
        return Word::AgentDisconnected;
    }
    match agent.activity {
        ActivityMode::Responding => Word::AgentWriting,
        ActivityMode::Researching => Word::AgentResearching,
        ActivityMode::Away => Word::AgentAway,
        ActivityMode::None | ActivityMode::Listening | ActivityMode::Unknown(_) => Word::AgentHere,
    }
}

/// Whether the agent sees what is typed.
pub(crate) fn sneak_preview(preview: &SneakPreview) -> Word {
    match preview.state() {
        SneakPreviewState::Enabled if preview.is_allowed() => Word::PreviewOn,
        SneakPreviewState::Enabled => Word::PreviewTurnedOff,
        SneakPreviewState::Disabled => Word::PreviewOff,
        SneakPreviewState::SiteUnavailable => Word::PreviewOffOnSite,
        SneakPreviewState::ServiceUnavailable => Word::PreviewUnavailable,
        SneakPreviewState::None | SneakPreviewState::Unknown(_) => Word::PreviewNone,
    }
}

/// Why the conversation is over.
fn concluded(reason: &DisconnectReason) -> Word {
    match reason {
        DisconnectReason::AgentConcluded => Word::EndedByAgent,
        DisconnectReason::EndUserConcluded => Word::EndedByVisitor,
        DisconnectReason::QueueTimeout => Word::EndedAfterQueueing,
        DisconnectReason::IdleTimeout => Word::EndedWhenIdle,
        DisconnectReason::Ejected => Word::EndedByService,
        DisconnectReason::ParticipantLeft => Word::EndedByLostConnection,
        DisconnectReason::NoAgentsAvailable => Word::EndedWithoutAgents,
        DisconnectReason::TransferredToQueue => Word::EndedByTransfer,
        DisconnectReason::None | DisconnectReason::Unknown(_) => Word::Ended,
    }
}

/// What the survey asks.
pub(crate) fn survey_title(conclusion: &Conclusion) -> Word {
    if conclusion.agent.is_some() {
        Word::Survey
    } else {
        Word::SurveyWhyLeft
    }
}

/// The state of a message that needs a word; `None` where the time says enough.
pub(crate) fn delivery(delivery: Delivery, is_waiting: bool) -> Option<Word> {
    Some(match delivery {
        Delivery::Queued | Delivery::Sending => Word::Sending,
        Delivery::Accepted if is_waiting => Word::WaitsForAgent,
        Delivery::Accepted => return None,
        Delivery::Unknown => Word::DeliveryUnknown,
        Delivery::Failed(PostFailure::LeadLeft) => Word::NotDeliveredAgentLeft,
        Delivery::Failed(PostFailure::TakenForAbuse) => Word::NotDeliveredAbuse,
        Delivery::Failed(PostFailure::Refused) => Word::NotDeliveredRefused,
        Delivery::Failed(PostFailure::Over) => Word::NotDeliveredOver,
    })
}

/// Why there is no conversation.
pub(crate) fn failure(failure: &Failure) -> Told {
    use Word::TryingAgainMayHelp;
    match failure {
        Failure::NoSession(SessionRefused::NotConfigured) | Failure::NoAddress => {
            told(Word::NotSetUp, Word::NotSetUpMore)
        }
        Failure::NoSession(SessionRefused::Unavailable) => told(Word::NoPass, Word::NoPassMore),
        Failure::NoSession(SessionRefused::Unreadable) => told(Word::NoPass, Word::WrongPassMore),
        Failure::BadRequest => told(Word::NotUnderstood, Word::NotUnderstoodMore),
        Failure::TokenRefused => told(Word::PassRefused, Word::PassRefusedMore),
        Failure::NotFound => told(Word::ServiceNotFound, Word::ServiceNotFoundMore),
        Failure::TimedOut => told(Word::ServiceSlow, Word::ServiceSlowMore),
        Failure::Dequeued | Failure::NotStarted(ResultType::FailRuleDequeue) => {
            told(Word::NoChatForThis, Word::NoChatForThisMore)
        }
        Failure::ServerError => told(Word::ServiceFault, Word::ServiceFaultMore),
        Failure::UnexpectedStatus(_) | Failure::Unreadable => {
            told(Word::UnknownAnswer, TryingAgainMayHelp)
        }
        Failure::NotStarted(ResultType::FailOutOfHours) => told(Word::Closed, Word::ClosedMore),
        Failure::NotStarted(ResultType::FailHoliday) => told(Word::Holiday, Word::HolidayMore),
        Failure::NotStarted(ResultType::FailNoAgentsAvail) => {
            told(Word::NoAgents, Word::NoAgentsMore)
        }
        Failure::NotStarted(ResultType::ExistingSession) => {
            told(Word::ChatExists, Word::ChatExistsMore)
        }
        Failure::NotStarted(_) => told(Word::NotStarted, TryingAgainMayHelp),
        Failure::Unreachable => told(Word::Unreachable, Word::UnreachableMore),
        Failure::Interrupted => told(Word::Interrupted, Word::InterruptedMore),
        Failure::SessionLost => told(Word::Disconnected, Word::DisconnectedMore),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

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
        let told: BTreeSet<_> = failures.iter().map(failure).collect();
        assert_eq!(told.len(), failures.len());
    }

    #[test]
    fn each_reason_has_its_own_words() {
        let told: BTreeSet<_> = DisconnectReason::ALL.iter().map(concluded).collect();
        assert_eq!(told.len(), DisconnectReason::ALL.len());
    }

    #[test]
    fn waits_are_rounded_to_what_one_says() {
        assert_eq!(rounded(0), (Word::ExpectedMinutes, 0));
        assert_eq!(rounded(59), (Word::ExpectedMinutes, 0));
        assert_eq!(rounded(60), (Word::ExpectedMinutes, 1));
        assert_eq!(rounded(89), (Word::ExpectedMinutes, 1));
        assert_eq!(rounded(91), (Word::ExpectedMinutes, 2));
        assert_eq!(rounded(5_399), (Word::ExpectedMinutes, 90));
        assert_eq!(rounded(5_400), (Word::ExpectedHours, 2));
        assert_eq!(rounded(u32::MAX), (Word::ExpectedHours, 1_193_046));
    }
}
