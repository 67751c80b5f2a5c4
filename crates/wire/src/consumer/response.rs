//! The server's responses to the requests of the consumer API, which is the visitor's side. (`queue.rs` has the responses
//! to `getQueueStats` and `getEngagementQueue`.) An *engagement* is one chat at the server. The *client id* identifies
//! the visitor's connection to the server in one engagement.
//!
//! In the tables below, the word before each JSON name, such as `maybe`, is the member's mode. The module `object`
//! explains the modes. In short: `required` must be present; `defaulted` has its type's default if it is absent;
//! `maybe` may be absent; `nullable` may be absent and is written as `null` if it has no value; `flat` means that the
//! members of the type stand directly in this object; and `twin` in a mode means that a number is sent twice, as `name`
//! and as the text `nameString`. `wire_enum!` adds the variant `Unknown` for any text that the table does not list.
//! `default_object!` implements `Default` for an object without required members. The attribute `proptest` tells the
//! property tests which values to generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use serde_json::Value;

use super::message::SystemMessage;
use crate::object::{default_object, wire_enum, wire_object};
use crate::vocabulary::SneakPreviewState;
use crate::{ClientId, EngagementId, Fields, Secret, ServiceTime, SurveyId, WireValue};

wire_object! {
    /// The members that every response in this file has: the visitor's client id, values that the server repeats from the
    /// request, and the times of processing. PAGE 001: the members in the response to `requestEngagement`. FOUND: some
    /// members in the other responses.
    pub struct Echo {
        /// The visitor's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The `clientRequestTime` of the request. It is `null` if the request had none.
        pub client_request_time: Option<String> = nullable "clientRequestTime",
        /// The `clientTransactionId` of the request. It is 0 if the request had none.
        pub client_transaction_id: i64 = defaulted_twin "clientTransactionId",
        /// When the server began to process the request.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished processing the request.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
    }
}
default_object!(Echo);

wire_enum! {
    /// The result of `requestEngagement`. PAGE 001 names SUCCESS as an example. INFERRED from the protocol that preceded
    /// this API: the other values.
    pub enum ResultType {
        /// The engagement was created.
        Success = "SUCCESS",
        /// The visitor already has an engagement.
        ExistingSession = "EXISTING_SESSION",
        /// The service is closed at this time of day.
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
    /// Response to `requestEngagement` (PAGE 001).
    pub struct RequestEngagementResponse {
        /// Whether the engagement was created, or the reason why it was not (PAGE 001).
        pub result_type: ResultType = required "resultType",
        /// The id of the engagement (PAGE 001). INFERRED: it is absent if `resultType` is not SUCCESS.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The id of the visitor's session. The client sends this id in the header `SessionId` of every later request.
        /// (PAGE 001.)
        pub session_id: Option<Secret> = maybe "sessionId",
        /// Whether the sneak preview (typed text that is shown to the agent before it is sent) is enabled (PAGE 001).
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms (PAGE 001).
        pub sneak_preview_interval: Option<i64> = maybe "sneakPreviewInterval",
        /// The id of the survey to show if the visitor cancels the engagement. It is 0 if there is no survey.
        /// (PAGE 001.)
        pub cancelled_survey_id: SurveyId = defaulted_twin "cancelledSurveyId",
        /// The authentication parameter in the address of the survey for a cancelled engagement. It is empty if there
        /// is no survey. (PAGE 001.)
        pub cancelled_survey_auth: String = defaulted "cancelledSurveyAuth",
        /// The id of the survey to show after a completed engagement. It is 0 if there is no survey. (PAGE 001.)
        pub completed_survey_id: SurveyId = defaulted_twin "completedSurveyId",
        /// The authentication parameter in the address of the survey after a completed engagement. It is empty if there
        /// is no survey. (PAGE 001.)
        pub completed_survey_auth: String = defaulted "completedSurveyAuth",
        /// The survey that the server sends by mail.
        pub delayed_survey: DelayedSurvey = flat,
        /// The members that every response has.
        pub echo: Echo = flat,
    }
}

impl RequestEngagementResponse {
    /// The response if no engagement has begun: it names no engagement, no session and no survey. (INFERRED)
    pub fn not_started(result_type: ResultType, echo: Echo) -> Self {
        Self {
            result_type,
            engagement_id: None,
            session_id: None,
            sneak_preview_state: None,
            sneak_preview_interval: None,
            cancelled_survey_id: SurveyId(0),
            cancelled_survey_auth: String::new(),
            completed_survey_id: SurveyId(0),
            completed_survey_auth: String::new(),
            delayed_survey: DelayedSurvey::default(),
            echo,
            unknown: Fields::default(),
        }
    }
}

wire_object! {
    /// The survey that the server sends by mail after a delay. PAGE 001 describes four members (the id as a number and as a
    /// text, the authentication parameter, the delay) and does not name them. INFERRED: the names, from the members'
    /// positions in the alphabetical list of PAGE 001.
    pub struct DelayedSurvey {
        /// The id of the survey. It is 0 or absent if there is no survey.
        pub id: Option<SurveyId> = maybe_twin "sendSurveyId",
        /// The authentication parameter of the survey. It is empty or absent if there is no survey.
        pub auth: Option<String> = maybe "sendSurveyAuth",
        /// The delay before the survey is sent, in s.
        pub delay_seconds: Option<i64> = maybe "sendSurveyDelay",
    }
}
default_object!(DelayedSurvey);

/// A survey that the visitor is asked to answer about an engagement. A response names a survey only if the id is not 0
/// *and* the authentication parameter is not empty ("you will need both", says PAGE 001).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The id of the survey. It is never 0.
    pub id: SurveyId,
    /// The authentication parameter, which is part of the survey's address. It is never empty, and is the same for every
    /// visitor.
    pub auth: String,
}

impl Survey {
    /// The survey with this id and this authentication parameter. `None` if either value means *no survey*.
    fn new(id: SurveyId, auth: &str) -> Option<Self> {
        (id.0 != 0 && !auth.is_empty()).then(|| Self {
            id,
            auth: auth.to_owned(),
        })
    }
}

impl RequestEngagementResponse {
    /// The survey to show after an engagement that the visitor or the agent ended. `None` if there is no survey.
    pub fn completed_survey(&self) -> Option<Survey> {
        Survey::new(self.completed_survey_id, &self.completed_survey_auth)
    }

    /// The survey to show after an engagement that the visitor abandoned or cancelled. `None` if there is no survey.
    pub fn cancelled_survey(&self) -> Option<Survey> {
        Survey::new(self.cancelled_survey_id, &self.cancelled_survey_auth)
    }

    /// The survey that the server sends by mail later. `None` if there is no survey.
    ///
    /// We had to assume the names of this survey's members. If the member with the assumed name is absent, the function
    /// uses an undeclared member whose name contains `survey` and ends in `Id`, `IdString` or `Auth`.
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

    /// The value of the first undeclared member that can be read as `T` and whose name contains `survey` and ends in
    /// `ending`. `None` if there is none. Upper and lower case in the name are not distinguished. `ending` is in lower
    /// case.
    fn unknown_survey_member<T: WireValue>(&self, ending: &str) -> Option<T> {
        self.unknown.0.iter().find_map(|(name, value)| {
            let lowercase = name.to_ascii_lowercase();
            let is_match = lowercase.contains("survey") && lowercase.ends_with(ending);
            is_match.then(|| T::read(value)).flatten()
        })
    }
}

wire_object! {
    /// Response to `getMessages` (FOUND).
    pub struct GetMessagesResponse {
        /// The messages, in the order in which the server sent them. The list is empty if none arrived within 30 s.
        #[cfg_attr(test, proptest(strategy = "crate::tests::few()"))]
        pub system_messages: Vec<SystemMessage> = defaulted "systemMessages",
        /// The server's errors. Oracle's own sample reads this member, but the form of its elements is not documented.
        #[cfg_attr(test, proptest(value = "Vec::new()"))]
        pub error_messages: Vec<Value> = defaulted "errorMessages",
        /// The members that every response has. INFERRED.
        pub echo: Echo = flat,
    }
}
default_object!(GetMessagesResponse);

wire_object! {
    /// Response to `postMessage`. INFERRED: its members.
    ///
    /// The status 200 does not mean that the message reaches the agent. If the server's spam rule stops a message, the
    /// status is 200 too, and a later system message reports the stop. (FOUND.)
    pub struct PostMessageResponse {
        /// The members that every response has.
        pub echo: Echo = flat,
    }
}
default_object!(PostMessageResponse);

wire_object! {
    /// Response to `concludeEngagement` (FOUND).
    pub struct ConcludeEngagementResponse {
        /// The members that every response has.
        pub echo: Echo = flat,
    }
}
default_object!(ConcludeEngagementResponse);

wire_object! {
    /// Response to `activity` (FOUND). INFERRED: the members about the sneak preview have its current settings.
    pub struct ActivityResponse {
        /// Whether the sneak preview is now enabled.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The minimum time between two sneak previews, in ms.
        pub sneak_preview_interval: Option<i64> = maybe_twin "sneakPreviewInterval",
        /// The members that every response has.
        pub echo: Echo = flat,
    }
}
default_object!(ActivityResponse);
