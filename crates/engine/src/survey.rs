//! Decides which survey is offered when an engagement (a chat at the server) ends, and makes the address of
//! the survey's form.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. INFERRED: our assumption.

use pipit_untrusted_text::MAX_ADDRESS_BYTES;
use pipit_wire::EngagementId;
use pipit_wire::consumer::{RequestEngagementResponse, Survey};
use pipit_wire::url::encode_path_segment;
use pipit_wire::vocabulary::DisconnectReason;

use crate::address::is_safe;

/// The template from which the address of a survey is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyTemplate {
    /// The value of `{survey_base}`: the start of every address at the *service site* (the customer's site with
    /// its help pages), for example `https://help.example`. It must be configured, because the chat API does not
    /// name that site. With `None`, the default template gives no links.
    pub base: Option<String>,
    /// The address, with the placeholders `{survey_base}`, `{survey_id}`, `{engagement_id}` and `{auth}` (the
    /// authentication parameter, a text that the server sends with the id of the survey).
    pub template: String,
}

impl Default for SurveyTemplate {
    /// The address that Oracle recommends for widgets. The numbers 5, 6, 7 and 12 in it are keys: each is
    /// followed by its value. The values are the survey, the table (223 means chats), the row in that table,
    /// and the authentication.
    fn default() -> Self {
        let template =
            "{survey_base}/ci/documents/detail/5/{survey_id}/6/223/7/{engagement_id}/12/{auth}";
        Self {
            base: None,
            template: template.to_owned(),
        }
    }
}

/// The surveys that the answer to `requestEngagement` names. A survey that it does not name is `None`.
#[derive(Debug)]
pub(crate) struct Surveys {
    /// Offered after a chat that either side has completed.
    pub(crate) completed: Option<Survey>,
    /// Offered after a chat that the visitor has abandoned or cancelled.
    pub(crate) cancelled: Option<Survey>,
    /// The server sends it to the visitor by mail after the engagement; the widget never offers it.
    pub(crate) delayed: Option<Survey>,
}

impl Surveys {
    /// The surveys in the answer to `requestEngagement`, without those whose address would be too long.
    pub(crate) fn new(answer: &RequestEngagementResponse) -> Self {
        let bounded =
            |survey: Option<Survey>| survey.filter(|survey| survey.auth.len() <= MAX_ADDRESS_BYTES);
        Self {
            completed: bounded(answer.completed_survey()),
            cancelled: bounded(answer.cancelled_survey()),
            delayed: bounded(answer.delayed_survey()),
        }
    }

    /// The survey to offer when the engagement ends for this reason; `None` if no survey is offered. The *completed*
    /// survey is for a chat that either side has completed, and the *cancelled* survey for a chat that the visitor has
    /// abandoned or cancelled (PAGE 001). A chat counts as abandoned if the visitor ends it before an agent has joined,
    /// if nobody writes for too long, or if a participant leaves and no other remains (INFERRED). After any other end,
    /// for example if the visitor was ejected or no agent was available, no survey is offered. `had_agent` is whether
    /// an agent ever joined the chat, even if no agent took part when it ended.
    pub(crate) fn offered(&self, reason: &DisconnectReason, had_agent: bool) -> Option<&Survey> {
        match reason {
            DisconnectReason::AgentConcluded => self.completed.as_ref(),
            DisconnectReason::EndUserConcluded if had_agent => self.completed.as_ref(),
            DisconnectReason::EndUserConcluded
            | DisconnectReason::IdleTimeout
            | DisconnectReason::ParticipantLeft => self.cancelled.as_ref(),
            DisconnectReason::None
            | DisconnectReason::QueueTimeout
            | DisconnectReason::Ejected
            | DisconnectReason::TransferredToQueue
            | DisconnectReason::NoAgentsAvailable
            | DisconnectReason::Unknown(_) => None,
        }
    }
}

/// An address of a survey. The address is safe to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyLink(String);

impl SurveyLink {
    /// A link that was read from storage; `None` if its address is not safe.
    pub(crate) fn from_stored(url: String) -> Option<Self> {
        is_safe(&url).then_some(Self(url))
    }

    /// The address: https, or http on this machine.
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl SurveyTemplate {
    /// The link to a survey; `None` if its address is not safe, for example because the template needs `base` and
    /// `base` is `None`.
    pub(crate) fn link(&self, survey: &Survey, engagement: EngagementId) -> Option<SurveyLink> {
        let base = self.base.as_deref().unwrap_or_default();
        let url = fill(&self.template, |name| match name {
            "survey_base" => Some(base.trim_end_matches('/').to_owned()),
            "survey_id" => Some(encode_path_segment(&survey.id.to_string())),
            "engagement_id" => Some(encode_path_segment(&engagement.to_string())),
            "auth" => Some(encode_path_segment(&survey.auth)),
            _ => None,
        });
        is_safe(&url).then_some(SurveyLink(url))
    }
}

/// Replaces each `{name}` in the template for which `value` gives a text. Any other `{name}` stays as it is.
/// Inserted texts are not searched for names again.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, from_name)) = rest.split_once('{') {
        let Some((name, after)) = from_name.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&value(name).unwrap_or_else(|| format!("{{{name}}}")));
        rest = after;
    }
    filled + rest
}
