//! What the consumer is answered.

use serde_json::Value;

use super::SystemMessage;
use crate::object::{default_object, wire_enum, wire_object};
use crate::vocabulary::SneakPreviewState;
use crate::{ClientId, EngagementId, Secret, ServiceTime, SurveyId, WireValue};

wire_object! {
    /// What every answer of the consumer API repeats of its request. PAGE 001; for the other
    /// operations FOUND in part.
    pub struct Echo {
        /// The consumer's own client.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// `null` when the request had none.
        pub client_request_time: Option<String> = nullable "clientRequestTime",
        /// 0 when the request had none.
        pub client_transaction_id: i64 = defaulted_twin "clientTransactionId",
        /// When the server began.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
    }
}
default_object!(Echo);

wire_enum! {
    /// How `requestEngagement` came out. PAGE 001 names SUCCESS ("for example"); the others are
    /// INFERRED from the older protocol.
    pub enum ResultType {
        /// The engagement exists.
        Success = "SUCCESS",
        /// The visitor already has one.
        ExistingSession = "EXISTING_SESSION",
        /// Outside the hours of service.
        FailOutOfHours = "FAIL_OUT_OF_HOURS",
        /// A holiday.
        FailHoliday = "FAIL_HOLIDAY",
        /// Nobody is there.
        FailNoAgentsAvail = "FAIL_NO_AGENTS_AVAIL",
        /// A rule took it out of the queue.
        FailRuleDequeue = "FAIL_RULE_DEQUEUE",
    }
}

wire_object! {
    /// Answer of `requestEngagement`. PAGE 001.
    pub struct RequestEngagementResponse {
        /// How it came out. PAGE 001.
        pub result_type: ResultType = required "resultType",
        /// The engagement. PAGE 001. Absent where `resultType` is not SUCCESS (INFERRED).
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
        /// The consumer's session, sent as the header `SessionId` ever after. PAGE 001.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// PAGE 001.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// Least time between two previews, in ms. PAGE 001.
        pub sneak_preview_interval: Option<i64> = maybe "sneakPreviewInterval",
        /// 0 when there is no such survey. PAGE 001.
        pub cancelled_survey_id: SurveyId = defaulted_twin "cancelledSurveyId",
        /// Empty when there is no such survey. PAGE 001.
        pub cancelled_survey_auth: String = defaulted "cancelledSurveyAuth",
        /// 0 when there is no such survey. PAGE 001.
        pub completed_survey_id: SurveyId = defaulted_twin "completedSurveyId",
        /// Empty when there is no such survey. PAGE 001.
        pub completed_survey_auth: String = defaulted "completedSurveyAuth",
        /// The delayed survey. PAGE 001 describes it without names.
        pub delayed_survey: DelayedSurvey = flat,
        /// The request's labels.
        pub echo: Echo = flat,
    }
}

wire_object! {
    /// The survey that the server sends by mail after a delay. PAGE 001 describes four members and
    /// names none; the names are INFERRED from their place in its alphabetical list.
    pub struct DelayedSurvey {
        /// 0 or absent when there is no such survey.
        pub id: Option<SurveyId> = maybe_twin "sendSurveyId",
        /// Empty or absent when there is no such survey.
        pub auth: Option<String> = maybe "sendSurveyAuth",
        /// The delay, in s.
        pub delay_seconds: Option<i64> = maybe "sendSurveyDelay",
    }
}
default_object!(DelayedSurvey);

/// A survey of an engagement. It exists only with an id that is not 0 *and* an authentication that
/// is not empty ("you will need both", PAGE 001).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Its id, never 0.
    pub id: SurveyId,
    /// Its authentication parameter, never empty. The same for every visitor of one survey.
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
    /// The survey for an engagement that either side ended.
    pub fn completed_survey(&self) -> Option<Survey> {
        Survey::new(self.completed_survey_id, &self.completed_survey_auth)
    }

    /// The survey for an engagement that the visitor abandoned or cancelled.
    pub fn cancelled_survey(&self) -> Option<Survey> {
        Survey::new(self.cancelled_survey_id, &self.cancelled_survey_auth)
    }

    /// The survey that is sent by mail later, under the inferred names or others: unknown members
    /// whose names speak of a survey and end in `Id` (or `IdString`) and `Auth`.
    pub fn delayed_survey(&self) -> Option<Survey> {
        let named = &self.delayed_survey;
        let id = named
            .id
            .or_else(|| self.unknown_survey_member("idstring"))
            .or_else(|| self.unknown_survey_member("id"))?;
        let auth = named
            .auth
            .clone()
            .or_else(|| self.unknown_survey_member("auth"))?;
        Survey::new(id, &auth)
    }

    fn unknown_survey_member<T: WireValue>(&self, ending: &str) -> Option<T> {
        self.unknown.0.iter().find_map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            let fits = name.contains("survey") && name.ends_with(ending);
            fits.then(|| T::read(value)).flatten()
        })
    }
}

wire_object! {
    /// Answer of `getMessages`. FOUND.
    pub struct GetMessagesResponse {
        /// The messages, in the order of the batch. Empty when nothing came within 30 s.
        #[cfg_attr(test, proptest(strategy = "crate::tests::few()"))]
        pub system_messages: Vec<SystemMessage> = defaulted "systemMessages",
        /// Errors beside the messages; read by Oracle's own sample, shape unknown.
        #[cfg_attr(test, proptest(value = "Vec::new()"))]
        pub error_messages: Vec<Value> = defaulted "errorMessages",
        /// The request's labels. INFERRED.
        pub echo: Echo = flat,
    }
}
default_object!(GetMessagesResponse);

wire_object! {
    /// Answer of `postMessage` and `concludeEngagement`: the request's labels. FOUND in part.
    ///
    /// 200 does not mean *delivered*: a text stopped by the spam rule is answered so too, and a
    /// system message tells of it. FOUND.
    pub struct Accepted {
        /// The request's labels.
        pub echo: Echo = flat,
    }
}
default_object!(Accepted);

wire_object! {
    /// Answer of `activity`. FOUND; that it refreshes the sneak preview is INFERRED.
    pub struct ActivityResponse {
        /// The state now.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// Least time between two previews, in ms.
        pub sneak_preview_interval: Option<i64> = maybe_twin "sneakPreviewInterval",
        /// The request's labels.
        pub echo: Echo = flat,
    }
}
default_object!(ActivityResponse);
