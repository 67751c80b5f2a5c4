//! Chooses the text for each state, failure and notice of the engine, and writes numbers, sizes and times as the
//! visitor's locale does.

use pipit_engine::{
    Agent, Conclusion, Delivery, Failure, Notice, PostFailure, SessionRefused, SneakPreview, Wait,
};
use pipit_untrusted_text::looks_like;
use pipit_wire::UnexpectedBody;
use pipit_wire::consumer::ResultType;
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, SneakPreviewState};
use yew::AttrValue;

use super::intl;
use super::isolate::left_to_right;
use super::text_key::TextKey;
use super::texts::Texts;

impl Texts {
    /// The sentence about the visitor's position in the queue.
    pub(crate) fn queue_position(&self, wait: &Wait) -> AttrValue {
        // Positions count from 1; the form for 0 is the text for an unknown position.
        self.plural(TextKey::Position, wait.position.unwrap_or(0))
    }

    /// The sentence about the expected time in the queue; `None` if the server has sent neither an expected nor an
    /// average time.
    pub(crate) fn expected_wait(&self, wait: &Wait) -> Option<AttrValue> {
        let seconds = wait.expected_seconds.or(wait.average_seconds)?;
        let (key, number) = rounded_wait(seconds);
        Some(self.plural(key, number))
    }

    /// A number with the locale's digits.
    pub(crate) fn number(&self, number: u32) -> String {
        intl::number(&self.tag, number)
    }

    /// The size of a file.
    pub(crate) fn file_size(&self, bytes: u64) -> String {
        intl::file_size(&self.tag, bytes)
    }

    /// The text of a notice in the transcript.
    pub(crate) fn notice(&self, notice: &Notice) -> AttrValue {
        match notice {
            Notice::Joined(name) => self.with_name(TextKey::AgentJoined, name),
            // A conferee is a further agent in the conversation.
            Notice::ConfereeJoined(name) => self.with_name(TextKey::AgentJoinedToo, name),
            Notice::Left(name, DisconnectReason::Ejected) => {
                self.with_name(TextKey::AgentRemoved, name)
            }
            Notice::Left(name, _) => self.with_name(TextKey::AgentLeft, name),
            Notice::LeadChanged(name) => self.with_name(TextKey::AgentTakesOver, name),
            Notice::Requeued => self.get(TextKey::WaitingAgain),
            Notice::Gap => self.get(TextKey::MayBeMissing),
            Notice::File(file) => self.format(
                TextKey::AgentSentFile,
                &[("name", &left_to_right(&self.file_name(&file.name)))],
            ),
            Notice::Server { text, .. } => AttrValue::from(text.clone()),
            Notice::Unreadable => self.get(TextKey::MessageUnreadable),
            Notice::Concluded(reason) => self.get(conclusion_key(reason)),
        }
    }

    /// The sentence that states when a message was sent; `epoch_millis` is that time in ms since 1970.
    pub(crate) fn sent_at(&self, epoch_millis: i64) -> AttrValue {
        let time = intl::clock_time(&self.time_formats, &self.tag, epoch_millis);
        self.format(TextKey::SentAt, &[("time", &time)])
    }

    /// The hours and minutes, in the visitor's time zone, of a time in ms since 1970.
    pub(crate) fn time(&self, epoch_millis: i64) -> String {
        intl::clock_time(&self.time_formats, &self.tag, epoch_millis)
    }

    /// The date, in the visitor's time zone, of a time in ms since 1970.
    pub(crate) fn day(&self, epoch_millis: i64) -> String {
        intl::day(&self.time_formats, &self.tag, epoch_millis)
    }

    /// An agent's name, or a general term if the server sent no name. A name that looks like the term for the visitor or
    /// like the title of the panel gets an addition, so that no agent can be taken for the visitor or for the service.
    pub(crate) fn agent_name(&self, name: &str) -> AttrValue {
        if name.is_empty() {
            return self.get(TextKey::AnAgent);
        }
        let own_names = [self.get(TextKey::You), self.title()];
        if own_names.iter().any(|own| looks_like(name, own)) {
            return self.format(TextKey::AgentNamed, &[("name", name)]);
        }
        AttrValue::from(name.to_owned())
    }

    /// The name of a file that an agent sent, or a general term if the server sent no name.
    pub(crate) fn file_name(&self, name: &str) -> AttrValue {
        if name.is_empty() {
            return self.get(TextKey::AFile);
        }
        AttrValue::from(name.to_owned())
    }

    /// A text with the agent's name filled in.
    fn with_name(&self, key: TextKey, name: &str) -> AttrValue {
        self.format(key, &[("name", &self.agent_name(name))])
    }
}

/// The two texts of a failure card.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FailureText {
    /// The headline.
    pub(crate) title: TextKey,
    /// The sentence below the headline.
    pub(crate) detail: TextKey,
}

const fn card_text(title: TextKey, detail: TextKey) -> FailureText {
    FailureText { title, detail }
}

/// Rounds a wait to minutes if it is shorter than an hour and a half, otherwise to hours. A wait of less than a minute
/// becomes 0 minutes. Returns the key of the text and the number to fill in.
fn rounded_wait(seconds: u32) -> (TextKey, u32) {
    // Half units (30 s or 1,800 s), divided by 2 and rounded up, are the nearest whole number of units.
    match seconds {
        0..60 => (TextKey::ExpectedMinutes, 0),
        60..5_400 => (TextKey::ExpectedMinutes, (seconds / 30).div_ceil(2)),
        _ => (TextKey::ExpectedHours, (seconds / 1_800).div_ceil(2)),
    }
}

/// The text that states what an agent is doing.
pub(crate) fn activity_key(agent: &Agent) -> TextKey {
    if agent.connection != ConnectionState::Active {
        return TextKey::AgentDisconnected;
    }
    match agent.activity {
        ActivityMode::Responding => TextKey::AgentWriting,
        ActivityMode::Researching => TextKey::AgentResearching,
        ActivityMode::Away => TextKey::AgentAway,
        ActivityMode::None | ActivityMode::Listening | ActivityMode::Unknown(_) => {
            TextKey::AgentHere
        }
    }
}

/// The text that states whether the agent sees what the visitor types. The server enables this; the visitor may
/// forbid it.
pub(crate) fn sneak_preview_key(preview: &SneakPreview) -> TextKey {
    match preview.state() {
        SneakPreviewState::Enabled if preview.is_allowed() => TextKey::PreviewOn,
        SneakPreviewState::Enabled => TextKey::PreviewTurnedOff,
        SneakPreviewState::Disabled => TextKey::PreviewOff,
        SneakPreviewState::SiteUnavailable => TextKey::PreviewOffOnSite,
        SneakPreviewState::ServiceUnavailable => TextKey::PreviewUnavailable,
        SneakPreviewState::None | SneakPreviewState::Unknown(_) => TextKey::PreviewNone,
    }
}

/// The text that states why the conversation has ended.
fn conclusion_key(reason: &DisconnectReason) -> TextKey {
    match reason {
        DisconnectReason::AgentConcluded => TextKey::EndedByAgent,
        DisconnectReason::EndUserConcluded => TextKey::EndedByVisitor,
        DisconnectReason::QueueTimeout => TextKey::EndedAfterQueueing,
        DisconnectReason::IdleTimeout => TextKey::EndedWhenIdle,
        DisconnectReason::Ejected => TextKey::EndedByService,
        DisconnectReason::ParticipantLeft => TextKey::EndedByLostConnection,
        DisconnectReason::NoAgentsAvailable => TextKey::EndedWithoutAgents,
        DisconnectReason::TransferredToQueue => TextKey::EndedByTransfer,
        DisconnectReason::None | DisconnectReason::Unknown(_) => TextKey::Ended,
    }
}

/// The headline of the survey card. If no agent joined, the survey asks why the visitor left the queue.
pub(crate) fn survey_title_key(conclusion: &Conclusion) -> TextKey {
    if conclusion.agent.is_some() {
        TextKey::Survey
    } else {
        TextKey::SurveyWhyLeft
    }
}

/// The text that states whether the visitor's message has arrived. `is_waiting` states that no agent has received
/// the message yet. A queued message has certainly not left; [`TextKey::WaitsForConnection`] says so while there is no
/// connection. Returns `None` for a message that an agent has received: its time is shown in place of this text.
pub(crate) fn delivery_key(delivery: Delivery, is_waiting: bool) -> Option<TextKey> {
    Some(match delivery {
        Delivery::Queued | Delivery::Sending => TextKey::Sending,
        Delivery::Accepted if is_waiting => TextKey::WaitsForAgent,
        Delivery::Accepted => return None,
        Delivery::Unknown => TextKey::DeliveryUnknown,
        Delivery::Failed(PostFailure::LeadLeft) => TextKey::NotDeliveredAgentLeft,
        Delivery::Failed(PostFailure::TakenForAbuse) => TextKey::NotDeliveredAbuse,
        Delivery::Failed(PostFailure::Refused) => TextKey::NotDeliveredRefused,
        Delivery::Failed(PostFailure::ConversationEnded) => TextKey::NotDeliveredOver,
    })
}

/// The texts that state why a conversation could not start, or was cut off. A *pass* in the names of the keys is the
/// token of a session.
pub(crate) fn failure_text(failure: &Failure) -> FailureText {
    use TextKey::TryingAgainMayHelp;
    match failure {
        Failure::NoSession(SessionRefused::NotConfigured) | Failure::NoAddress => {
            card_text(TextKey::NotSetUp, TextKey::NotSetUpMore)
        }
        Failure::NoSession(
            SessionRefused::Unavailable | SessionRefused::Unreadable(UnexpectedBody::Other),
        ) => card_text(TextKey::NoPass, TextKey::NoPassMore),
        Failure::NoSession(SessionRefused::Unreadable(body)) => {
            card_text(TextKey::NoPass, instead_text(*body, TextKey::WrongPassMore))
        }
        Failure::BadRequest => card_text(TextKey::NotUnderstood, TextKey::NotUnderstoodMore),
        Failure::TokenRefused => card_text(TextKey::PassRefused, TextKey::PassRefusedMore),
        Failure::NotFound => card_text(TextKey::ServiceNotFound, TextKey::ServiceNotFoundMore),
        Failure::TimedOut => card_text(TextKey::ServiceSlow, TextKey::ServiceSlowMore),
        Failure::Dequeued | Failure::NotStarted(ResultType::FailRuleDequeue) => {
            card_text(TextKey::NoChatForThis, TextKey::NoChatForThisMore)
        }
        Failure::ServerError => card_text(TextKey::ServiceFault, TextKey::ServiceFaultMore),
        Failure::UnexpectedBody(body) => card_text(
            TextKey::UnknownAnswer,
            instead_text(*body, TryingAgainMayHelp),
        ),
        Failure::UnexpectedStatus(_) => card_text(TextKey::UnknownAnswer, TryingAgainMayHelp),
        Failure::NotStarted(ResultType::FailOutOfHours) => {
            card_text(TextKey::Closed, TextKey::ClosedMore)
        }
        Failure::NotStarted(ResultType::FailHoliday) => {
            card_text(TextKey::Holiday, TextKey::HolidayMore)
        }
        Failure::NotStarted(ResultType::FailNoAgentsAvail) => {
            card_text(TextKey::NoAgents, TextKey::NoAgentsMore)
        }
        Failure::NotStarted(ResultType::ExistingSession) => {
            card_text(TextKey::ChatExists, TextKey::ChatExistsMore)
        }
        Failure::NotStarted(_) => card_text(TextKey::NotStarted, TryingAgainMayHelp),
        Failure::Unreachable => card_text(TextKey::Unreachable, TextKey::UnreachableMore),
        Failure::Interrupted => card_text(TextKey::Interrupted, TextKey::InterruptedMore),
        Failure::SessionLost => card_text(TextKey::Disconnected, TextKey::DisconnectedMore),
    }
}

/// The text that states what came instead of an answer. `other` is the text if that was neither a web page nor nothing.
fn instead_text(body: UnexpectedBody, other: TextKey) -> TextKey {
    match body {
        UnexpectedBody::Html => TextKey::PageInstead,
        UnexpectedBody::Empty => TextKey::NothingInstead,
        UnexpectedBody::OtherJson | UnexpectedBody::Other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Some failures share both texts on purpose. The list has one failure of each group that shares its texts; all
    /// results that have no text of their own form one group, for which `Success` stands here.
    #[test]
    fn each_failure_has_its_own_headline_or_sentence() {
        let failures = [
            Failure::NoSession(SessionRefused::Unavailable),
            Failure::NoSession(SessionRefused::Unreadable(UnexpectedBody::Html)),
            Failure::NoSession(SessionRefused::Unreadable(UnexpectedBody::OtherJson)),
            Failure::NoAddress,
            Failure::BadRequest,
            Failure::TokenRefused,
            Failure::NotFound,
            Failure::TimedOut,
            Failure::Dequeued,
            Failure::ServerError,
            Failure::UnexpectedBody(UnexpectedBody::Empty),
            Failure::UnexpectedBody(UnexpectedBody::Html),
            Failure::UnexpectedBody(UnexpectedBody::OtherJson),
            Failure::NotStarted(ResultType::ExistingSession),
            Failure::NotStarted(ResultType::FailOutOfHours),
            Failure::NotStarted(ResultType::FailHoliday),
            Failure::NotStarted(ResultType::FailNoAgentsAvail),
            Failure::NotStarted(ResultType::Success),
            Failure::Unreachable,
            Failure::SessionLost,
            Failure::Interrupted,
        ];
        let texts: BTreeSet<_> = failures.iter().map(failure_text).collect();
        assert_eq!(texts.len(), failures.len());
    }

    #[test]
    fn each_disconnect_reason_has_its_own_text() {
        let texts: BTreeSet<_> = DisconnectReason::ALL.iter().map(conclusion_key).collect();
        assert_eq!(texts.len(), DisconnectReason::ALL.len());
    }

    #[test]
    fn waits_are_rounded_to_whole_minutes_or_hours() {
        assert_eq!(rounded_wait(0), (TextKey::ExpectedMinutes, 0));
        assert_eq!(rounded_wait(59), (TextKey::ExpectedMinutes, 0));
        assert_eq!(rounded_wait(60), (TextKey::ExpectedMinutes, 1));
        assert_eq!(rounded_wait(89), (TextKey::ExpectedMinutes, 1));
        assert_eq!(rounded_wait(91), (TextKey::ExpectedMinutes, 2));
        assert_eq!(rounded_wait(5_399), (TextKey::ExpectedMinutes, 90));
        assert_eq!(rounded_wait(5_400), (TextKey::ExpectedHours, 2));
        assert_eq!(rounded_wait(u32::MAX), (TextKey::ExpectedHours, 1_193_046));
    }
}
