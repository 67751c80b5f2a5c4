//! The answers of the consumer API.

use serde_json::Value;

use super::message::SystemMessage;
use crate::object::{default_object, wire_enum, wire_object};
use crate::vocabulary::SneakPreviewState;
use crate::{ClientId, EngagementId, Secret, ServiceTime, SurveyId, WireValue};

wire_object! {
    /// The members that every answer of the consumer API has: parts of the request, and when it was
    /// processed. PAGE 001; for the other operations FOUND in part.
    pub struct Echo {
        /// The client id of the consumer.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The `clientRequestTime` of the request; `null` if it had none.
        pub client_request_time: Option<String> = nullable "clientRequestTime",
        /// The `clientTransactionId` of the request; 0 if it had none.
        pub client_transaction_id: i64 = defaulted_twin "clientTransactionId",
        /// When the server began to process the request.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished processing the request.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
    }
}
default_object!(Echo);

wire_enum! {
    /// The result of `requestEngagement`. PAGE 001 names SUCCESS ("for example"); the others are INFERRED
    /// from the older protocol.
    pub enum ResultType {
        /// The engagement was created.
        Success = "SUCCESS",
        /// The visitor already has an engagement.
        ExistingSession = "EXISTING_SESSION",
        /// The service is closed at this hour.
        FailOutOfHours = "FAIL_OUT_OF_HOURS",
        /// The service is closed on this holiday.
        FailHoliday = "FAIL_HOLIDAY",
        /// No agent is available.
        FailNoAgentsAvail = "FAIL_NO_AGENTS_AVAIL",
        /// A routing rule took the engagement out of the queue.
        FailRuleDequeue = "FAIL_RULE_DEQUEUE",
    }
}

wire_object! {
    /// Answer of `requestEngagement`. PAGE 001.
    pub struct RequestEngagementResponse {
        /// Whether the engagement was created, or why not. PAGE 001.
        pub result_type: ResultType = required "resultType",
        /// The id of the engagement. PAGE 001. Absent if `resultType` is not SUCCESS (INFERRED).
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The consumer's session, which every later request sends in the header `SessionId`. PAGE 001.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// Whether the sneak preview is enabled. PAGE 001.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms. PAGE 001.
        pub sneak_preview_interval: Option<i64> = maybe "sneakPreviewInterval",
        /// The survey for an engagement that the visitor cancelled; 0 if there is none. PAGE 001.
        pub cancelled_survey_id: SurveyId = defaulted_twin "cancelledSurveyId",
        /// The authentication parameter of the cancelled survey; empty if there is none. PAGE 001.
        pub cancelled_survey_auth: String = defaulted "cancelledSurveyAuth",
        /// The survey for a completed engagement; 0 if there is none. PAGE 001.
        pub completed_survey_id: SurveyId = defaulted_twin "completedSurveyId",
        /// The authentication parameter of the completed survey; empty if there is none. PAGE 001.
        pub completed_survey_auth: String = defaulted "completedSurveyAuth",
        /// The survey that is sent by mail. PAGE 001 describes its members and does not name them.
        pub delayed_survey: DelayedSurvey = flat,
        /// What the answer repeats of the request.
        pub echo: Echo = flat,
    }
}

wire_object! {
    /// The survey that the server sends by mail after a delay. PAGE 001 describes four members and
    /// names none; the names are INFERRED from their position in its alphabetical list.
    pub struct DelayedSurvey {
        /// The id of the survey; 0 or absent if there is none.
        pub id: Option<SurveyId> = maybe_twin "sendSurveyId",
        /// The authentication parameter of the survey; empty or absent if there is none.
        pub auth: Option<String> = maybe "sendSurveyAuth",
        /// The delay before the survey is sent, in s.
        pub delay_seconds: Option<i64> = maybe "sendSurveyDelay",
    }
}
default_object!(DelayedSurvey);

/// A survey of an engagement. It exists only if its id is not 0 *and* its authentication parameter is not
/// empty ("you will need both", PAGE 001).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The id of the survey, never 0.
    pub id: SurveyId,
    /// The authentication parameter, never empty. It is the same for every visitor of the survey.
    pub auth: String,
}

impl Survey {
    fn new(id: SurveyId, auth: &str) -> Option<Self> {
        (id.0 != 0 && !auth.is_empty()).then(|| Self {
            id,
            auth: auth.to_owned(),
        })
    }
}

impl RequestEngagementResponse {
    /// The survey for an engagement that the visitor or the agent ended.
    pub fn completed_survey(&self) -> Option<Survey> {
        Survey::new(self.completed_survey_id, &self.completed_survey_auth)
    }

    /// The survey for an engagement that the visitor abandoned or cancelled.
    pub fn cancelled_survey(&self) -> Option<Survey> {
        Survey::new(self.cancelled_survey_id, &self.cancelled_survey_auth)
    }

    /// The survey that is sent by mail later. The names of its members are inferred, so unknown members
    /// are tried as well if their names contain `survey` and end in `Id`, `IdString` or `Auth`.
    pub fn delayed_survey(&self) -> Option<Survey> {
        let inferred = &self.delayed_survey;
        let id = inferred
            .id
            .or_else(|| self.unknown_survey_member("idstring"))
            .or_else(|| self.unknown_survey_member("id"))?;
        let auth = inferred
            .auth
            .clone()
            .or_else(|| self.unknown_survey_member("auth"))?;
        Survey::new(id, &auth)
    }

    /// The first unknown member with a name that contains `survey` and has this ending, in lower case.
    fn unknown_survey_member<T: WireValue>(&self, ending: &str) -> Option<T> {
        self.unknown.0.iter().find_map(|(name, value)| {
            let lowercase = name.to_ascii_lowercase();
            let is_match = lowercase.contains("survey") && lowercase.ends_with(ending);
            is_match.then(|| T::read(value)).flatten()
        })
    }
}

wire_object! {
    /// Answer of `getMessages`. FOUND.
    pub struct GetMessagesResponse {
        /// The messages, in the order of the batch. Empty if there was none within 30 s.
        #[cfg_attr(test, proptest(strategy = "crate::tests::few()"))]
        pub system_messages: Vec<SystemMessage> = defaulted "systemMessages",
        /// Errors. Oracle's own sample reads this member; the form of its elements is unknown.
        #[cfg_attr(test, proptest(value = "Vec::new()"))]
        pub error_messages: Vec<Value> = defaulted "errorMessages",
        /// What the answer repeats of the request. INFERRED.
        pub echo: Echo = flat,
    }
}
default_object!(GetMessagesResponse);

wire_object! {
    /// Answer of `postMessage` and `concludeEngagement`. FOUND in part.
    ///
    /// The status 200 does not mean *delivered*: the server also sends it for a text that its spam rule
    /// stopped, and reports the stop in a system message. FOUND.
    pub struct Accepted {
        /// What the answer repeats of the request.
        pub echo: Echo = flat,
    }
}
default_object!(Accepted);

wire_object! {
    /// Answer of `activity`. FOUND; that it refreshes the sneak preview is INFERRED.
    pub struct ActivityResponse {
        /// Whether the sneak preview is enabled now.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms.
        pub sneak_preview_interval: Option<i64> = maybe_twin "sneakPreviewInterval",
        /// What the answer repeats of the request.
        pub echo: Echo = flat,
    }
}
default_object!(ActivityResponse);
